"""The field catalogue: sound as it stands, strict with answers, and honest about what is wrong with it."""

from __future__ import annotations

import copy
from datetime import UTC, date, datetime
from typing import Any

import pytest

from tracking import catalogue
from tracking.catalogue import FIELDS, GROUPS, check_answers, is_intimate, prove_catalogue
from tracking.errors import InvalidInput
from tracking.fields import Scope, fields_table

SIGNS: Scope = "observation.signs"


def slips(scope: Scope, answers: object) -> dict[str, list[str]]:
    with pytest.raises(InvalidInput) as wrong:
        check_answers(scope, answers)
    assert wrong.value.code == "invalid"
    return wrong.value.fields


def table() -> dict[str, Any]:  # Any: TOML, bent out of shape by the tests
    return copy.deepcopy(dict(fields_table()))


def test_the_catalogue_as_it_stands_has_no_problem() -> None:
    assert prove_catalogue() == []


def test_every_answer_of_the_right_type_is_taken_as_it_is() -> None:
    answers = {"fever": True, "red": False, "pain": 3, "temperature_c": 38.4, "trend": "bigger"}
    assert check_answers(SIGNS, answers) == answers


def test_null_is_not_asked_and_is_left_out() -> None:
    assert check_answers(SIGNS, {"fever": None, "trend": None, "pain": None, "red": False}) == {"red": False}


def test_a_misspelt_name_is_refused_with_the_name_that_was_meant() -> None:
    assert slips(SIGNS, {"feverr": True}) == {
        "signs.feverr": ["There is no field with this name. Did you mean fever?"],
    }


def test_a_misspelt_name_is_refused_even_when_nothing_was_answered() -> None:
    assert list(slips(SIGNS, {"sadle_numbness": None})) == ["signs.sadle_numbness"]


@pytest.mark.parametrize("value", [1, 0, "true", "yes", [], 1.0])
def test_a_flag_takes_true_and_false_and_nothing_else(value: object) -> None:
    assert list(slips(SIGNS, {"fever": value})) == ["signs.fever"]


@pytest.mark.parametrize("value", [True, False, "38.4", 29.9, 45.1, float("nan"), float("inf"), 10**400, [38]])
def test_a_number_is_a_number_within_its_limits(value: object) -> None:
    assert list(slips(SIGNS, {"temperature_c": value})) == ["signs.temperature_c"]


def test_a_number_is_kept_to_one_decimal() -> None:
    assert check_answers(SIGNS, {"temperature_c": 38.449}) == {"temperature_c": 38.4}


def test_a_scale_takes_whole_steps_only() -> None:
    assert list(slips(SIGNS, {"pain": 2.5})) == ["signs.pain"]
    assert check_answers(SIGNS, {"pain": 2.0}) == {"pain": 2}


@pytest.mark.parametrize("value", ["biger", "", 1, True, ["bigger"], {}])
def test_a_choice_takes_a_listed_word_and_says_which_there_are(value: object) -> None:
    assert "bigger, same, smaller" in slips(SIGNS, {"trend": value})["signs.trend"][0]


def test_a_date_is_read_from_text_or_taken_as_a_day() -> None:
    day = date(2026, 9, 19)
    assert check_answers("lump.background", {"cause_on": "2026-09-19"}) == {"cause_on": day}
    assert check_answers("lump.background", {"cause_on": day}) == {"cause_on": day}


@pytest.mark.parametrize(
    "value", ["2026-02-30", "19.9.2026", "2026-W38-6", "20260919", 20260919, datetime(2026, 9, 19, tzinfo=UTC)]
)
def test_what_is_no_day_is_refused(value: object) -> None:
    assert list(slips("lump.background", {"cause_on": value})) == ["background.cause_on"]


def test_all_slips_are_named_at_once_where_the_caller_says_they_are() -> None:
    with pytest.raises(InvalidInput) as wrong:
        check_answers(SIGNS, {"fever": 1, "pain": 11, "red": True}, where="observations.2.signs")
    assert set(wrong.value.fields) == {"observations.2.signs.fever", "observations.2.signs.pain"}


@pytest.mark.parametrize("answers", [[], "fever", 3, None])
def test_answers_that_are_no_object_are_refused(answers: object) -> None:
    assert list(slips(SIGNS, answers)) == ["signs"]


def test_a_field_of_another_scope_is_refused() -> None:
    assert list(slips("person.background", {"fever": True})) == ["background.fever"]


def test_only_the_answers_that_alarm_do() -> None:
    signs = FIELDS[SIGNS]
    assert signs["fever"].is_alarming(True)
    assert not signs["fever"].is_alarming(False)
    assert signs["pushes_back"].is_alarming(False)
    assert signs["trend"].is_alarming("bigger")
    assert not signs["trend"].is_alarming("same")
    assert signs["temperature_c"].is_alarming(38)
    assert not signs["temperature_c"].is_alarming(37.9)
    assert not signs["worried"].is_alarming(True)


def test_every_sign_that_can_alarm_either_grows_old_or_is_what_the_lump_feels_or_looks_like() -> None:
    felt_or_seen = {"consistency", "mobility", "pulsates", "irregular_shape", "irregular_colour"}
    forever = {name for name, one in FIELDS[SIGNS].items() if one.has_alarm and one.stands == "until_changed"}
    assert forever == felt_or_seen


def test_spans_run_from_hours_for_sudden_pain_to_three_days_for_fever_and_28_days() -> None:
    spans = {name: one.span_hours for name, one in FIELDS[SIGNS].items()}
    assert spans["pain_severe_sudden"] == 12
    assert spans["collapse"] == 12
    assert spans["fever"] == 72
    assert max(span for span in spans.values() if span) == 28 * 24


def test_the_chest_is_intimate_unless_the_sex_is_male() -> None:
    assert [is_intimate("chest", sex) for sex in ("female", "intersex", None, "male")] == [True, True, True, False]


def test_intimate_sites_are_those_promised() -> None:
    promised = {"breast", "groin", "buttock", "natal_cleft", "anus", "penis", "scrotum", "vulva"}
    assert promised == catalogue.INTIMATE_SITES
    assert all(is_intimate(site, "male") for site in promised)
    assert not is_intimate("forearm", None)


def test_emergencies_are_asked_first() -> None:
    assert next(iter(GROUPS)) == "very_unwell"


def test_every_field_is_on_a_screen_of_its_scope() -> None:
    assert {GROUPS[one.group].scope == scope for scope, known in FIELDS.items() for one in known.values()} == {True}


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"kind": "colour"}, "unknown kind colour"),
        ({"question": " "}, "needs question"),
        ({"group": "nowhere"}, "unknown group nowhere"),
        ({"group": "health"}, "another scope"),
        ({"sites": ["lower_bak"]}, "unknown sites lower_bak"),
        ({"span_hours": 673}, "span_hours from 1 to 672"),
        ({"stands": "until_changed"}, "needs span_hours if"),
        ({"alarming": ["yes"]}, "alarming answer that cannot be given"),
        ({"alarming": True}, "not a list"),
        ({"alarming": []}, "yet no answer to it alarms"),
        ({"reassuring": True}, "both alarming and reassuring"),
        ({"choices": {"a": "A"}}, "needs choices if it is a choice"),
        ({"kind": "number"}, "needs min and max"),
        ({"alarmming": [True]}, "unknown key alarmming"),
    ],
)
def test_a_mistake_in_a_field_is_named(change: dict[str, object], said: str) -> None:
    bent = table()
    bent["signs"]["fever"].update(change)
    assert any(problem.startswith("signs.fever: ") and said in problem for problem in prove_catalogue(bent))


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"ask": "some"}, "needs ask"),
        ({"scope": "signal"}, "needs scope"),
        ({"causes": ["stung"]}, "unknown causes stung"),
        ({"kinds": ["deeep"]}, "unknown kinds deeep"),
        ({"label": ""}, "needs a label"),
    ],
)
def test_a_mistake_in_a_group_is_named(change: dict[str, object], said: str) -> None:
    bent = table()
    bent["groups"]["skin"].update(change)
    assert any(problem.startswith("groups.skin: ") and said in problem for problem in prove_catalogue(bent))


def test_a_question_that_no_would_alarm_cannot_stand_on_a_screen_answered_by_none_of_these() -> None:
    bent = table()
    bent["groups"]["comes_and_goes"]["ask"] = "any"
    assert any("None of these" in problem for problem in prove_catalogue(bent))


def test_background_neither_grows_old_nor_alarms() -> None:
    bent = table()
    bent["person_background"]["diabetes"]["alarming"] = [True]
    assert any("background" in problem for problem in prove_catalogue(bent))


def test_a_missing_table_is_named() -> None:
    bent = table()
    del bent["signs"]
    assert prove_catalogue(bent) == ["fields.toml lacks the table [signs]"]


def test_a_site_and_a_comparison_are_proved_too() -> None:
    bent = table()
    bent["sites"]["knee"]["views"] = ["side"]
    bent["comparisons"]["pea"]["mm"] = 80
    assert [problem.split(":")[0] for problem in prove_catalogue(bent)] == ["sites.knee", "comparisons.pea"]
