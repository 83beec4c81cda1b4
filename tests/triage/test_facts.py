"""Named facts: what is known, what is missing, and when time alone changes it."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from tests.triage.histories import AT, care, check, history
from triage.facts import FACT_NAMES, Facts, months_later
from triage.facts.fact import Answer, Condition, Fact, all_hold, answer, any_holds, opposite

YES, NO, BLANK = Answer(True), Answer(False), Answer(None, missing=("fever",))


def facts(*checks: dict[str, Any], **fields: Any) -> Facts:  # Any: JSON
    return Facts(history(*checks, **fields), AT)


def value(name: str, *checks: dict[str, Any], **fields: Any) -> object:  # Any: JSON
    return facts(*checks, **fields)[name].value


def test_every_recordable_field_is_a_fact() -> None:
    assert {"sign.fever", "lump.cause", "person.anticoagulant", "lump.days", "fever"} <= FACT_NAMES


@pytest.mark.parametrize(
    ("answers", "both", "either"),
    [
        ((YES, YES), True, True),
        ((YES, NO), False, True),
        ((YES, BLANK), None, True),
        ((NO, BLANK), False, None),
        ((NO, NO), False, False),
        ((BLANK, BLANK), None, None),
    ],
)
def test_three_valued_logic_is_kleene_s(answers: tuple[Answer, ...], both: bool | None, either: bool | None) -> None:
    assert all_hold(answers).truth is both
    assert any_holds(answers).truth is either
    assert all_hold(reversed(answers)).truth is both
    assert any_holds(reversed(answers)).truth is either


def test_not_known_stays_not_known_when_turned_round() -> None:
    assert [opposite(one).truth for one in (YES, NO, BLANK)] == [False, True, None]


def test_a_no_holds_as_long_as_any_of_its_noes_does() -> None:
    soon, late = AT + timedelta(days=1), AT + timedelta(days=9)
    noes = (Answer(False, until=soon), Answer(False, until=late))
    assert all_hold(noes).until == late
    assert any_holds(noes).until == soon
    assert all_hold((*noes, NO)).until is None


def test_a_count_of_days_says_when_it_crosses() -> None:
    days = facts(check(1), noticed=10)["lump.days"]
    assert answer(Condition("lump.days", ">=", 14), days).until == datetime(2026, 6, 19, tzinfo=UTC)
    assert answer(Condition("lump.days", ">", 14), days).until == datetime(2026, 6, 20, tzinfo=UTC)
    assert answer(Condition("lump.days", ">=", 5), days).until is None


def test_a_blank_is_not_known_and_says_what_to_ask() -> None:
    blank = facts(check(1))["sign.fever"]
    assert (blank.value, blank.missing) == (None, ("fever",))


def test_an_alarming_answer_is_known_until_its_span_is_over() -> None:
    fever = facts(check(1, fever=True))["sign.fever"]
    assert fever.value is True
    assert fever.until == AT - timedelta(days=1) + timedelta(hours=72)
    assert value("sign.fever", check(3.1, fever=True)) is None
    assert value("sign.fever", check(300, fever=False)) is False


def test_fever_is_felt_or_measured() -> None:
    assert value("fever", check(fever=True)) is True
    assert value("fever", check(temperature_c=38)) is True
    assert value("fever", check(temperature_c=37.9)) is False
    assert value("fever", check()) is None
    assert value("fever", check(5, fever=True, temperature_c=37)) is None


def test_the_thermometer_decides_over_the_feeling() -> None:
    assert value("fever.measured_38", check(fever=True, temperature_c=37.9)) is False
    assert value("fever.measured_38", check(fever=True)) is True


def test_days_count_from_the_first_entry_where_nothing_else_is_known() -> None:
    assert value("lump.days", check(6), check(2), noticed=None) == 6
    assert facts(noticed=None)["lump.days"].missing == ("first_noticed_on",)


def test_the_size_is_the_longest_side_at_the_last_measured_check() -> None:
    assert (
        value(
            "lump.size_mm",
            check(5, length_mm=20, method="ruler"),
            check(1, length_mm=18, width_mm=25, method="ruler"),
            check(0),
        )
        == 25
    )


def test_a_slip_downwards_does_not_make_a_large_lump_small() -> None:
    checks = [check(number * 7, length_mm=52, method="ruler") for number in range(6, 0, -1)]
    assert value("lump.size_mm", *checks, check(0, length_mm=5.2, method="ruler"), noticed=90) == pytest.approx(
        52, abs=1
    )


def test_saying_bigger_is_enough_and_saying_same_is_an_answer() -> None:
    assert value("lump.growing", check(trend="bigger")) is True
    assert value("lump.growing", check(trend="same")) is False
    assert value("lump.growing", check()) is None
    assert value("lump.growing", check(40, trend="bigger")) is None


def test_a_suspicion_is_enough_in_a_child_but_leaves_an_adult_open() -> None:
    sizes = [check(7 * weeks, length_mm=18, method="ruler") for weeks in range(6, 0, -1)]
    jump = check(0, length_mm=30, method="ruler", trend="same")
    assert value("lump.growing", *sizes, jump, noticed=60, born="2016-01-01") is True
    assert value("lump.growing", *sizes, jump, noticed=60, born="1976-01-01") is None


def test_the_later_of_thermometer_and_feeling_says_whether_there_is_fever() -> None:
    hot, cool = check(1, temperature_c=39), check(1, temperature_c=36.8)
    assert value("fever", hot, check(fever=False)) is False
    assert value("fever.measured_38", cool, check(fever=True)) is True
    assert value("fever.measured_38", hot, check(fever=False)) is False
    assert value("fever", check(1, fever=True), check(temperature_c=36.8)) is True


def test_the_days_of_a_sore_count_while_it_is_open_or_bleeds() -> None:
    assert value("sore.days", check(ulcer=False, bleeding=True, ulcer_days=30)) == 30
    assert value("sore.days", check(ulcer=False, bleeding=False, ulcer_days=30)) == 0
    assert value("sore.days", check(30, clear_leak=True), check(25, clear_leak=True), check(clear_leak=True)) == 30


def test_weight_is_lost_by_word_or_by_number_but_not_where_it_was_meant() -> None:
    assert value("weight_loss.any", check(weight_loss_percent=5)) is True
    assert value("weight_loss.any", check(weight_loss=True, weight_loss_percent=2)) is True
    assert value("weight_loss.any", check(weight_loss=False, weight_loss_percent=6)) is False


def test_the_crease_is_the_midline_unless_said_otherwise() -> None:
    assert value("lump.midline_spine", site="natal_cleft") is True
    assert value("lump.midline_spine", site="natal_cleft", side="left") is False


def test_a_dimple_is_not_simple_while_one_mark_was_not_asked() -> None:
    marks = dict.fromkeys(("hair_tuft", "skin_tag", "birthmark", "duplicated_cleft"), False)
    told = {"pit": True, "pit_base_seen": True, "pit_mm": 4, "pit_above_anus_mm": 9} | marks
    assert value("lump.simple_dimple", site="natal_cleft", side="midline", background=told) is True
    del told["hair_tuft"]
    assert value("lump.simple_dimple", site="natal_cleft", side="midline", background=told) is False


def test_the_midline_is_not_known_where_the_side_is_blank() -> None:
    assert value("lump.midline_spine", site="lower_back") is None
    assert value("lump.midline_spine", site="lower_back", side="midline") is True
    assert value("lump.midline_spine", site="forearm") is False


def test_the_seven_points_are_not_known_while_the_blanks_could_reach_three() -> None:
    assert value("mole.score", check(irregular_shape=True)) is None
    noes = dict.fromkeys(("size_change", "irregular_colour", "inflammation", "oozing", "sensation_change"), False)
    assert value("mole.score", check(irregular_shape=True, length_mm=6, method="ruler", **noes)) == 2
    assert value("mole.score", check(irregular_shape=True, length_mm=7, method="ruler", **noes)) == 3
    assert value("mole.score", check(irregular_shape=True, irregular_colour=True)) == 4


def test_a_sore_lasts_from_the_first_check_of_its_run() -> None:
    assert value("sore.days", check(20, ulcer=True), check(0, ulcer=True), noticed=40) == 20
    assert value("sore.days", check(20, ulcer=True), check(10, ulcer=False), check(0, ulcer=True), noticed=40) == 0
    assert value("sore.days", check(2, ulcer=True, ulcer_days=20), noticed=40) == 22


def test_weight_loss_under_five_per_cent_is_not_the_rule_s() -> None:
    assert value("weight_loss.matters", check(weight_loss=True, weight_loss_percent=4.9)) is False
    assert value("weight_loss.matters", check(weight_loss_percent=5)) is True
    assert value("weight_loss.matters", check(weight_loss=True)) is True
    assert value("weight_loss.matters", check(weight_loss=True, weight_loss_percent=3), born="1950") is True
    assert value("weight_loss.matters", check(weight_loss=True, weight_loss_percent=3), born=None) is None
    assert value("weight_loss.matters", check(weight_loss=False, weight_loss_percent=7)) is False


def test_what_was_removed_and_is_felt_again_six_weeks_later_came_back() -> None:
    assert value("lump.came_back", check(1, length_mm=8, method="ruler"), care=(care(60, "removed"),)) is True
    assert value("lump.came_back", check(30, length_mm=8, method="ruler"), care=(care(60, "removed"),)) is False


def test_growth_starts_afresh_after_removal() -> None:
    sizes = [check(100, length_mm=30, method="ruler"), check(2, length_mm=8, method="ruler")]
    assert facts(*sizes, noticed=120, care=(care(60, "removed"),)).growth.measurements == 1


def test_checks_within_the_hour_are_one_sitting() -> None:
    repeats = [
        check(1 + minutes / 1440, length_mm=size, method="ruler") for minutes, size in ((20, 19), (10, 21), (0, 20))
    ]
    assert facts(*repeats, check(20, length_mm=20, method="ruler"), noticed=30).growth.measurements == 2


@pytest.mark.parametrize(
    ("born", "months", "turned"),
    [
        (date(2026, 8, 23), 3, date(2026, 11, 23)),
        (date(2025, 11, 30), 3, date(2026, 3, 1)),
        (date(2024, 2, 29), 12, date(2025, 3, 1)),
        (date(2001, 12, 31), 300, date(2026, 12, 31)),
    ],
)
def test_an_age_is_reached_on_its_day(born: date, months: int, turned: date) -> None:
    assert months_later(born, months) == turned


def test_a_partial_birth_date_is_a_range() -> None:
    assert facts(born="2001").age_at_least_months(25 * 12) is None
    assert facts(born="2000").age_at_least_months(25 * 12) is True
    assert facts(born=None).age_at_least_months(1) is None


def test_a_fact_of_no_name_is_not_made_up() -> None:
    assert isinstance(facts()["lump.cause"], Fact)
    assert facts()["lump.cause"].missing == ("cause",)


def test_a_suspicion_that_a_fever_made_urgent_is_so_for_as_long_as_the_fever_counts() -> None:
    sizes = [check(28 - 7 * week, length_mm=mm, method="ruler", number=week) for week, mm in enumerate([12] * 4)]
    last = check(0, length_mm=17, method="ruler", number=9, fever=True)
    growing = Facts(history(*sizes, last, noticed=40, born="1980"), AT)["lump.growing"]
    assert growing.value is True
    assert growing.until == AT + timedelta(hours=72)
    calm = Facts(history(*sizes, last | {"signs": {}}, noticed=40, born="1980"), AT)["lump.growing"]
    assert calm.value is None
