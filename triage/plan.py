"""The rule book arranged for judging one place: made once, so that what nobody answered costs next to nothing.

It says beforehand on which plain facts a rule rests, what it says while none of them is answered, and which rules an
answer rules out whatever else is known. Only what is left is worked out for a history.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import compress
from typing import NamedTuple, TypeVar

from triage.facts import Answer, Condition, Ground, grounded, is_no_for_good, plain_behind
from triage.facts.blank import PLAIN
from triage.facts.fact import NO, Fact, Value, answer, not_known
from triage.facts.ground import told_by
from triage.facts.record import sign_stands
from triage.rulebook import Band, Rule, Rulebook

Key = TypeVar("Key")
Kept = TypeVar("Kept")
Some = int  # a set of a plan's rules: one byte for each, 1 where it is in. Sets of objects take ten times as long
MOST_TOLD = 4096  # answers kept with a plan: two for a flag, some dozens for a number
URGENT = frozenset({"emergency", "same_day"})


class Verdict(NamedTuple):
    """What one rule says: True fires, False quiet, None unknown."""

    rule: Rule
    answer: Answer


@dataclass(frozen=True, slots=True, eq=False)
class Planned:
    """One rule, and what it says while none of the plain facts that alone decide it is answered."""

    rule: Rule
    place: int  # in the plan's order
    unanswered: Verdict


@dataclass(frozen=True, slots=True, eq=False)
class Plan:
    """The rules about one place, in the book's order. `Some` of them are told by their places in it."""

    rules: tuple[Planned, ...]
    bands: Mapping[Band, Some]  # ages and sexes → the rules that are for them
    restless: Some  # rules that rest on more than plain facts: never asleep
    woken_by: Mapping[str, Some]  # plain fact → the rules that an answer to it wakes
    conditions: frozenset[Condition]  # those of the rules
    asking: Mapping[str, frozenset[Condition]]  # plain fact → the conditions that ask about it and nothing else
    resting_on: Mapping[str, tuple[Condition, ...]]  # plain fact → the conditions that an answer to it may change
    needing: Mapping[Condition, Some]  # the rules that a no to it rules out
    sparing: Mapping[Condition, Some]  # the rules that a yes to it rules out
    told: dict[tuple[str, Value], Told] = field(default_factory=dict)  # what answers do, as far as it was asked for


class Footing(NamedTuple):
    """What holds before any check: rules that the ground of a history rules out, and those that it wakes."""

    ruled_out: Some
    awake: Some
    answers: Mapping[Condition, Answer]  # to all conditions that rest on nothing but plain facts, no check answered


@lru_cache(maxsize=1024)
def plan_of(book: Rulebook, site: str, *, only_urgent: bool = False) -> Plan:
    """The plan for a place. `only_urgent`: of emergency and same-day rules alone, for a lump that is closed."""
    rules = [rule for rule in book.rules if rule.is_about(site) and (not only_urgent or rule.level in URGENT)]
    planned = [Planned(rule, place, _unanswered(rule)) for place, rule in enumerate(rules)]
    conditions = frozenset(condition for rule in rules for condition in rule.conditions)
    behind = {condition: plain_behind(condition.fact) for condition in conditions}
    return Plan(
        rules=tuple(planned),
        bands=_some((one.rule.band, one) for one in planned),
        restless=some_of(one for one in planned if any(behind[asked] is None for asked in one.rule.conditions)),
        woken_by=_some((name, one) for one in planned for asked in one.rule.conditions for name in behind[asked] or ()),
        conditions=conditions,
        asking=_gathered((asked.fact, asked) for asked, names in behind.items() if names == frozenset({asked.fact})),
        resting_on={name: tuple(asked) for name, asked in _gathered(_each_behind(behind)).items()},
        needing=_some((asked, one) for one in planned for asked in one.rule.all),
        sparing=_some((asked, one) for one in planned for asked in one.rule.unless),
    )


def in_order(plan: Plan, some: Some) -> list[Planned]:
    """As the plan has them."""
    return list(compress(plan.rules, some.to_bytes(len(plan.rules), "little")))


def some_of(rules: Iterable[Planned]) -> Some:
    found: Some = 0
    for one in rules:
        found |= 1 << 8 * one.place
    return found


class Told(NamedTuple):
    """What one answer to a question about signs does, before anybody looks at the check it came from."""

    ruled_out: Some
    awake: Some
    noes: Mapping[Condition, Answer]  # settled by it, until it is answered again
    open: tuple[Condition, ...]  # the others that it may change


NOTHING = Told(0, 0, {}, ())


def told_in(plan: Plan, one: tuple[str, Value]) -> Told:
    """What an answer (name, value) does. Kept with the plan, because people give the same answers again and again."""
    told = plan.told.get(one)
    if told is None:
        told = _told_in(plan, *one)
        if len(plan.told) < MOST_TOLD:
            plan.told[one] = told
    return told


def _told_in(plan: Plan, sign: str, value: Value) -> Told:
    touched = plan.resting_on.get(sign, ())
    noes = {one: NO for one in touched if one.fact == sign and is_no_for_good(one, value)}
    left_open = tuple([one for one in touched if one not in noes])
    said = {}
    if sign_stands(PLAIN[sign], value):
        said = {condition: answer(condition, Fact(value)) for condition in plan.asking.get(sign, ())}
    told = Told(_ruled_out(plan, said), plan.woken_by.get(sign, 0), noes, left_open)
    return NOTHING if told == NOTHING else told


@lru_cache(maxsize=2048)
def footing(plan: Plan, ground: Ground) -> Footing:
    """What holds on this ground."""
    known = grounded(ground)
    told = {
        condition: answer(condition, known[condition.fact]) for condition in plan.conditions if condition.fact in known
    }
    awake = plan.restless
    for name in told_by(ground):
        awake |= plan.woken_by.get(name, 0)
    return Footing(_ruled_out(plan, told), awake, told)


def _ruled_out(plan: Plan, told: Mapping[Condition, Answer]) -> Some:
    found: Some = 0
    for condition, one in told.items():
        if one is NO:
            found |= plan.needing.get(condition, 0)
        elif one.truth:
            found |= plan.sparing.get(condition, 0)
    return found


@lru_cache(maxsize=1024)
def _unanswered(rule: Rule) -> Verdict:
    names = {name for condition in rule.conditions for name in plain_behind(condition.fact) or ()}
    return Verdict(rule, not_known(tuple(sorted({PLAIN[name] for name in names}))))


def _each_behind(behind: Mapping[Condition, frozenset[str] | None]) -> Iterable[tuple[str, Condition]]:
    return ((name, asked) for asked, names in behind.items() for name in names or ())


def _some(pairs: Iterable[tuple[Key, Planned]]) -> dict[Key, Some]:
    return {key: some_of(kept) for key, kept in _gathered(pairs).items()}


def _gathered(pairs: Iterable[tuple[Key, Kept]]) -> dict[Key, frozenset[Kept]]:
    found: dict[Key, set[Kept]] = {}
    for key, kept in pairs:
        found.setdefault(key, set()).add(kept)
    return {key: frozenset(kept) for key, kept in found.items()}
