"""What a fact is, and how a condition on it is answered: yes, no or not known, and until when time leaves that alone.

Three-valued logic after Kleene. `None` is *not known*; it is never turned into no.
"""

from __future__ import annotations

import operator
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache, lru_cache
from typing import NamedTuple

Value = bool | float | int | str | date
Truth = bool | None


class Part(NamedTuple):
    """One plain fact that a finding rests on: its name, its value, and the observations it came from."""

    fact: str
    value: Value
    observations: tuple[str, ...] = ()


class Fact(NamedTuple):
    """A value (None: not known), where it came from, what to ask if it is not known, and when time alone changes it.

    `until` is the next instant at which the value may change with nothing new logged (None: never). A count of days
    has `crossing` instead: the instant at which it reaches a given number. A number that has `raised_by` is the least
    it may be: answers to these fields can only raise it. A named tuple, as a frozen class takes three times as long to
    make and a judgement makes a hundred.
    """

    value: Value | None
    parts: tuple[Part, ...] = ()
    missing: tuple[str, ...] = ()
    until: datetime | None = None
    crossing: Callable[[float], datetime | None] | None = None
    raised_by: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, eq=False)
class Condition:
    """One comparison: no nesting, no arithmetic. What needs more becomes a named fact.

    Compared by identity: rules share one object for one condition (`same`), and it is worked out once.
    """

    fact: str
    op: str
    value: Value | tuple[Value, ...]


@lru_cache(maxsize=None, typed=True)
def same(fact: str, op: str, value: Value | tuple[Value, ...]) -> Condition:
    """One object for one condition, however many rules share it."""
    return Condition(fact, op, value)


class Answer(NamedTuple):
    """Whether something holds, why (the parts that say so), what is missing, and until when time leaves it alone."""

    truth: Truth
    parts: tuple[Part, ...] = ()
    missing: tuple[str, ...] = ()
    until: datetime | None = None


OPERATORS: dict[str, Callable[..., bool]] = {
    "is": operator.eq,
    "in": lambda value, among: value in among,
    ">=": operator.ge,
    ">": operator.gt,
    "<": operator.lt,
    "<=": operator.le,
}
SETTLED = {">=": True, ">": True, "<": False, "<=": False}  # the answer that a larger number would not change


@cache
def unknown(*missing: str) -> Fact:
    """The fact nobody has answered yet; `missing` names the fields that would answer it."""
    return Fact(None, missing=missing)


def crisp(name: str, value: bool, parts: tuple[Part, ...] = ()) -> Fact:
    """A fact that is always known: a blank makes it false, so that it can only be granted by knowledge."""
    return Fact(value, parts) if parts else _crisp(name, value)


@cache
def _crisp(name: str, value: bool) -> Fact:
    return Fact(value, (Part(name, value),))


YES, NO = Answer(True), Answer(False)


def answer(condition: Condition, fact: Fact) -> Answer:
    """Compare. A count of days says when it next crosses the number compared with; the least that something may be
    leaves open what a larger number would answer otherwise.
    """
    value, until = fact.value, fact.until
    if value is None:
        return not_known(fact.missing) if until is None else Answer(None, missing=fact.missing, until=until)
    truth = OPERATORS[condition.op](value, condition.value)
    if fact.crossing is not None and isinstance(condition.value, (int, float)):
        beyond = condition.op in (">", "<=")
        until = first_instant(until, fact.crossing(condition.value + 1 if beyond else condition.value))
    if fact.raised_by and truth is not SETTLED.get(condition.op):
        return Answer(None, missing=fact.raised_by, until=until)
    if truth:
        return Answer(True, fact.parts, (), until)
    return NO if until is None else Answer(False, until=until)


@cache
def not_known(missing: tuple[str, ...]) -> Answer:
    """The answer while nobody has said, for good."""
    return Answer(None, missing=missing)


def all_hold(answers: Iterable[Answer]) -> Answer:
    """Kleene's and. It stays no for as long as one of its noes does."""
    parts: tuple[Part, ...] = ()
    asked: tuple[str, ...] = ()
    unknown_seen = no_seen = False
    earliest: datetime | None = None
    no_until: datetime | None = None
    for truth, reasons, missing, until in answers:
        if truth is False:
            if until is None:
                return NO
            no_until = until if no_until is None or until > no_until else no_until
            no_seen = True
        elif truth is None:
            unknown_seen = True
            asked += missing
        else:
            parts += reasons
        if until is not None and (earliest is None or until < earliest):
            earliest = until
    if no_seen:
        return Answer(False, (), (), no_until)
    return _still_open(asked, earliest) if unknown_seen else Answer(True, parts, (), earliest)


def any_holds(answers: Iterable[Answer]) -> Answer:
    """Kleene's or. It stays yes for as long as one of its yeses does; all the yeses are its reasons."""
    parts: tuple[Part, ...] = ()
    asked: tuple[str, ...] = ()
    yes_seen = unknown_seen = forever = False
    earliest: datetime | None = None
    yes_until: datetime | None = None
    for truth, reasons, missing, until in answers:
        if truth:
            yes_seen = True
            parts += reasons
            if until is None:
                forever = True
            elif yes_until is None or until > yes_until:
                yes_until = until
        elif truth is None:
            unknown_seen = True
            asked += missing
        if until is not None and (earliest is None or until < earliest):
            earliest = until
    if yes_seen:
        return Answer(True, parts, (), None if forever else yes_until)
    if unknown_seen:
        return _still_open(asked, earliest)
    return NO if earliest is None else Answer(False, (), (), earliest)


def _still_open(asked: tuple[str, ...], until: datetime | None) -> Answer:
    return _not_known_of(asked) if until is None else Answer(None, (), tuple(sorted(set(asked))), until)


@lru_cache(maxsize=65_536)
def _not_known_of(asked: tuple[str, ...]) -> Answer:
    return not_known(tuple(sorted(set(asked))))


def opposite(one: Answer) -> Answer:
    """Kleene's not."""
    if one.truth is None:
        return one
    if one.until is None:
        return NO if one.truth else YES
    return Answer(not one.truth, (), (), one.until)


def first_instant(left: datetime | None, right: datetime | None) -> datetime | None:
    """The earlier of two; None is never."""
    if left is None:
        return right
    if right is None:
        return left
    return left if left < right else right
