"""Two parents on two phones, one in London and one in New York, in the weeks in which both clocks are put back.

Each is told once, at the evening of their own wall clock; what one answers to a message answers it for them alone, and
what one does about the lump counts for both.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from uuid import uuid4

import pytest

from tests.triage.rows import a_growing_lump, a_lump, an_account, judge
from tracking.models import Lump, Membership, User
from tracking.record import put_row
from tracking.record_kinds import OBSERVATION
from tracking.sync import synchronise
from triage.answers import acknowledge, notifications_of, snooze
from triage.models import Episode, Notification
from triage.steps import episodes_of, steps_of
from triage.sweep import sweep

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("mail_folder")]
LOGGED = datetime(2026, 10, 20, 12, tzinfo=UTC)  # London puts its clocks back on the 25th, New York on 1 November


@pytest.fixture(name="ada")
def _ada() -> User:
    return an_account("ada@example.org", time_zone="Europe/London")


@pytest.fixture(name="cal")
def _cal() -> User:
    return an_account("cal@example.org", time_zone="America/New_York")


def shared(lump: Lump, other: User, *, role: str = "owner") -> Lump:
    """From here on the other parent shares in it."""
    Membership.objects.create(user=other, person=lump.person, role=role)
    return lump


def checked(lump: Lump, by: User, *, at: datetime, **fields: object) -> None:
    document = {"lump": str(lump.pk), "observed_at": at.isoformat(), **fields}
    put_row(by, OBSERVATION, uuid4(), document, at=at)


def heard(user: User, kind: str = "seek_care") -> list[datetime]:
    """When this account was told, in UTC."""
    rows = Notification.objects.filter(user=user, kind=kind, state__in=("sent", "written"))
    return sorted(rows.values_list("due_at", flat=True))


def told_in_the_evening(lump: Lump, ada: User, cal: User) -> tuple[datetime, datetime]:
    """When each of the two was reminded of the check that is planned now, sweeping at every hour around that day."""
    episode = Episode.objects.get(lump=lump, finding="check", closed_at=None)
    assert episode.check_on is not None
    midnight = datetime.combine(episode.check_on, time(0), tzinfo=UTC)
    before = len(heard(ada, "check_due")), len(heard(cal, "check_due"))
    for hour in range(-6, 30):
        sweep(midnight + timedelta(hours=hour), is_played=True)
    (hers,) = heard(ada, "check_due")[before[0] :]  # once
    (his,) = heard(cal, "check_due")[before[1] :]
    return hers, his


def test_two_parents_on_two_phones_across_a_clock_change(ada: User, cal: User) -> None:
    lump = shared(a_lump(ada, at=LOGGED), cal)
    checked(lump, ada, at=LOGGED, length_mm=10)
    sweep(LOGGED, is_played=True)
    hers, his = told_in_the_evening(lump, ada, cal)
    assert hers == datetime(2026, 10, 27, 18, tzinfo=UTC)  # six in the evening in London: winter time since Sunday
    assert his == datetime(2026, 10, 27, 22, tzinfo=UTC)  # six in New York, where it still is summer time

    mine, theirs = (notifications_of(user).get(state="written") for user in (ada, cal))
    acknowledge(mine, answer="read", on=None, at=hers + timedelta(hours=5))
    theirs.refresh_from_db()
    assert (mine.acknowledged_at is not None, theirs.acknowledged_at) == (True, None)
    assert Episode.objects.get(pk=mine.episode_id).closed_at is None

    evening = datetime(2026, 10, 28, 22, 30, tzinfo=UTC)
    checked(lump, cal, at=evening, length_mm=10)
    pulled = synchronise(ada, cursor=None, operations=[], at=evening)["changes"]
    assert sum(change["type"] == "observation" for change in pulled) == 2  # what he logged is on her phone
    sweep(evening, is_played=True)
    assert Episode.objects.get(pk=mine.episode_id).closed_by == "checked"

    hers, his = told_in_the_evening(lump, ada, cal)
    assert (hers.hour, his - hers) == (18, timedelta(hours=5))  # winter time in both by now
    assert hers.date() > date(2026, 11, 1)


def test_advice_waits_for_the_morning_of_whoever_sleeps_and_for_nobody_else(ada: User, cal: User) -> None:
    breakfast = datetime(2026, 11, 20, 9, tzinfo=UTC)  # four at night in New York
    lump = shared(a_growing_lump(ada, at=breakfast), cal)
    judge(lump, breakfast)
    sweep(breakfast, is_played=True)
    assert (heard(ada), heard(cal)) == ([breakfast], [])
    sweep(breakfast.replace(hour=13), is_played=True)
    assert heard(cal) == [breakfast.replace(hour=13)]


def told_both(ada: User, cal: User, *, noon: datetime) -> tuple[Lump, Notification, Notification]:
    lump = shared(a_growing_lump(ada, at=noon), cal)
    judge(lump, noon)
    sweep(noon, is_played=True)
    return lump, notifications_of(ada).get(), notifications_of(cal).get()


def test_later_for_one_is_not_later_for_the_other(ada: User, cal: User) -> None:
    noon = datetime(2026, 11, 20, 16, tzinfo=UTC)
    _, hers, his = told_both(ada, cal, noon=noon)
    planned = Episode.objects.get(pk=his.episode_id).next_step_at
    assert planned is not None
    until = noon + timedelta(days=6)
    snooze(hers, until=until, at=noon)
    assert Episode.objects.get(pk=his.episode_id).next_step_at == planned
    for day in range(1, 8):
        sweep(noon + timedelta(days=day), is_played=True)
    assert [moment for moment in heard(ada) if noon < moment < until] == []
    assert any(noon < moment < until for moment in heard(cal))
    assert any(moment >= until for moment in heard(ada))


def test_what_one_has_booked_rests_both_and_who_looks_only_cannot_end_it(ada: User, cal: User) -> None:
    noon = datetime(2026, 11, 20, 16, tzinfo=UTC)
    lump, hers, his = told_both(ada, cal, noon=noon)
    acknowledge(his, answer="booked", on=noon.date() + timedelta(days=3), at=noon)
    episode = Episode.objects.get(pk=hers.episode_id)
    assert (episode.booked_on, episode.closed_at) == (noon.date() + timedelta(days=3), None)
    assert lump.care_events.filter(kind="booked").count() == 1
    acknowledge(hers, answer="seen", on=None, at=noon + timedelta(days=4))
    assert Episode.objects.get(pk=hers.episode_id).closed_by == "care"


def test_who_is_removed_gets_nothing_that_still_waits(ada: User, cal: User) -> None:
    breakfast = datetime(2026, 11, 20, 9, tzinfo=UTC)
    lump = shared(a_growing_lump(ada, at=breakfast), cal)
    judge(lump, breakfast)
    assert Notification.objects.filter(user=cal, state="waiting").exists()
    Membership.objects.filter(user=cal).delete()
    sweep(breakfast.replace(hour=13), is_played=True)
    assert heard(cal) == []
    assert not notifications_of(cal).exists()
    assert not episodes_of(cal).exists()


def test_who_comes_later_is_told_what_is_open_and_the_other_not_again(ada: User, cal: User) -> None:
    noon = datetime(2026, 11, 20, 16, tzinfo=UTC)
    lump = a_growing_lump(ada, at=noon)
    judge(lump, noon)
    sweep(noon, is_played=True)
    shared(lump, cal)
    Lump.objects.filter(pk=lump.pk).update(assess_after=noon)
    sweep(noon + timedelta(hours=1), is_played=True)
    assert (len(heard(ada)), len(heard(cal))) == (1, 1)


def test_each_plans_by_their_own_clock(ada: User, cal: User) -> None:
    noon = datetime(2026, 11, 20, 16, tzinfo=UTC)
    lump, _, _ = told_both(ada, cal, noon=noon)
    episode = Episode.objects.get(lump=lump, level="this_week")
    User.objects.filter(pk=cal.pk).update(quiet_from="00:00", quiet_to="23:00")
    cal.refresh_from_db()
    hers, his = ([one.due_at for one in steps_of(episode, user) if one.state == "planned"] for user in (ada, cal))
    assert hers
    assert all(mine < theirs for mine, theirs in zip(hers, his, strict=True))
