"""Rules against facts: each fires, stays quiet or is unknown; families that differ by age or sex settle together."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from functools import lru_cache

from triage.facts import Answer, Condition, Facts, all_hold, answer, any_holds, noes_of, opposite
from triage.facts.fact import NO, YES, Truth, first_instant
from triage.plan import Plan, Verdict, plan_of
from triage.rulebook import RANK, Band, Rule, Rulebook


def verdicts(rulebook: Rulebook, facts: Facts, *, only_urgent: bool = False) -> list[Verdict]:
    """What the rules about this place say, but for those that are quiet for good. `only_urgent`: the lump is closed."""
    plan = plan_of(rulebook, facts.record.history.lump.site, only_urgent=only_urgent)
    answers = Answers(facts, plan.blank.copy())
    for name in facts.told:
        for condition in plan.decides.get(name, ()):
            answers.pop(condition, None)
    for field, last in facts.record.answers.items():
        if conditions := plan.on_sign.get(field):
            answers |= noes_of(conditions, field, last.value)
    bands = tuple([in_band(band, facts) for band in plan.bands])
    awake, asleep = _awake_and_asleep(plan, frozenset(facts.told), bands)
    found = list(asleep)
    families: dict[str, list[tuple[Rule, Answer, Answer]]] = {}
    for rule, band in awake:
        case = conditions_hold(rule, answers)
        if band is not YES:
            if rule.family is not None:
                families.setdefault(rule.family, []).append((rule, band, case))
                continue
            case = all_hold((band, case))
        if case is not NO:
            found.append(Verdict(rule, case))
    for members in families.values():
        found.extend(_settle(members))
    return found


@lru_cache(maxsize=4096)
def _awake_and_asleep(
    plan: Plan, told: frozenset[str], bands: tuple[Answer, ...]
) -> tuple[tuple[tuple[Rule, Answer], ...], tuple[Verdict, ...]]:
    """The rules to be looked at, each with its band, and what the others say, as nothing they rest on was answered.

    Kept, because people answer the same questions again and again.
    """
    awake: list[tuple[Rule, Answer]] = []
    asleep: list[Verdict] = []
    for planned in plan.rules:
        band = bands[planned.band]
        if band.truth is False:
            continue
        if band.truth and planned.rests_on is not None and planned.rests_on.isdisjoint(told):
            asleep.append(planned.unanswered)
        else:
            awake.append((planned.rule, YES if band.truth else band))
    return tuple(awake), tuple(asleep)


class Answers(dict[Condition, Answer]):
    """What each condition says of one history, worked out when first asked for."""

    __slots__ = ("facts",)

    def __init__(self, facts: Facts, blank: dict[Condition, Answer]) -> None:
        super().__init__(blank)
        self.facts = facts

    def __missing__(self, condition: Condition) -> Answer:
        found = self[condition] = answer(condition, self.facts[condition.fact])
        return found


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


def in_band(band: Band, facts: Facts) -> Answer:
    """Whether the person is of the age and sex a rule is for. Birthdays are `Facts.next_birthday`, for all at once."""
    if band.is_everybody:
        return YES
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
