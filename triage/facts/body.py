"""Named facts about the person as a whole: fever, weight, glands, moles, sores, babies."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING

from triage.facts.combined import as_fact
from triage.facts.fact import Condition, Fact, Part, answer, crisp, unknown

if TYPE_CHECKING:
    from triage.facts import Facts

MOLE_MM = 7


def fever(facts: Facts) -> Fact:
    """Felt or measured (38.0 C and over). Not known while neither was answered, or once a fever is too old to trust."""
    felt, measured = facts["sign.fever"], facts["sign.temperature_c"]
    hot = measured.value is not None and measured.value >= 38  # type: ignore[operator]  # the catalogue: a number
    if felt.value is True or hot:
        told = [fact for fact, yes in ((felt, felt.value is True), (measured, hot)) if yes]
        parts = tuple(part for fact in told for part in fact.parts)
        until = None if any(fact.until is None for fact in told) else max(fact.until for fact in told if fact.until)
        return Fact(True, parts, until=until)
    if felt.value is False or (measured.value is not None and "fever" not in facts.record.answers):
        return Fact(False, (Part("fever", False),))
    return unknown("fever")


def fever_38(facts: Facts) -> Fact:
    """38.0 C and over: by the thermometer if there is a reading, else as felt."""
    measured = facts["sign.temperature_c"]
    if measured.value is None:
        felt = facts["sign.fever"]
        return felt if felt.value is not None else unknown("temperature_c")
    return as_fact("fever.measured_38", answer(Condition("", ">=", 38), measured))


def gland_regions(facts: Facts) -> Fact:
    """Regions with swollen glands, this lump's own among them if it is one."""
    others = facts["sign.other_gland_regions"]
    if others.value is None:
        return others
    own = 1 if facts["lump.gland"].value is True else 0
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
    if parts:  # the size alone makes no mole
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


def sore_days(facts: Facts) -> Fact:
    """Days that the skin has been sore, bleeding or weeping: as told, or since the check that first said so."""
    record = facts.record
    begun: date | None = None
    found: list[Part] = []
    until = None
    for name in ("ulcer", "bleeding", "oozing", "inflammation", "sensation_change"):
        sign = facts[f"sign.{name}"]
        if sign.value is not True:
            continue
        began = _streak_began(facts, name)
        if begun is None or began < begun:
            begun = began
        found.extend(sign.parts)
        until = sign.until if until is None or (sign.until is not None and sign.until < until) else until
    told = facts["sign.ulcer_days"]
    if told.value is not None and facts["sign.ulcer"].value is not False:
        source = record.answers["ulcer_days"].observation
        began = record.day_of(source.judged_at) - timedelta(days=int(told.value))  # type: ignore[arg-type]  # a number
        if told.value and (begun is None or began < begun):
            begun = began
            found.extend(told.parts)
            until = told.until if until is None else until
    if begun is None:
        return unknown("ulcer", "ulcer_days") if facts["sign.ulcer"].value is None else Fact(0, ())
    count = record.days_since(begun, "sore.days")
    return Fact(count.value, tuple(found), until=until, crossing=count.crossing)


def _streak_began(facts: Facts, name: str) -> date:
    """The day of the first check in the unbroken run of yeses that ends now."""
    began = facts.record.today
    for one in reversed(facts.record.observations):
        value = one.signs.get(name)
        if value is False:
            break
        if value is True:
            began = facts.record.day_of(one.judged_at)
    return began


def weight_loss_matters(facts: Facts) -> Fact:
    """Five per cent within six months. Lost without trying and not weighed counts too; under five does not."""
    lost, percent = facts["sign.weight_loss"], facts["sign.weight_loss_percent"]
    if percent.value is not None:
        enough = answer(Condition("", ">=", 5), percent)
        if enough.truth or facts.age_at_least_months(60 * 12) is not True or lost.value is not True:
            return as_fact("weight_loss.matters", enough)
    return lost
