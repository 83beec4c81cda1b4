"""Named facts about the person as a whole: fever, weight, glands, moles, bruises, babies.

A "no" that a later number contradicted is not heard again once the number is too old to count: then nobody knows.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from triage.facts.combined import as_fact
from triage.facts.fact import Condition, Fact, Part, answer, crisp, unknown

if TYPE_CHECKING:
    from triage.facts import Facts

MOLE_MM = 7


def fever(facts: Facts) -> Fact:
    """Felt or measured (38.0 C and over). Not known while neither was answered, or once a fever is too old to trust.

    A later "no fever" takes back what the thermometer said before; a cool reading takes back nothing that was felt.
    """
    felt, measured = facts["sign.fever"], facts["sign.temperature_c"]
    taken_back = felt.value is False and _has_last_word(facts, "fever", "temperature_c")
    hot = measured.value is not None and measured.value >= 38  # type: ignore[operator]  # the catalogue: a number
    hot = hot and not taken_back
    if felt.value is True or hot:
        told = [fact for fact, yes in ((felt, felt.value is True), (measured, hot)) if yes]
        parts = tuple(part for fact in told for part in fact.parts)
        until = None if any(fact.until is None for fact in told) else max(fact.until for fact in told if fact.until)
        return Fact(True, parts, until=until)
    if is_too_old(facts, "temperature_c") and not taken_back:
        return unknown("fever")
    if felt.value is False or (measured.value is not None and "fever" not in facts.record.answers):
        return Fact(False, (Part("fever", False),))
    return unknown("fever")


def fever_38(facts: Facts) -> Fact:
    """38.0 C and over: by the thermometer, unless fever was answered at a later check than the last reading."""
    felt, measured = facts["sign.fever"], facts["sign.temperature_c"]
    if "temperature_c" in facts.record.answers and not _has_last_word(facts, "fever", "temperature_c"):
        return measured if measured.value is None else _at_least("fever.measured_38", 38, measured)
    return felt if felt.value is not None else unknown("temperature_c")


def _at_least(name: str, number: float, told: Fact) -> Fact:
    return as_fact(name, answer(Condition("", ">=", number), told))


def _has_last_word(facts: Facts, name: str, other: str) -> bool:
    """Whether one question was answered, and last at a later check than another."""
    answers = facts.record.answers
    if name not in answers or other not in answers:
        return name in answers
    return answers[name].observation.judged_at > answers[other].observation.judged_at


def is_too_old(facts: Facts, name: str) -> bool:
    """Whether the last answer alarmed and does not count any more; of questions that nobody answers with "unsure"."""
    return name in facts.record.answers and facts[f"sign.{name}"].value is None


def gland_regions(facts: Facts) -> Fact:
    """Regions with swollen glands, this lump's own among them if it is one."""
    others = facts["sign.other_gland_regions"]
    if others.value is None:
        return others
    gland = facts["lump.gland"]
    if gland.value is None and others.value == 1:  # whether these are two depends on what this lump is
        return Fact(None, missing=gland.missing, until=others.until)
    own = 1 if gland.value is True else 0
    return Fact(others.value + own, others.parts, until=others.until)  # type: ignore[operator]  # the catalogue: a number


def not_mobile_infant(facts: Facts) -> Fact:
    """A baby that cannot roll or crawl: as told, or under six months old."""
    told = facts["person.not_yet_crawling"]
    if facts.age_at_least_months(24) is True:
        return crisp("infant.not_mobile", False)
    if facts.age_at_least_months(6) is False:
        return crisp("infant.not_mobile", True)
    return told


def mole_score(facts: Facts) -> Fact:
    """Weighted seven-point list: the points that are certain; not known while the blanks could still reach three."""
    weights = {
        "size_change": 2,
        "irregular_shape": 2,
        "irregular_colour": 2,
        "inflammation": 1,
        "oozing": 1,
        "sensation_change": 1,
    }
    sure = possible = 0
    parts: list[Part] = []
    missing: list[str] = []
    until = None
    for name, points in weights.items():
        sign = facts[f"sign.{name}"]
        if sign.value is None:
            possible += points
            missing.append(name)
        elif sign.value:
            sure += points
            parts.extend(sign.parts)
            until = sign.until if until is None or (sign.until is not None and sign.until < until) else until
    if parts or any(is_too_old(facts, name) for name in weights):  # the size alone makes no mole
        size = facts["lump.size_mm"]
        if size.value is None:
            possible += 1
            missing.append("length_mm")
        elif size.value >= MOLE_MM:  # type: ignore[operator]  # a length
            sure += 1
            parts.extend(size.parts)
    if sure < 3 <= sure + possible:
        return Fact(None, missing=tuple(missing), until=until)
    return Fact(sure, tuple(parts), until=until)


def bruise_mm(facts: Facts) -> Fact:
    """How wide the bruise is: as told, or the lump itself where it is said to be bruised, now or by its injury.

    Once what was told is too old to count, the lump's width is the least that it may be.
    """
    told, bruised = facts["sign.bruise_mm"], facts["sign.bruised"]
    too_old = is_too_old(facts, "bruise_mm")
    if told.value is not None or (bruised.value is False and not too_old):
        return told if told.value is not None else Fact(0)
    if "bruised" not in facts.record.answers:
        bruised = facts["lump.bruise_after_injury"]
    if bruised.value is not True:
        return unknown("bruise_mm")
    size = facts["lump.size_mm"]
    if size.value is None:
        return unknown("bruise_mm")
    raised_by = ("bruise_mm",) if too_old else ()
    return Fact(size.value, bruised.parts + size.parts, until=bruised.until, raised_by=raised_by)


def weight_loss_matters(facts: Facts) -> Fact:
    """Five per cent within six months, without trying. Not weighed counts too; under five does from 60 years on."""
    lost, percent = facts["sign.weight_loss"], facts["sign.weight_loss_percent"]
    is_contradicted = lost.value is False and _has_last_word(facts, "weight_loss_percent", "weight_loss")
    if percent.value is None:
        return unknown("weight_loss") if is_contradicted else lost
    if lost.value is False and not is_contradicted:
        return lost
    enough = _at_least("weight_loss.matters", 5, percent)
    sixty = facts.age_at_least_months(60 * 12)
    if enough.value is True or percent.value == 0 or sixty is False:
        return enough
    if lost.value is not True:
        return lost if lost.value is None else enough
    return lost if sixty else unknown("birth_date")
