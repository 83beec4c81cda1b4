"""Rules against facts: each fires, stays quiet or is unknown; families that differ by age or sex settle together."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from triage.facts import Answer, Facts, all_hold, answer, any_holds, opposite
from triage.facts.fact import first_instant
from triage.rulebook import RANK, Band, Rule, Rulebook

URGENT = frozenset({"emergency", "same_day"})


@dataclass(frozen=True, slots=True)
class Verdict:
    """What one rule says: True fires, False quiet, None unknown."""

    rule: Rule
    answer: Answer


def verdicts(rulebook: Rulebook, facts: Facts, *, only_urgent: bool = False) -> list[Verdict]:
    """What every rule about this place says. `only_urgent`: the lump is closed."""
    told: list[Verdict] = []
    families: dict[str, list[tuple[Rule, Answer, Answer]]] = {}
    for rule in rules_about(rulebook, facts.record.history.lump.site):
        if only_urgent and rule.level not in URGENT:
            continue
        case = conditions_hold(rule, facts)
        if rule.band.is_everybody:
            told.append(Verdict(rule, case))
            continue
        band = in_band(rule.band, facts)
        if rule.family is not None and band.truth is None:
            families.setdefault(rule.family, []).append((rule, band, case))
            continue
        told.append(Verdict(rule, all_hold((band, case))))
    for members in families.values():
        told.extend(_settle(members))
    return told


_ABOUT: dict[tuple[str, str], tuple[Rule, ...]] = {}


def rules_about(rulebook: Rulebook, site: str) -> tuple[Rule, ...]:
    """The rules that speak about lumps at `site`."""
    key = (rulebook.digest, site)
    if key not in _ABOUT:
        _ABOUT[key] = tuple(rule for rule in rulebook.rules if rule.is_about(site))
    return _ABOUT[key]


def conditions_hold(rule: Rule, facts: Facts) -> Answer:
    """The rule's own conditions, whoever the person is."""
    answers = [answer(condition, facts[condition.fact]) for condition in rule.all]
    for one in answers:
        if one.truth is False and one.until is None:
            return one
    if rule.any:
        answers.append(any_holds([answer(condition, facts[condition.fact]) for condition in rule.any]))
    answers.extend(opposite(answer(condition, facts[condition.fact])) for condition in rule.unless)
    return all_hold(answers)


def in_band(band: Band, facts: Facts) -> Answer:
    """Whether the person is of the age and sex that a rule is for."""
    answers: list[Answer] = []
    if band.from_months:
        old_enough = facts.age_at_least_months(band.from_months)
        answers.append(Answer(old_enough, (), ("birth_date",), facts.age_turns(band.from_months)))
    if band.under_months is not None:
        grown = facts.age_at_least_months(band.under_months)
        young = None if grown is None else not grown
        answers.append(Answer(young, (), ("birth_date",), facts.age_turns(band.under_months)))
    if band.sexes is not None:
        sex = facts.record.history.person.sex
        answers.append(Answer(None if sex is None else sex in band.sexes, (), ("sex",)))
    return all_hold(answers)


def _settle(members: Iterable[tuple[Rule, Answer, Answer]]) -> list[Verdict]:
    """Rules for one finding, the band undecided. If each would fire, the least urgent does; the others are unknown."""
    rows = list(members)
    told: list[Verdict] = []
    sure = all(case.truth for _, _, case in rows)
    mildest = max(rows, key=lambda row: (RANK[row[0].level], row[0].id))[0] if sure else None
    until: datetime | None = None
    for _, band, case in rows:
        until = first_instant(first_instant(until, band.until), case.until)
    for rule, band, case in rows:
        if rule is mildest:
            told.append(Verdict(rule, Answer(True, case.parts, (), until)))
        else:
            told.append(Verdict(rule, all_hold((band, case))))
    return told
