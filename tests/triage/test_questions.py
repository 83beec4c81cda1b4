"""The urgent questions that nobody has answered are asked; those that were answered, or make no sense, are not."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest

from tracking.history import parse_history
from triage import engine
from triage.facts import Facts
from triage.facts.record import SIGNS
from triage.questions import questions_to_ask
from triage.rulebook import load_rulebook

AT = datetime(2026, 11, 20, 12, tzinfo=UTC)
NO_TO_ALL: dict[str, Any] = {
    name: False for name, field in SIGNS.items() if field.kind == "flag" and field.alarming == (True,)
}


def asked(
    *, site: str = "forearm", days_ago: float = 0, lump: dict[str, Any] | None = None, person: Any = None, **signs: Any
) -> list[str]:  # Any: JSON
    """What is asked at AT after one check."""
    observed_at = (AT - timedelta(days=days_ago)).isoformat()
    document = {
        "format": "lumptracker.history/1",
        "person": {"id": str(uuid4()), "birth_date": "1971-04-09", "sex": "female", **(person or {})},
        "lump": {"id": str(uuid4()), "site": site, "background": lump or {}},
        "observations": [{"id": str(uuid4()), "observed_at": observed_at, "signs": signs}],
    }
    history = parse_history(document, at=AT)
    assessment = engine.assess(history, AT).to_json()
    return questions_to_ask(assessment, Facts(history, AT), load_rulebook())


def test_what_an_emergency_rule_is_missing_is_asked_before_what_only_a_same_day_rule_is_missing() -> None:
    names = asked(site="neck")
    emergency = [name for name in ("hard_to_breathe", "drooling", "chest_pain") if name in names]
    same_day = [name for name in ("pain_at_night", "weight_loss") if name in names]
    assert emergency
    assert same_day
    assert max(map(names.index, emergency)) < min(map(names.index, same_day))


def test_no_is_not_asked_again_however_long_ago() -> None:
    assert "hard_to_breathe" in asked()
    assert "hard_to_breathe" not in asked(days_ago=300, hard_to_breathe=False)


def test_an_alarm_that_grew_old_is_not_a_question_that_was_never_answered() -> None:
    assert "hard_to_breathe" not in asked(days_ago=30, hard_to_breathe=True)


def test_who_answered_everything_is_asked_nothing_that_has_a_yes_or_no() -> None:
    assert [name for name in asked(**NO_TO_ALL) if SIGNS[name].kind == "flag" and name in NO_TO_ALL] == []


def test_only_signs_with_an_alarming_answer_are_asked() -> None:
    assert [name for name in asked(site="groin", person={"birth_date": None}) if not SIGNS[name].has_alarm] == []


@pytest.mark.parametrize(("born", "is_asked"), [("2026-06-01", True), (None, True), ("2015", False), ("1971", False)])
def test_what_concerns_babies_is_asked_unless_the_person_is_surely_older(born: str | None, is_asked: bool) -> None:
    assert ("no_wet_nappy_12h" in asked(site="neck", person={"birth_date": born})) is is_asked


def test_a_question_of_another_place_is_not_asked() -> None:
    assert "saddle_numbness" not in asked(site="forearm")
    assert "saddle_numbness" in asked(site="lower_back")


@pytest.mark.parametrize(("cause", "is_asked"), [(None, True), ("unsure", True), ("sting", True), ("injury", False)])
def test_what_a_sting_does_is_asked_where_it_may_have_been_one(cause: str | None, is_asked: bool) -> None:
    lump = {"cause": cause} if cause else {}
    assert ("face_or_mouth_swelling" in asked(site="hand", lump=lump)) is is_asked


def test_each_question_is_asked_once() -> None:
    names = asked(site="neck")
    assert len(names) == len(set(names)) > 0
