"""Every zone of the world on each of 731 days: one reminder a chosen date, at its hour, and never at night.

The reminders are planned by the verbs that plan them in the product, for somebody who lives there. The oracle knows
nothing of how that is done: it asks a zone only for its offset, minute by minute around a change. Zones whose clocks
have agreed through all of it are asked once, and their names listed.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from itertools import pairwise
from zoneinfo import ZoneInfo, available_timezones

import pytest

from tests.triage.killing.seeded import a_day_is_24_hours
from tracking.models import Lump, User
from triage import reminders, telling
from triage.desk import Desk
from triage.judged import Judged
from triage.ladder import LADDER
from triage.leases import by_day
from triage.models import Episode, Notification
from triage.papers import Papers
from triage.reminders import CHECK, _plan_check
from triage.schedule import NIGHT, REMINDER_TIME, QuietHours, after_quiet, instant_at
from triage.telling import _due_at

DAYS = [date(2026, 1, 1) + timedelta(days=n) for n in range(731)]
SIX_HOURS, MINUTE = timedelta(hours=6), timedelta(minutes=1)
NASTY = (
    "Europe/London", "America/New_York", "America/St_Johns", "Australia/Lord_Howe", "Africa/Casablanca",
    "Africa/Cairo", "Antarctica/Troll", "Asia/Kathmandu", "Pacific/Apia", "Pacific/Kiritimati", "Asia/Gaza",
)  # fmt: skip
EARLY = QuietHours(time(1, 15), time(2, 15))  # ends inside the hour that many zones skip
NONE = QuietHours(time(0), time(0))

DESK = Desk()  # nobody puts it down

Plan = Callable[[date, time, ZoneInfo], datetime]


def moments_around(zone: ZoneInfo) -> Iterator[datetime]:
    """Every instant within the two years, and two days about them, at which the offset changes: to the minute."""
    moment = datetime.combine(DAYS[0], time(), tzinfo=UTC) - 2 * SIX_HOURS * 4
    while moment.date() <= DAYS[-1] + timedelta(days=2):
        after = moment + SIX_HOURS
        if offset(moment, zone) != offset(after, zone):
            yield from (
                probe + MINUTE
                for probe in (moment + MINUTE * n for n in range(360))
                if offset(probe, zone) != offset(probe + MINUTE, zone)
            )
        moment = after


def offset(moment: datetime, zone: ZoneInfo) -> timedelta:
    found = moment.astimezone(zone).utcoffset()
    assert found is not None
    return found


@cache
def clocks() -> dict[tuple[object, ...], list[str]]:
    """What a zone does within the two years → the zones that do so."""
    found: dict[tuple[object, ...], list[str]] = {}
    for name in sorted(available_timezones()):
        zone = ZoneInfo(name)
        changes = tuple(moments_around(zone))
        begins = offset(datetime.combine(DAYS[0], time(), tzinfo=UTC), zone)
        key = (begins, *((moment, offset(moment, zone)) for moment in changes))
        found.setdefault(key, []).append(name)
    return found


def one_of_each() -> list[str]:
    return [names[0] for names in clocks().values()]


@cache
def changes_of() -> dict[str, tuple[object, ...]]:
    return {name: key[1:] for key, names in clocks().items() for name in names}


def gap_that_swallows(day: date, wall: time, name: str) -> datetime | None:
    """The instant at which the clock jumps over this wall time on this day; None where the wall time exists."""
    zone, meant = ZoneInfo(name), datetime.combine(day, wall)
    for change in changes_of()[name]:
        assert isinstance(change, tuple)
        jump: datetime = change[0]
        before = (jump + offset(jump - MINUTE, zone)).replace(tzinfo=None)
        after = (jump + offset(jump, zone)).replace(tzinfo=None)
        if before <= meant < after:
            return jump
    return None


def slips(plan: Plan, wall: time, name: str) -> list[str]:
    """What is wrong with a plan of one reminder a day in a zone."""
    zone, found = ZoneInfo(name), []
    moments = [plan(day, wall, zone) for day in DAYS]
    found += [f"{name}: {early} is not before {late}" for early, late in pairwise(moments) if early >= late]
    for day, moment in zip(DAYS, moments, strict=True):
        local = moment.astimezone(zone)
        if local.replace(tzinfo=None, fold=0) == datetime.combine(day, wall):
            continue
        jump = gap_that_swallows(day, wall, name)
        if jump is None or moment != jump:
            found.append(f"{name}: {day} {wall} became {local}")
    return found


@cache
def who_lives_in(zone: str, quiet: QuietHours | None = None) -> tuple[Papers, Episode]:
    """Somebody with quiet hours of their own, or with none chosen, and the reminder that they get."""
    papers = Papers(Lump())
    papers.owners = [
        User(time_zone=zone, quiet_from=quiet.start if quiet else None, quiet_to=quiet.end if quiet else None)
    ]
    return papers, Episode(finding=CHECK, level="watch", step=1)


def reminded(who: tuple[Papers, Episode], day: date, *, delay: timedelta = timedelta(0)) -> datetime:
    """When a check that is due on `day` is asked for: planned two days before, told by the sweep of that evening."""
    papers, episode = who
    before = datetime.combine(day, time(), tzinfo=UTC) - timedelta(days=2)
    _plan_check(episode, day, Judged(papers, {}, {}, before, is_caused_now=False, desk=DESK))
    assert episode.check_on == day
    assert episode.next_step_at is not None
    judged = Judged(papers, {}, {}, episode.next_step_at, is_caused_now=False, desk=DESK)
    return _due_at(episode, papers.owners[0], judged, delay=delay)


def in_the_evening(day: date, _: time, zone: ZoneInfo) -> datetime:
    return reminded(who_lives_in(zone.key), day)


@pytest.mark.parametrize(
    ("plan", "wall"),
    [
        (in_the_evening, REMINDER_TIME),
        *((instant_at, wall) for wall in (time(0), time(1, 59), time(2, 30), time(10), time(23, 30))),
    ],
)
def test_each_chosen_date_has_one_reminder_at_its_hour_in_every_zone(plan: Plan, wall: time) -> None:
    assert [slip for name in one_of_each() for slip in slips(plan, wall, name)] == []


def test_a_product_that_plans_24_hours_later_is_found_out(monkeypatch: pytest.MonkeyPatch) -> None:
    """The sixth of the seeded bugs, in the product's own planning: no wall time is kept over a clock change."""
    for module in (reminders, telling):
        monkeypatch.setattr(module, "instant_at", a_day_is_24_hours)
    assert len(slips(in_the_evening, REMINDER_TIME, "Europe/London")) > 300
    assert slips(in_the_evening, REMINDER_TIME, "Asia/Kathmandu") == [], "whose clock is never changed"


@pytest.mark.parametrize(
    ("chosen", "delay"),
    [
        (None, LADDER["watch"].unopened),  # the mail of the next morning, at the very end of the night
        (QuietHours(time(17), time(2, 30)), timedelta(0)),  # over the evening, to where many zones have a gap
    ],
    ids=["the mail that follows", "quiet in the evening"],
)
def test_what_the_product_plans_is_never_quiet_time_and_once_a_date(
    chosen: QuietHours | None, delay: timedelta
) -> None:
    quiet = chosen or NIGHT
    for name in one_of_each():
        zone, who = ZoneInfo(name), who_lives_in(name, chosen)
        moments = [reminded(who, day, delay=delay) for day in DAYS]
        assert not any(quiet.hold(moment.astimezone(zone).time()) for moment in moments), name
        assert all(early < late for early, late in pairwise(moments)), name
        assert len({moment.astimezone(zone).date() for moment in moments}) == len(DAYS), name


def test_what_was_held_up_waits_for_the_next_morning_in_every_zone() -> None:
    for name in one_of_each():
        zone, row = ZoneInfo(name), Notification(user=who_lives_in(name)[0].owners[0], level="watch")
        mornings = [by_day(row, instant_at(day, time(21, 30), zone)).astimezone(zone) for day in DAYS]
        assert {morning.time() for morning in mornings} == {NIGHT.end}, name
        assert [morning.date() - timedelta(days=1) for morning in mornings] == DAYS, name


@pytest.mark.parametrize("quiet", [NIGHT, EARLY, NONE], ids=["night", "early", "none"])
@pytest.mark.parametrize("wall", [time(1, 30), time(18), time(23, 30)])
def test_none_of_them_falls_into_quiet_hours_or_is_lost_to_them(quiet: QuietHours, wall: time) -> None:
    for name in one_of_each():
        zone = ZoneInfo(name)
        wanted = [instant_at(day, wall, zone) for day in DAYS]
        moved = [after_quiet(moment, zone=zone, quiet=quiet) for moment in wanted]
        assert not any(quiet.hold(moment.astimezone(zone).time()) for moment in moved), name
        assert all(
            timedelta(0) <= late - early < timedelta(hours=26) for early, late in zip(wanted, moved, strict=True)
        )
        assert all(early < late for early, late in pairwise(moved)), name


def test_all_zones_are_there_and_the_nasty_ones_among_them() -> None:
    assert sum(len(names) for names in clocks().values()) >= 590
    assert set(NASTY) <= changes_of().keys()
    assert sum(bool(changes) for changes in changes_of().values()) > 150
