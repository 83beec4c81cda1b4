"""The rule book arranged for judging one place: made once, so that what nobody answered costs next to nothing.

It says beforehand on which plain facts a rule rests, what it says while none of them is answered, and which rules an
answer rules out whatever else is known. Only what is left is worked out for a history.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple

from triage.facts import Answer, Condition, Ground, grounded, plain_behind
from triage.facts.blank import PLAIN
from triage.facts.fact import NO, Fact, Value, answer, not_known
from triage.facts.ground import told_by
from triage.facts.record import sign_stands
from triage.rulebook import Band, Rule, Rulebook

URGENT = frozenset({"emergency", "same_day"})


class Verdict(NamedTuple):
    """What one rule says: True fires, False quiet, None unknown."""

    rule: Rule
    answer: Answer


@dataclass(frozen=True, slots=True, eq=False)
class Planned:
    """One rule, and what it says while none of the plain facts that alone decide it is answered."""

    rule: Rule
    band: int  # which of the plan's
    unanswered: Verdict


@dataclass(frozen=True, slots=True, eq=False)
class Plan:
    """The rules about one place, in the book's order."""

    rules: tuple[Planned, ...]
    bands: tuple[Band, ...]  # those of the rules, each once
    restless: frozenset[Planned]  # rules that rest on more than plain facts: never asleep
    woken_by: Mapping[str, frozenset[Planned]]  # plain fact → the rules that an answer to it wakes
    conditions: tuple[Condition, ...]  # those of the rules, each once
    touched_by: Mapping[str, tuple[Condition, ...]]  # sign → the conditions that rest on it and on plain facts only
    needing: Mapping[Condition, tuple[Planned, ...]]  # the rules that a no to it rules out
    sparing: Mapping[Condition, tuple[Planned, ...]]  # the rules that a yes to it rules out


class Settled(NamedTuple):
    """What one answer settles for good, whatever else is known."""

    opened: tuple[Condition, ...]  # conditions that are not unanswered any more
    noes: dict[Condition, Answer]
    ruled_out: frozenset[Planned]  # rules that cannot fire any more


class Footing(NamedTuple):
    """What holds before any check: what the ground of a history settles, and of the rest that nobody answered."""

    answers: dict[Condition, Answer]
    ruled_out: frozenset[Planned]
    awake: frozenset[Planned]


@lru_cache(maxsize=1024)
def plan_of(book: Rulebook, site: str, *, only_urgent: bool = False) -> Plan:
    """The plan for a place. `only_urgent`: of emergency and same-day rules alone, for a lump that is closed."""
    rules = [rule for rule in book.rules if rule.is_about(site) and (not only_urgent or rule.level in URGENT)]
    restless: set[Planned] = set()
    woken_by: dict[str, set[Planned]] = {}
    bands = list(dict.fromkeys(rule.band for rule in rules))
    planned = tuple(_planned(rule, bands.index(rule.band)) for rule in rules)
    for one in planned:
        for condition in one.rule.conditions:
            names = plain_behind(condition.fact)
            if names is None:
                restless.add(one)
            for name in names or ():
                woken_by.setdefault(name, set()).add(one)
    conditions = dict.fromkeys(condition for rule in rules for condition in rule.conditions)
    return Plan(
        rules=planned,
        bands=tuple(bands),
        restless=frozenset(restless),
        woken_by={name: frozenset(woken) for name, woken in woken_by.items()},
        conditions=tuple(conditions),
        touched_by=_touched_by_signs(conditions),
        needing={asked: tuple(one for one in planned if asked in one.rule.all) for asked in conditions},
        sparing={asked: tuple(one for one in planned if asked in one.rule.unless) for asked in conditions},
    )


@lru_cache(maxsize=16_384, typed=True)
def settled_by(plan: Plan, sign: str, value: Value) -> Settled:
    """What this answer to a question about signs settles. Kept, because people give the same answers again and again.

    Nine in ten are such that they settle something with a no.
    """
    opened = plan.touched_by.get(sign, ())
    told = (
        {one: answer(one, Fact(value)) for one in opened if one.fact == sign} if sign_stands(PLAIN[sign], value) else {}
    )
    return Settled(opened, {condition: one for condition, one in told.items() if one is NO}, _ruled_out(plan, told))


@lru_cache(maxsize=2048)
def footing(plan: Plan, ground: Ground) -> Footing:
    """What holds on this ground."""
    known = grounded(ground)
    told = {
        condition: answer(condition, known[condition.fact]) for condition in plan.conditions if condition.fact in known
    }
    awake = plan.restless.union(*[plan.woken_by.get(name, ()) for name in told_by(ground)])
    return Footing(told, _ruled_out(plan, told), awake)


def _ruled_out(plan: Plan, told: Mapping[Condition, Answer]) -> frozenset[Planned]:
    found: set[Planned] = set()
    for condition, one in told.items():
        if one is NO:
            found.update(plan.needing[condition])
        elif one.truth:
            found.update(plan.sparing[condition])
    return frozenset(found)


def _planned(rule: Rule, band: int) -> Planned:
    names = {name for condition in rule.conditions for name in plain_behind(condition.fact) or ()}
    return Planned(rule, band, Verdict(rule, not_known(tuple(sorted({PLAIN[name] for name in names})))))


def _touched_by_signs(conditions: Iterable[Condition]) -> dict[str, tuple[Condition, ...]]:
    found: dict[str, list[Condition]] = {}
    for condition in conditions:
        for name in plain_behind(condition.fact) or ():
            found.setdefault(name, []).append(condition)
    return {name: tuple(touched) for name, touched in found.items()}
