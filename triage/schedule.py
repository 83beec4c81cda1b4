"""Wall time and zone → instants: reminders at the hour people chose, on every day of every zone, and never at night.

Plain Python. Days are counted as dates, never as 24 hours, so a clock change moves nothing. A wall time that a clock
change skips becomes the next minute that exists; one that happens twice means the first.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

REMINDER_TIME = time(18, 0)  # a check needs a quiet moment at home
FOLLOW_UP_TIME = time(10, 0)  # a question about an appointment can be answered at once


@dataclass(frozen=True, slots=True)
class QuietHours:
    """From `start` until just before `end` by the wall clock, over midnight where `start` is later. Equal: none."""

    start: time
    end: time

    def hold(self, wall: time) -> bool:
        """Is this wall time quiet?"""
        if self.start <= self.end:
            return self.start <= wall < self.end
        return wall >= self.start or wall < self.end


NIGHT = QuietHours(time(21, 0), time(8, 0))  # for those who chose none, and only for what the passing of time caused


def zone_named(name: str | None) -> ZoneInfo:
    """The IANA zone, or UTC where there is none or its name is unknown here: a late message beats a lost one."""
    try:
        return ZoneInfo(name or "UTC")
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return ZoneInfo("UTC")


def instant_at(day: date, wall: time, zone: ZoneInfo) -> datetime:
    """The UTC instant of `wall` on `day` in `zone`: the first of two, or the first minute after a gap."""
    local = datetime.combine(day, wall, tzinfo=zone)
    instant = local.astimezone(UTC)
    if instant.astimezone(zone).replace(tzinfo=None) == local.replace(tzinfo=None):
        return instant
    return _end_of_gap(local.replace(fold=1).astimezone(UTC), instant, zone)


def _end_of_gap(early: datetime, late: datetime, zone: ZoneInfo) -> datetime:
    """The minute at which the offset changes between two instants around a gap."""
    before = early.astimezone(zone).utcoffset()
    while late - early > timedelta(minutes=1):
        middle = early + (late - early) / 2
        middle = middle.replace(second=0, microsecond=0)
        if middle <= early:
            break
        if middle.astimezone(zone).utcoffset() == before:
            early = middle
        else:
            late = middle
    return late.replace(second=0, microsecond=0)


def after_quiet(instant: datetime, *, zone: ZoneInfo, quiet: QuietHours | None) -> datetime:
    """`instant`, or the end of the quiet hours it falls in. Quiet hours move a message; they never cancel it."""
    if quiet is None:
        return instant
    local = instant.astimezone(zone)
    wall = local.time()
    if not quiet.hold(wall):
        return instant
    day = local.date() if wall < quiet.end else local.date() + timedelta(days=1)
    moved = instant_at(day, quiet.end, zone)
    if moved < instant:  # the clock was put back during the quiet hours: their second end is meant
        moved = datetime.combine(day, quiet.end, tzinfo=zone).replace(fold=1).astimezone(UTC)
    return max(moved, instant)
