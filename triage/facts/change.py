"""Named facts about change: growing, shrinking, come back."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from triage.facts.fact import NO, Answer, Condition, Fact, Part, answer, any_holds, crisp, unknown
from triage.growth import Growth

if TYPE_CHECKING:
    from triage.facts import Facts

NO_WAITING_MM = 43  # from here on a suspicion is not left for a second reading
HURRIES = (
    Condition("lump.size_mm", ">=", NO_WAITING_MM),
    Condition("fever", "is", True),
    Condition("sign.spreading_redness", "is", True),
    Condition("sign.numb_or_weak_beyond", "is", True),
    Condition("cauda_equina_sign", "is", True),
)
HEALED_DAYS = 42  # after this what is still there is not the wound any more


def growing(facts: Facts) -> Fact:
    """The person's own word counts by itself; so do the readings. Where waiting is wrong, a suspicion is enough."""
    trend, growth = facts["sign.trend"], facts.growth
    hurry = NO if growth.confirm_at is None else _must_not_wait(facts)
    yeses = [Answer(True, trend.parts, (), trend.until)] if trend.value == "bigger" else []
    if growth.state == "growing":
        yeses.append(Answer(True, _seen(growth)))
    elif hurry.truth:
        yeses.append(Answer(True, _seen(growth), (), hurry.until))
    if yeses:
        held = any_holds(yeses)
        return Fact(True, held.parts, until=held.until)
    if trend.value is None and (growth.state == "too_few" or _was_bigger(facts)):
        return unknown("trend", "length_mm")
    if hurry.truth is None:
        return Fact(None, missing=hurry.missing, until=hurry.until)
    return Fact(False, (Part("lump.growing", False),))


def _was_bigger(facts: Facts) -> bool:
    """Said once, and now too long ago to be taken as still so."""
    last = facts.record.answers.get("trend")
    return last is not None and last.value == "bigger"


def _must_not_wait(facts: Facts) -> Answer:
    """Fever, spreading redness, a nerve sign, a child or a large lump: no second reading is waited for (3.3)."""
    return any_holds(
        [
            *(answer(condition, facts[condition.fact]) for condition in HURRIES),
            Answer(facts.age_at_least_months(18 * 12) is False),
        ]
    )


def shrinking(facts: Facts) -> Fact:
    """Crisp: known to be getting smaller, by the person's word or by the readings, and not said to be bigger."""
    trend = facts["sign.trend"].value
    smaller = trend == "smaller" or (trend != "bigger" and facts.growth.state == "shrinking")
    return crisp("lump.shrinking", smaller)


def growth_state(facts: Facts) -> Fact:
    growth = facts.growth
    if growth.state == "too_few":
        return unknown("length_mm")
    return Fact(growth.state, _seen(growth))


def _seen(growth: Growth) -> tuple[Part, ...]:
    return (Part("growth.state", growth.state, tuple(map(str, growth.observations))),)


def came_back(facts: Facts) -> Fact:
    """Crisp: still measured or felt six weeks after it was removed."""
    record = facts.record
    removed = [event.on for event in record.care if event.kind == "removed"]
    if not removed:
        return crisp("lump.came_back", False)
    healed = max(removed) + timedelta(days=HEALED_DAYS)
    after = [
        one
        for one in record.observations
        if record.day_of(one.judged_at) >= healed and (one.length_mm or one.signs.get("trend") not in (None, "gone"))
    ]
    if not after:
        return crisp("lump.came_back", False)
    return crisp("lump.came_back", True, (Part("lump.came_back", True, tuple(str(one.id) for one in after[-1:])),))
