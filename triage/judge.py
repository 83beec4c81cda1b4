"""Rules against facts: each fires, stays quiet or is unknown; families that differ by age or sex settle together."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from datetime import datetime
from functools import lru_cache
from typing import NamedTuple

from triage.facts import Answer, Answers, Facts, MonthsOld, age_at_least, all_hold
from triage.facts.fact import NO, YES, Truth, first_instant
from triage.plan import NOTHING, Plan, Planned, Some, Verdict, footing, in_order, plan_of, told_in
from triage.rulebook import RANK, Band, Rule, Rulebook
from triage.scene import Scene, conditions_hold, quiet_in, scene_of, sighting


class Judgement(NamedTuple):
    """What the rules about a place say, but for those that are quiet for good."""

    decided: list[Verdict]
    asleep: Sequence[Planned]  # not known, as nothing they rest on was answered; in the book's order


def verdicts(rulebook: Rulebook, facts: Facts) -> list[Verdict]:
    """What the rules about this place say, but for those that are quiet for good."""
    judgement = judge(rulebook, facts)
    return [*judgement.decided, *[one.unanswered for one in judgement.asleep]]


def judge(rulebook: Rulebook, facts: Facts, *, only_urgent: bool = False) -> Judgement:
    """Every rule about this place against the facts. `only_urgent`: the lump is closed."""
    record = facts.record
    plan = plan_of(rulebook, record.history.lump.site, only_urgent=only_urgent)
    months_old, sex, quiet = _stage(rulebook.ages, facts.months_old), record.history.person.sex, quiet_in(record)
    people = _people(plan, months_old, sex)
    seen = sighting(plan, facts.ground, months_old, sex, quiet)
    if seen.scene is None and seen.is_second:
        awake = _begin(plan, facts).awake
        seen.scene = scene_of(plan, people.surely, awake, facts.ground, months_old, quiet)
    seen.is_second = True
    return _judge_all(plan, people, facts) if seen.scene is None else _judge_open(seen.scene, people, facts)


def _judge_open(scene: Scene, people: _People, facts: Facts) -> Judgement:
    """What the scene leaves open, and the rest as it says."""
    facts.answers.update(scene.answers)
    decided = [*scene.decided, *_undecided_band(people.maybe, facts.answers)]
    decided += _held(scene.open, facts.answers)
    return Judgement(decided, scene.asleep)


def _judge_all(plan: Plan, people: _People, facts: Facts) -> Judgement:
    """Every rule worked out for this history."""
    start = _begin(plan, facts)
    decided = _undecided_band(people.maybe, facts.answers)
    decided += _held(in_order(plan, people.surely & start.awake & ~start.ruled_out), facts.answers)
    return Judgement(decided, in_order(plan, people.surely & ~start.awake))


def _held(rules: Iterable[Planned], answers: Answers) -> list[Verdict]:
    found = [(planned.rule, conditions_hold(planned.rule, answers)) for planned in rules]
    return [Verdict(rule, held) for rule, held in found if held is not NO]


class _Start(NamedTuple):
    """Rules that all answers together rule out, and those that they wake."""

    ruled_out: Some
    awake: Some


def _begin(plan: Plan, facts: Facts) -> _Start:
    """The footing, and what each answer adds to it. What this settles is put among the answers of the facts."""
    ruled_out, awake, known = footing(plan, facts.ground)
    answers = facts.answers
    answers.update(known)
    for one in facts.told.items():
        told = told_in(plan, one)
        if told is not NOTHING:
            ruled_out |= told.ruled_out
            awake |= told.awake
            answers.update(told.noes)
            for condition in told.open:
                answers.pop(condition, None)
    return _Start(ruled_out, awake)


def _stage(ages: tuple[int, ...], months_old: MonthsOld | None) -> MonthsOld | None:
    """The last of these ages that was reached, for the youngest and the oldest the person may be: rules tell no more
    ages apart."""
    if months_old is None:
        return None
    fewest, most = [bisect_right(ages, months) for months in months_old]
    return (ages[fewest - 1] if fewest else 0), (ages[most - 1] if most else 0)


class _People(NamedTuple):
    """The rules that are for such a person, and those that may be, each with what is missing."""

    surely: Some
    maybe: tuple[tuple[Rule, Answer], ...]


@lru_cache(maxsize=4096)
def _people(plan: Plan, months_old: MonthsOld | None, sex: str | None) -> _People:
    bands = {band: in_band(band, months_old, sex) for band in plan.bands}
    maybe = [
        (one, told) for band, told in bands.items() if told.truth is None for one in in_order(plan, plan.bands[band])
    ]
    surely: Some = 0
    for band, told in bands.items():
        surely |= plan.bands[band] if told is YES else 0
    return _People(
        surely,
        tuple([(one.rule, told) for one, told in sorted(maybe, key=lambda pair: pair[0].place)]),
    )


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
