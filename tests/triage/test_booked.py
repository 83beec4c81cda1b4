"""An appointment written down on the Care screen lets the ladder rest as the answer to a message does."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID, uuid4

import pytest

from tests.triage.rows import NOON, a_growing_lump, an_account, judge, told
from tests.triage.weeks import day
from tracking.models import Lump, User
from tracking.record import change_row, put_row
from tracking.record_kinds import CARE
from tracking.record_removal import delete_row
from triage.models import Episode

pytestmark = pytest.mark.django_db

LATER = NOON + timedelta(hours=1)


@pytest.fixture
def ada() -> User:
    return an_account()


@pytest.fixture
def lump(ada: User) -> Lump:
    """Something growing, and its person has been told."""
    lump = a_growing_lump(ada, at=NOON)
    judge(lump, NOON)
    return lump


def book(user: User, lump: Lump, *, days: int, **fields: object) -> UUID:
    care = uuid4()
    document = {"lump": str(lump.pk), "on": day(days).date().isoformat(), "kind": "booked", **fields}
    put_row(user, CARE, care, document, at=LATER)
    return care


def episode_of(lump: Lump) -> Episode:
    return Episode.objects.get(lump=lump, level="this_week", closed_at=None)


def test_the_ladder_rests_until_the_day_after(ada: User, lump: Lump) -> None:
    before = episode_of(lump)
    book(ada, lump, days=6)
    judge(lump, LATER)
    after = episode_of(lump)
    assert (before.booked_on, after.booked_on) == (None, day(6).date())
    assert after.next_step_at == day(7).replace(hour=10)
    assert {(row.answer, row.acknowledged_at) for row in told(lump)} == {("booked", LATER)}
    assert judge(lump, day(6))
    assert len(told(lump)) == 1, "it was repeated although it was booked"
    judge(lump, day(7))
    assert {row.step for row in told(lump)} == {1, 2}


def test_it_rests_no_longer_than_the_level_bears(ada: User, lump: Lump) -> None:
    book(ada, lump, days=80)
    judge(lump, LATER)
    assert episode_of(lump).next_step_at == LATER + timedelta(days=14)


def test_another_day_moves_the_rest_and_none_ends_it(ada: User, lump: Lump) -> None:
    usual = episode_of(lump).next_step_at
    care = book(ada, lump, days=6)
    judge(lump, LATER)
    change_row(ada, CARE, care, {"on": day(9).date().isoformat()}, at=LATER)
    judge(lump, LATER + timedelta(minutes=1))
    assert episode_of(lump).next_step_at == day(10).replace(hour=10)
    delete_row(ada, CARE, care, at=LATER)
    judge(lump, LATER + timedelta(minutes=2))
    assert (episode_of(lump).booked_on, episode_of(lump).next_step_at) == (None, usual)


@pytest.mark.parametrize("fields", [{"days": -3}, {"days": 6, "kind": "told"}, {"days": 6, "confirmed": False}])
def test_what_is_no_appointment_to_come_rests_nothing(ada: User, lump: Lump, fields: dict[str, object]) -> None:
    usual = episode_of(lump).next_step_at
    book(ada, lump, **fields)  # type: ignore[arg-type]  # days among them
    judge(lump, LATER)
    assert (episode_of(lump).booked_on, episode_of(lump).next_step_at) == (None, usual)


def test_what_was_booked_before_it_was_found_says_nothing_about_it(ada: User) -> None:
    lump = a_growing_lump(ada, at=LATER)
    book(ada, lump, days=6)
    judge(lump, LATER)
    assert episode_of(lump).booked_on is None


def test_an_emergency_rests_for_no_appointment(ada: User, lump: Lump) -> None:
    Episode.objects.filter(pk=episode_of(lump).pk).update(level="emergency")
    usual = Episode.objects.get(level="emergency").next_step_at
    book(ada, lump, days=6)
    judge(lump, LATER)
    assert Episode.objects.get(level="emergency").next_step_at == usual
