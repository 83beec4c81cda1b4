"""Days, instants and time zones as they come in text. Each reader raises ValueError; the caller says what to do."""

from __future__ import annotations

import calendar
import re
from datetime import UTC, date, datetime
from functools import lru_cache
from typing import TypeVar
from zoneinfo import ZoneInfo

from tracking.history_values import PartialDate

EARLIEST_YEAR, LATEST_YEAR = 1900, 2199  # outside it is a slip of the finger or a broken clock
Day = TypeVar("Day", bound=date)


class OutOfReachError(ValueError):
    """A day or an instant in a year that nobody means."""


_PARTIAL = re.compile(r"(\d{4})(?:-(\d{2})(?:-(\d{2}))?)?", re.ASCII)


def read_day(text: str) -> date:
    """YYYY-MM-DD. `fromisoformat` alone would take 20260920 and week dates too."""
    if len(text) != len("2026-09-20") or text[7] != "-":
        raise ValueError(text)
    return _within_reach(date.fromisoformat(text))


def read_instant(text: str) -> datetime:
    """ISO 8601 with an offset, as UTC: what was written twice in one zone's repeated hour stays two instants."""
    instant = datetime.fromisoformat(text)
    if instant.tzinfo is None:
        raise ValueError(text)
    _within_reach(instant)
    return instant if instant.tzinfo is UTC else instant.astimezone(UTC)


@lru_cache(maxsize=4096)
def read_partial_date(text: str) -> PartialDate:
    """YYYY, YYYY-MM or YYYY-MM-DD: the range of days it may be."""
    match = _PARTIAL.fullmatch(text)
    if match is None:
        raise ValueError(text)
    year, month, day = (int(part or 0) for part in match.groups())
    if not match[2]:
        return PartialDate(_within_reach(date(year, 1, 1)), date(year, 12, 31))
    if not match[3]:
        first = _within_reach(date(year, month, 1))
        return PartialDate(first, first.replace(day=calendar.monthrange(year, month)[1]))
    exact = _within_reach(date(year, month, day))
    return PartialDate(exact, exact)


@lru_cache(maxsize=1024)
def read_zone(name: str) -> ZoneInfo:
    """An IANA name."""
    try:
        return ZoneInfo(name)
    except (KeyError, OSError) as wrong:  # not found; the name of a folder
        raise ValueError(name) from wrong


def _within_reach(day: Day) -> Day:
    if not EARLIEST_YEAR <= day.year <= LATEST_YEAR:
        raise OutOfReachError(str(day))
    return day
