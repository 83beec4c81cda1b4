"""How often, after how long, by which ways and in which words somebody is told again: read from `ladder.toml`.

The waits follow each other while nobody has answered; a ladder ends by itself after its last step. Whoever then puts a
message off, or says for when it is booked, is told once more: only "seen" and "I will not act on this" end that.
`watch` is the reminder to check again: on the day, then twice when overdue.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path
from types import MappingProxyType
from typing import Any, Literal, get_args

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
GROWTH_STAYS = timedelta(days=56)  # advice about growth stands until care, or until it was stable for this long

Ways = Literal["all", "next"]
Words = Literal["check", "today", "now"]


@dataclass(frozen=True, slots=True)
class Step:
    """One time of telling. `tells_contact`: also the trusted contact, where there is one."""

    wait: timedelta
    ways: Ways
    words: Words
    tells_contact: bool


@dataclass(frozen=True, slots=True)
class Pace:
    """The ladder of one level."""

    steps: tuple[Step, ...]
    unopened: timedelta  # after which the next way follows, where a step takes one way at a time
    snooze_at_most: timedelta  # contract, section 5
    booked_at_most: timedelta  # so long an appointment lets the ladder rest; then it asks


def read_ladder(text: str) -> tuple[Mapping[str, Pace], int]:
    """Level → pace, and how many repetitions a day. Raises ValueError or KeyError on a slip."""
    table: dict[str, Any] = tomllib.loads(text)  # Any: TOML
    repeats_a_day = int(table.pop("everyone")["repeats_a_day"])
    if tuple(table) != LEVELS:
        raise ValueError(f"ladder.toml: the levels must be {', '.join(LEVELS)}, in this order")
    return MappingProxyType({level: _pace(level, row) for level, row in table.items()}), repeats_a_day


def is_stronger(level: str, than: str) -> bool:
    """Does `level` ask for more haste?"""
    return LEVELS.index(level) < LEVELS.index(than)


def step_of(level: str, number: int) -> Step | None:
    """The step with this number, counted from 1; `None`: the ladder has ended before it."""
    steps = LADDER[level].steps
    return steps[number - 1] if 1 <= number <= len(steps) else None


def told_as(level: str, number: int) -> Step:
    """How the step with this number is told. One past the end is the last once more, and tells no contact: it comes
    because somebody answered "later" or "booked"."""
    return step_of(level, number) or replace(LADDER[level].steps[-1], tells_contact=False)


def words_of(level: str, number: int) -> Words:
    """In which of the three texts this step speaks."""
    return told_as(level, max(number, 1)).words


def _pace(level: str, row: Mapping[str, Any]) -> Pace:  # Any: TOML
    if not row["because"]:
        raise ValueError(f"ladder.toml: {level} does not say why")
    steps = tuple(_step(level, one) for one in row["steps"])
    hours = {name: timedelta(hours=row[f"{name}_hours"]) for name in ("unopened", "snooze_at_most", "booked_at_most")}
    if any(step.ways == "next" for step in steps) and not hours["unopened"]:
        raise ValueError(f"ladder.toml: {level} does not say when the next way follows")
    return Pace(steps, hours["unopened"], hours["snooze_at_most"], hours["booked_at_most"])


def _step(level: str, row: Mapping[str, Any]) -> Step:  # Any: TOML
    known = {"wait_hours", "ways", "words", "contact"}
    if row.keys() - known or row["ways"] not in get_args(Ways) or row["words"] not in get_args(Words):
        raise ValueError(f"ladder.toml: {level} has a step that cannot be read: {dict(row)}")
    return Step(timedelta(hours=row["wait_hours"]), row["ways"], row["words"], bool(row.get("contact", False)))


LADDER, REPEATS_A_DAY = read_ladder(Path(__file__).with_name("ladder.toml").read_text(encoding="utf-8"))
