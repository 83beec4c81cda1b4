"""The rule book arranged for judging one place: made once, so that what nobody answered costs next to nothing.

It says beforehand on which plain facts a rule or a condition rests, and what it says while none of them is answered.
Only what an answer touches is worked out for a history.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple

from triage.facts import Answer, Condition, conditions_of_signs, plain_behind
from triage.facts.blank import BLANK, PLAIN
from triage.facts.fact import answer, not_known
from triage.rulebook import Band, Rule, Rulebook

URGENT = frozenset({"emergency", "same_day"})


class Verdict(NamedTuple):
    """What one rule says: True fires, False quiet, None unknown."""

    rule: Rule
    answer: Answer


@dataclass(frozen=True, slots=True, eq=False)
class Planned:
    """One rule; where plain facts alone decide it, their names and its verdict while none of them is answered."""

    rule: Rule
    band: int  # which of the plan's
    rests_on: frozenset[str] | None
    unanswered: Verdict


@dataclass(frozen=True, slots=True, eq=False)
class Plan:
    """The rules about one place, in the book's order."""

    rules: tuple[Planned, ...]
    bands: tuple[Band, ...]  # those of the rules, each once
    blank: dict[Condition, Answer]  # what each condition says that rests on plain facts, while none is answered
    decides: Mapping[str, tuple[Condition, ...]]  # plain fact → the conditions that an answer to it touches
    on_sign: Mapping[str, tuple[Condition, ...]]  # question → the conditions that its answer alone decides


@lru_cache(maxsize=1024)
def plan_of(book: Rulebook, site: str, *, only_urgent: bool = False) -> Plan:
    """The plan for a place. `only_urgent`: of emergency and same-day rules alone, for a lump that is closed."""
    rules = [rule for rule in book.rules if rule.is_about(site) and (not only_urgent or rule.level in URGENT)]
    conditions = dict.fromkeys(condition for rule in rules for condition in rule.conditions)
    rests_on = {one: names for one in conditions if (names := plain_behind(one.fact)) is not None}
    bands = list(dict.fromkeys(rule.band for rule in rules))
    decides: dict[str, list[Condition]] = {}
    for condition, names in rests_on.items():
        for name in names:
            decides.setdefault(name, []).append(condition)
    return Plan(
        rules=tuple(_planned(rule, bands.index(rule.band)) for rule in rules),
        bands=tuple(bands),
        blank={one: answer(one, BLANK[one.fact]) for one in rests_on},
        decides={name: tuple(touched) for name, touched in decides.items()},
        on_sign=conditions_of_signs(conditions),
    )


def _planned(rule: Rule, band: int) -> Planned:
    behind = [plain_behind(condition.fact) for condition in rule.conditions]
    names = frozenset(name for names in behind if names for name in names)
    asked = not_known(tuple(sorted({PLAIN[name] for name in names})))
    return Planned(rule, band, None if None in behind else names, Verdict(rule, asked))
