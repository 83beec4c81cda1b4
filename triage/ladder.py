"""How often, and after how long, somebody is told again: counts and times as data, one row a level.

`STEPS[level]` holds the waits: the first message after the first wait (zero: at once), each further one that long after
the one before, while nobody has answered. Ends by itself after the last. `watch` is the reminder to check again:
on the day, then twice when overdue.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from types import MappingProxyType

LEVELS = (
    "emergency",
    "same_day",
    "next_day",
    "this_week",
    "routine",
    "watch",
)  # most urgent first (contract, section 2)
URGENT = ("emergency", "same_day")
LASTING = LEVELS[:4]  # stand until an answer, care or a closing ends them; what is below ends when it no longer holds

STEPS: Mapping[str, tuple[timedelta, ...]] = MappingProxyType(
    {
        "emergency": (timedelta(0), timedelta(hours=1), timedelta(hours=6), timedelta(hours=24)),
        "same_day": (timedelta(0), timedelta(hours=4), timedelta(hours=20), timedelta(days=2)),
        "next_day": (timedelta(0), timedelta(days=1), timedelta(days=2), timedelta(days=4)),
        "this_week": (timedelta(0), timedelta(days=3), timedelta(days=4), timedelta(days=7)),
        "routine": (timedelta(0), timedelta(days=7), timedelta(days=14)),
        "watch": (timedelta(0), timedelta(days=3), timedelta(days=7)),
    }
)

SNOOZE_AT_MOST: Mapping[str, timedelta] = MappingProxyType(  # contract, section 5
    {
        "emergency": timedelta(0),
        "same_day": timedelta(hours=4),
        "next_day": timedelta(hours=24),
        "this_week": timedelta(days=7),
        "routine": timedelta(days=7),
        "watch": timedelta(days=7),
    }
)

BOOKED_AT_MOST: Mapping[str, timedelta] = MappingProxyType(  # so long an appointment lets the ladder rest, then it asks
    {
        "emergency": timedelta(0),
        "same_day": timedelta(days=1),
        "next_day": timedelta(days=3),
        "this_week": timedelta(days=14),
        "routine": timedelta(days=90),
        "watch": timedelta(days=90),
    }
)

GROWTH_STAYS = timedelta(days=56)  # advice about growth stands until care, or until it was stable for this long


def is_stronger(level: str, than: str) -> bool:
    """Does `level` ask for more haste?"""
    return LEVELS.index(level) < LEVELS.index(than)


def wait_before(step: int, *, level: str) -> timedelta | None:
    """How long after the step before (counted from 1) this one comes; `None`: the ladder has ended."""
    waits = STEPS[level]
    return waits[step - 1] if step <= len(waits) else None
