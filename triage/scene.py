"""What the quiet answers settle: worked out once for all histories that share them, and kept.

Most of what people answer neither alarms for a while nor depends on when it was said. The rules are judged once by
those answers alone; what would have to look at a check, a size, the calendar or an answer whose time runs out is left
open, and only that is worked out for each history. The outcome is the same, with or without (a property test).
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from typing import NamedTuple, cast

from tracking.history import CareFacts, History
from triage.facts import (
    Answer,
    Answers,
    Condition,
    Fact,
    Facts,
    Ground,
    MonthsOld,
    Part,
    all_hold,
    any_holds,
    grounded,
    known_but,
    opposite,
)
from triage.facts.fact import NO, Value, unknown
from triage.facts.record import UNSURE, LastAnswer, Record, sign_stands
from triage.plan import Plan, Planned, Some, Verdict, in_order
from triage.rulebook import Rule

_SOME_CHECK = ("",)  # stands for the observation that an answer came from


class Quiet(NamedTuple):
    """What is answered once and for all, the names of the questions whose answers time may end, and whether there is
    any care, be it still to come."""

    answers: frozenset[tuple[str, Value]]
    loud: frozenset[str]
    has_care: bool


class Scene(NamedTuple):
    """The judgement as far as it is the same for all: rules decided for good, rules asleep, rules still open."""

    answers: Mapping[Condition, Answer]
    decided: tuple[Verdict, ...]
    open: tuple[Planned, ...]
    asleep: tuple[Planned, ...]


def conditions_hold(rule: Rule, answers: Answers) -> Answer:
    """The rule's own conditions, whoever the person is."""
    held: list[Answer] = []
    for condition in rule.all:
        one = answers[condition]
        if one is NO:
            return NO
        held.append(one)
    for condition in rule.unless:
        one = answers[condition]
        if one.truth and one.until is None:
            return NO
        held.append(opposite(one))
    if rule.any:
        held.append(any_holds([answers[condition] for condition in rule.any]))
    return held[0] if len(held) == 1 else all_hold(held)


def quiet_in(record: Record) -> Quiet:
    quiet: list[tuple[str, Value]] = []
    loud: list[str] = []
    for field, (value, _) in record.answers.items():
        if sign_stands(field, value) or value == UNSURE:
            quiet.append((field, value))
        else:
            loud.append(field)
    return Quiet(frozenset(quiet), frozenset(loud), bool(record.history.care))


def scene_of(plan: Plan, rules: Some, awake: Some, ground: Ground, months_old: MonthsOld | None, quiet: Quiet) -> Scene:
    """The scene of histories with this ground, age and quiet answers. `rules` are those for such a person."""
    answers = _StillFacts(ground, months_old, quiet).answers
    settled: dict[Condition, Answer] = {}
    decided: list[Verdict] = []
    left_open: list[Planned] = []
    for planned in in_order(plan, rules & awake):
        told = {condition: answers.said(condition) for condition in planned.rule.conditions}
        settled |= {condition: one for condition, one in told.items() if one is not None}
        if any(told[condition] is NO for condition in planned.rule.all):
            continue
        if None in told.values():
            left_open.append(planned)
        elif (held := conditions_hold(planned.rule, answers)) is not NO:
            decided.append(Verdict(planned.rule, held))
    return Scene(settled, tuple(decided), tuple(left_open), tuple(in_order(plan, rules & ~awake)))


class Sighting:
    """Whether a scene is worth working out: it costs more than one judgement, so that it is made at the second."""

    scene: Scene | None = None
    is_second: bool = False


@lru_cache(maxsize=1024)
def sighting(*_: object) -> Sighting:
    """The same one for the same key: the plan, and all that the scene rests on."""
    return Sighting()


class _MovesError(Exception):
    """What was asked for is not the same in all histories that share a scene."""


class _Moving:
    """Stands for what differs from history to history: nobody may look at it."""

    def __getattr__(self, name: str) -> object:
        raise _MovesError(name)


class _StillRecord(_Moving):
    """A record of which only the ground and the quiet answers may be read."""

    def __init__(self, history: History, quiet: Quiet) -> None:
        self.history = history
        self.answers: dict[str, LastAnswer | _Moving] = dict.fromkeys(quiet.loud, _Moving())
        if not quiet.has_care:
            self.care: list[CareFacts] = []
        for field, value in quiet.answers:
            self.answers[field] = LastAnswer(value, _Moving())  # type: ignore[arg-type]  # it is never looked at

    def sign(self, name: str) -> Fact:
        last = self.answers.get(name)
        if last is None or last.value == UNSURE:
            return unknown(name)
        value = cast("Value", last.value)
        return Fact(value, (Part(f"sign.{name}", value, _SOME_CHECK),))


class _StillFacts(Facts):
    """The facts of a still record; asking for one that rests on more raises `_MovesError`."""

    def __init__(self, ground: Ground, months_old: MonthsOld | None, quiet: Quiet) -> None:
        self.record = _StillRecord(ground.history, quiet)  # type: ignore[assignment]  # what is missing moves
        self.ground = ground
        self.months_old = months_old
        self.growth = _Moving()  # type: ignore[assignment]  # as above
        self.told = {f"sign.{field}": value for field, value in quiet.answers}
        self.told |= {f"sign.{field}": UNSURE for field in quiet.loud}  # answered, but with what moves
        self._known = known_but(grounded(ground), self.told)
        self.answers: _Settled = _Settled(self)


class _Settled(Answers):
    """The answers that are the same in every history of the scene."""

    __slots__ = ("_moving",)

    def said(self, condition: Condition) -> Answer | None:
        """None where it is left open."""
        try:
            found = self[condition]
        except _MovesError:
            return None
        if found.until is not None or any(part.observations for part in found.parts):
            del self[condition]
            return None
        return found
