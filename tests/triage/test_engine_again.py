"""When to look next, and when to judge again although nothing was logged."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from tests.triage.histories import AT, care, check, day, judged
from triage.rulebook import load_rulebook

ALL_TOLD = {"cause": "none", "kind": "under_skin"}  # nothing open that only some days allow
BOOK = load_rulebook()


def test_the_next_check_is_not_daily_and_does_not_move_by_itself() -> None:
    first = judged(check(1), noticed=5)
    later = judged(check(1), noticed=5, at=AT + timedelta(days=3))
    assert first.next_check_on == later.next_check_on == (AT + timedelta(days=6)).date()


def test_it_asks_again_exactly_when_the_two_weeks_are_over() -> None:
    result = judged(check(1), noticed=10, born="1990-01-01")
    assert result.reassess_at == datetime(2026, 6, 19, tzinfo=UTC)


def test_it_asks_again_when_an_alarm_grows_old() -> None:
    result = judged(check(1, fever=True), noticed=20, born="1990-01-01", background=ALL_TOLD)
    assert result.reassess_at == AT + timedelta(hours=48)


def test_every_level_asks_for_its_own_next_check() -> None:
    days = {
        "emergency": judged(check(0, confusion=True)),
        "same_day": judged(check(0, back_pain=True), site="lower_back"),
        "next_day": judged(check(0, trend="bigger"), born="2020-01-01"),
        "this_week": judged(check(0, trend="bigger")),
        "routine": judged(check(0), noticed=30),
    }
    asked = {level: (one.level, one.next_check_on) for level, one in days.items()}
    in_days = {"emergency": 2, "same_day": 2, "next_day": 7, "this_week": 7, "routine": 14}
    assert asked == {level: (level, (AT + timedelta(days=days)).date()) for level, days in in_days.items()}


@pytest.mark.parametrize(("noticed", "step"), [(27, 7), (28, 28), (364, 28), (365, 91), (None, 7)])
def test_a_lump_that_is_watched_is_looked_at_less_often_with_time(noticed: int | None, step: int) -> None:
    """A visit with a review far ahead rests the routine advice."""
    rest = (care(0, review_on=day(-400)),)
    result = judged(check(0, pain=0), noticed=noticed, care=rest)
    assert result.level == "watch"
    assert result.next_check_on == (AT + timedelta(days=step)).date()


def test_without_any_check_the_next_one_is_counted_from_the_day_of_noticing() -> None:
    assert judged(noticed=3).next_check_on == (AT + timedelta(days=4)).date()


def test_closed_as_gone_asks_for_one_look_and_closed_otherwise_for_none() -> None:
    gone: dict[str, Any] = {"closed_on": day(3), "closed_reason": "gone"}  # Any: JSON
    stopped: dict[str, Any] = {"closed_on": day(3), "closed_reason": "stopped"}  # Any: JSON
    assert judged(check(5), noticed=40, **gone).next_check_on == (AT + timedelta(days=25)).date()
    assert judged(check(5), noticed=40, **stopped).next_check_on is None


def test_a_closing_ahead_is_the_moment_of_asking_again() -> None:
    result = judged(check(1), noticed=30, born=None, background=ALL_TOLD, closed_on=day(-4), closed_reason="stopped")
    assert result.level == "routine"
    assert result.reassess_at == datetime(2026, 6, 19, tzinfo=UTC)


def test_care_ahead_is_the_moment_of_asking_again() -> None:
    result = judged(check(1), noticed=30, born=None, background=ALL_TOLD, care=(care(-2),))
    assert result.level == "routine"
    assert result.reassess_at == datetime(2026, 6, 17, tzinfo=UTC)


def test_a_birthday_that_matters_is_the_moment_of_asking_again() -> None:
    result = judged(check(0, trend="bigger"), born="2001-06-20", noticed=1, zone="Europe/Berlin")
    assert result.level == "next_day"
    assert result.reassess_at == datetime(2026, 6, 19, 22, tzinfo=UTC)
    assert (
        judged(check(0, trend="bigger"), born="2001-06-20", noticed=1, at=AT + timedelta(days=5)).level == "this_week"
    )


def test_a_second_reading_is_asked_for_before_the_next_check() -> None:
    sizes = [12, 12, 12, 12, 17]
    checks = [check(28 - 7 * week, length_mm=mm, method="ruler", number=week) for week, mm in enumerate(sizes)]
    result = judged(*checks, noticed=40, care=(care(20, review_on=day(-90)),))
    assert result.confirm_by is not None
    assert result.next_check_on == min(result.confirm_by, (AT + timedelta(days=28)).date())
