"""What ends advice that stands: a mended entry, a cause, care, a closing; for routine advice also that it passed."""

from __future__ import annotations

from typing import Any

import pytest

from tests.triage.rows import NOON, a_lump, an_account, judge, told
from tests.triage.test_standing import (
    DAY,
    a_told_growth,
    answered,
    care,
    growth,
    judged_by_time,
    measured,
    shown,
    why,
)
from tracking.models import Observation, User
from tracking.record import change_row
from tracking.record_kinds import LUMP, OBSERVATION
from tracking.record_removal import delete_row

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("mail_folder")]


@pytest.fixture(name="ada")
def _ada() -> User:
    return an_account()


def test_an_entry_that_was_mended_takes_its_advice_along(ada: User) -> None:
    lump = a_told_growth(ada)
    slip = Observation.objects.filter(lump=lump)
    for row in slip:
        change_row(ada, OBSERVATION, row.pk, {"length_mm": 13}, at=NOON + DAY)
    judge(lump, NOON + DAY)
    assert growth(lump).closed_by == "contradicted"


def test_an_entry_that_was_deleted_takes_its_advice_along(ada: User) -> None:
    lump = a_lump(ada)
    answered(lump, day=0, hard_to_breathe=True)
    assert shown(lump, day=0)["standing_level"] == "emergency"
    delete_row(ada, OBSERVATION, Observation.objects.get(lump=lump).pk, at=NOON + DAY)
    judge(lump, NOON + DAY)
    assert shown(lump, day=1)["standing"] == []


def test_a_cause_that_is_recorded_later_contradicts_unexplained(ada: User) -> None:
    lump = a_lump(ada, site="neck", first_noticed_on="2026-11-01")
    judge(lump, NOON)
    assert why(lump, "neck-45", day=0) == ("holds", [])
    change_row(ada, LUMP, lump.pk, {"background": {"cause": "infection"}}, at=NOON + DAY)
    judge(lump, NOON + DAY)
    assert why(lump, "neck-45", day=1) is None


@pytest.mark.parametrize("kind", ["seen", "diagnosis", "discharged", "treated", "removed"])
def test_care_ends_what_stands(ada: User, kind: str) -> None:
    lump = a_told_growth(ada)
    for day in (7, 14):
        measured(lump, 14, day=day)
    care(ada, lump, kind, day=15)
    assert shown(lump, day=15)["standing"] == []
    assert growth(lump).closed_by == "care"


@pytest.mark.parametrize("fields", [{"kind": "booked"}, {"kind": "told"}, {"kind": "seen", "confirmed": False}])
def test_care_that_has_not_happened_ends_nothing(ada: User, fields: dict[str, Any]) -> None:  # Any: JSON
    lump = a_told_growth(ada)
    for day in (7, 14):
        measured(lump, 14, day=day)
    care(ada, lump, day=15, **fields)
    assert why(lump, "growing-adult", day=15) == ("growth", [])


def test_closing_ends_what_stands_and_reopening_brings_back_what_still_holds(ada: User) -> None:
    lump = a_told_growth(ada)
    change_row(ada, LUMP, lump.pk, {"closed_on": "2026-11-22", "closed_reason": "stopped"}, at=NOON + 2 * DAY)
    judge(lump, NOON + 2 * DAY)
    assert growth(lump).closed_by == "lump_closed"
    assert shown(lump, day=2)["standing_level"] == "watch"
    measured(lump, 23, day=9)
    assert growth(lump).closed_at is None
    assert shown(lump, day=9)["standing_level"] == "this_week"


def test_a_closing_on_a_day_that_lies_ahead_ends_nothing_yet(ada: User) -> None:
    lump = a_told_growth(ada)
    for day in (7, 14):
        measured(lump, 14, day=day)
    change_row(ada, LUMP, lump.pk, {"closed_on": "2026-12-24", "closed_reason": "stopped"}, at=NOON + 15 * DAY)
    judge(lump, NOON + 15 * DAY)
    assert growth(lump).closed_at is None


def test_an_emergency_outlives_its_span_but_not_a_closing(ada: User) -> None:
    lump = a_lump(ada)
    answered(lump, day=0, hard_to_breathe=True)
    judged_by_time(lump, day=3)
    page = shown(lump, day=3)
    assert page["level"] != "emergency"
    assert page["standing_level"] == "emergency"
    assert why(lump, "airway", day=3) == ("unanswered", ["hard_to_breathe"])
    change_row(ada, LUMP, lump.pk, {"closed_on": "2026-11-24", "closed_reason": "stopped"}, at=NOON + 4 * DAY)
    judge(lump, NOON + 4 * DAY)
    assert shown(lump, day=4)["standing"] == []


def test_routine_advice_ends_when_it_no_longer_holds_and_what_was_not_sent_is_cancelled(ada: User) -> None:
    lump = a_lump(ada, first_noticed_on="2026-10-01")
    judge(lump, NOON)
    (intent,) = told(lump)
    assert intent.level == "routine"
    change_row(ada, LUMP, lump.pk, {"first_noticed_on": "2026-11-19"}, at=NOON + DAY)
    judge(lump, NOON + DAY)
    intent.refresh_from_db()
    assert intent.state == "cancelled"
    assert intent.episode.closed_by == "passed"
    assert shown(lump, day=1)["standing"] == []
