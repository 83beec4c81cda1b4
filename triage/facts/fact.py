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


@dataclass(frozen=True, slots=True)
class Fact:
    """A value (None: not known), where it came from, what to ask if it is not known, and when time alone changes it.

    `until` is the next instant at which the value may change with nothing new logged (None: never). A count of days
    has `crossing` instead: the instant at which it reaches a given number.
    """

    value: Value | None
    parts: tuple[Part, ...] = ()
    missing: tuple[str, ...] = ()
    until: datetime | None = None
    crossing: Callable[[float], datetime | None] | None = None


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
    """Compare. A count of days says when it next crosses the number compared with."""
    value, until = fact.value, fact.until
    if value is None:
        return not_known(fact.missing) if until is None else Answer(None, missing=fact.missing, until=until)
    truth = OPERATORS[condition.op](value, condition.value)
    if fact.crossing is not None and isinstance(condition.value, (int, float)):
        beyond = condition.op in (">", "<=")
        until = first_instant(until, fact.crossing(condition.value + 1 if beyond else condition.value))
    if truth:
        return Answer(True, fact.parts, (), until)
    return NO if until is None else Answer(False, until=until)


@cache
def not_known(missing: tuple[str, ...]) -> Answer:
    """The answer while nobody has said, for good."""
    return Answer(None, missing=missing)


def all_hold(answers: Iterable[Answer]) -> Answer:
    """Kleene's and. It stays no for as long as one of its noes does."""
    parts: list[Part] = []
    missing: list[str] = []
    unknown_seen = False
    until: datetime | None = None
    no_until: datetime | None = None
    no_seen = False
    for one in answers:
        if one.truth is False:
            if one.until is None:
                return NO
            no_until = one.until if not no_seen or no_until is None else max(no_until, one.until)
            no_seen = True
        elif one.truth is None:
            unknown_seen = True
            missing.extend(one.missing)
        else:
            parts.extend(one.parts)
        until = first_instant(until, one.until)
    if no_seen:
        return Answer(False, until=no_until)
    if unknown_seen:
        asked = tuple(sorted(set(missing)))
        return not_known(asked) if until is None else Answer(None, missing=asked, until=until)
    return Answer(True, tuple(parts), (), until)


def any_holds(answers: Iterable[Answer]) -> Answer:
    """Kleene's or. It stays yes for as long as one of its yeses does; all the yeses are its reasons."""
    parts: list[Part] = []
    missing: list[str] = []
    yes_seen = unknown_seen = forever = False
    until: datetime | None = None
    yes_until: datetime | None = None
    for one in answers:
        if one.truth:
            yes_seen = True
            parts.extend(one.parts)
            if one.until is None:
                forever = True
            elif yes_until is None or one.until > yes_until:
                yes_until = one.until
        elif one.truth is None:
            unknown_seen = True
            missing.extend(one.missing)
        until = first_instant(until, one.until)
    if yes_seen:
        return Answer(True, tuple(parts), (), None if forever else yes_until)
    if unknown_seen:
        asked = tuple(sorted(set(missing)))
        return not_known(asked) if until is None else Answer(None, missing=asked, until=until)
    return NO if until is None else Answer(False, until=until)


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
