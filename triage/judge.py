"""Rules against facts: each fires, stays quiet or is unknown; families that differ by age or sex settle together."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from functools import lru_cache
from typing import NamedTuple

from triage.facts import Answer, Condition, Facts, MonthsOld, age_at_least, all_hold, answer, any_holds, opposite
from triage.facts.fact import NO, YES, Truth, first_instant
from triage.plan import Plan, Planned, Verdict, footing, plan_of, settled_by
from triage.rulebook import RANK, Band, Rule, Rulebook


class Judgement(NamedTuple):
    """What the rules about a place say, but for those that are quiet for good."""

    decided: list[Verdict]
    asleep: list[Planned]  # not known, as nothing they rest on was answered; in the book's order


def verdicts(rulebook: Rulebook, facts: Facts) -> list[Verdict]:
    """What the rules about this place say, but for those that are quiet for good."""
    judgement = judge(rulebook, facts)
    return [*judgement.decided, *[one.unanswered for one in judgement.asleep]]


def judge(rulebook: Rulebook, facts: Facts, *, only_urgent: bool = False) -> Judgement:
    """Every rule about this place against the facts. `only_urgent`: the lump is closed."""
    plan = plan_of(rulebook, facts.record.history.lump.site, only_urgent=only_urgent)
    ground = footing(plan, facts.ground)
    awake, ruled_out, answers = set(ground.awake), set(ground.ruled_out), Answers(facts, ground.answers)
    for sign, value in facts.told.items():
        awake |= plan.woken_by.get(sign, NOBODY)
        settled = settled_by(plan, sign, value)
        for condition in settled.opened:
            answers.pop(condition, None)
        answers |= settled.noes
        ruled_out |= settled.ruled_out
    people = _people(plan, facts.months_old, facts.record.history.person.sex)
    decided = _undecided_band(people.maybe, answers)
    asleep: list[Planned] = []
    for planned in people.surely:
        if planned not in awake:
            asleep.append(planned)
        elif planned not in ruled_out:
            held = conditions_hold(planned.rule, answers)
            if held is not NO:
                decided.append(Verdict(planned.rule, held))
    return Judgement(decided, asleep)


NOBODY: frozenset[Planned] = frozenset()


class _People(NamedTuple):
    """The rules that are for such a person, and those that may be, each with what is missing."""

    surely: tuple[Planned, ...]
    maybe: tuple[tuple[Rule, Answer], ...]


@lru_cache(maxsize=4096)
def _people(plan: Plan, months_old: MonthsOld | None, sex: str | None) -> _People:
    bands = [in_band(band, months_old, sex) for band in plan.bands]
    rows = [(planned, bands[planned.band]) for planned in plan.rules]
    return _People(
        tuple([planned for planned, band in rows if band is YES]),
        tuple([(planned.rule, band) for planned, band in rows if band.truth is None]),
    )


class Answers(dict[Condition, Answer]):
    """What each condition says of one history, worked out when first asked for."""

    __slots__ = ("facts",)

    def __init__(self, facts: Facts, known: Mapping[Condition, Answer]) -> None:
        super().__init__(known)
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


def in_band(band: Band, months_old: MonthsOld | None, sex: str | None) -> Answer:
    """Whether the person is of the age and sex a rule is for. Birthdays are `Facts.next_birthday`, for all at once."""
    truth: Truth = True
    missing: tuple[str, ...] = ()
    old_enough = age_at_least(months_old, band.from_months) if band.from_months else True
    grown = age_at_least(months_old, band.under_months) if band.under_months is not None else False
    if old_enough is False or grown is True:
        return NO
    if old_enough is None or grown is None:
        truth, missing = None, ("birth_date",)
    if band.sexes is not None:
        if sex is None:
            truth, missing = None, (*missing, "sex")
        elif sex not in band.sexes:
            return NO
    return YES if truth else Answer(None, (), missing)


def _undecided_band(rules: Iterable[tuple[Rule, Answer]], answers: Answers) -> list[Verdict]:
    """Rules that may or may not be for this person. Those of one family settle together."""
    found: list[Verdict] = []
    families: dict[str, list[tuple[Rule, Answer, Answer]]] = {}
    for rule, band in rules:
        case = conditions_hold(rule, answers)
        if rule.family is not None:
            families.setdefault(rule.family, []).append((rule, band, case))
        elif (held := all_hold((band, case))) is not NO:
            found.append(Verdict(rule, held))
    for members in families.values():
        found.extend(_settle(members))
    return found


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
