"""Rules against facts: each fires, stays quiet or is unknown; families that differ by age or sex settle together."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from triage.facts import Answer, Facts, all_hold, any_holds, opposite
from triage.facts.fact import NO, YES, Truth, first_instant
from triage.rulebook import RANK, Band, Rule, Rulebook

URGENT = frozenset({"emergency", "same_day"})


@dataclass(frozen=True, slots=True)
class Verdict:
    """What one rule says: True fires, False quiet, None unknown."""

    rule: Rule
    answer: Answer


def verdicts(rulebook: Rulebook, facts: Facts, *, only_urgent: bool = False) -> list[Verdict]:
    """What the rules about this place say, but for those that are quiet for good. `only_urgent`: the lump is closed."""
    told: list[Verdict] = []
    families: dict[str, list[tuple[Rule, Answer, Answer]]] = {}
    for rule in rules_about(rulebook, facts.record.history.lump.site):
        if only_urgent and rule.level not in URGENT:
            continue
        if rule.band.is_everybody:
            case = conditions_hold(rule, facts)
        else:
            band = in_band(rule.band, facts)
            if band is NO:
                continue
            case = conditions_hold(rule, facts)
            if rule.family is not None and band.truth is None:
                families.setdefault(rule.family, []).append((rule, band, case))
                continue
            if band is not YES:
                case = all_hold((band, case))
        if case is not NO:
            told.append(Verdict(rule, case))
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
    if rule.unanswered is not None and facts.record.answers.keys().isdisjoint(rule.unanswered.missing):
        return rule.unanswered
    answers: list[Answer] = []
    for condition in rule.all:
        one = facts.answer(condition)
        if one.truth is False and one.until is None:
            return one
        answers.append(one)
    for condition in rule.unless:
        one = facts.answer(condition)
        if one.truth and one.until is None:
            return NO
        answers.append(opposite(one))
    if rule.any:
        answers.append(any_holds([facts.answer(condition) for condition in rule.any]))
    return answers[0] if len(answers) == 1 else all_hold(answers)


def in_band(band: Band, facts: Facts) -> Answer:
    """Whether the person is of the age and sex a rule is for. Birthdays are `Facts.next_birthday`, for all at once."""
    truth: Truth = True
    missing: tuple[str, ...] = ()
    old_enough = facts.age_at_least_months(band.from_months) if band.from_months else True
    grown = facts.age_at_least_months(band.under_months) if band.under_months is not None else False
    if old_enough is False or grown is True:
        return NO
    if old_enough is None or grown is None:
        truth, missing = None, ("birth_date",)
    if band.sexes is not None:
        sex = facts.record.history.person.sex
        if sex is None:
            truth, missing = None, (*missing, "sex")
        elif sex not in band.sexes:
            return NO
    return YES if truth else Answer(None, (), missing)


def _settle(members: Iterable[tuple[Rule, Answer, Answer]]) -> list[Verdict]:
    """Rules for one finding, the band undecided. If each would fire, the least urgent does; the others are unknown."""
    rows = list(members)
    told: list[Verdict] = []
    sure = all(case.truth for _, _, case in rows)
    mildest = max(rows, key=lambda row: (RANK[row[0].level], row[0].id))[0] if sure else None
    until: datetime | None = None
    for _, _, case in rows:
        until = first_instant(until, case.until)
    for rule, band, case in rows:
        if rule is mildest:
            told.append(Verdict(rule, Answer(True, case.parts, (), until)))
        else:
            told.append(Verdict(rule, all_hold((band, case))))
    return told
