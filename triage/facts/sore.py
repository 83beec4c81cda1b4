"""How long the skin has been sore: as somebody said. The record alone gives the least that it may be."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING

from triage.facts.body import is_too_old
from triage.facts.fact import Fact, first_instant, unknown

if TYPE_CHECKING:
    from triage.facts import Facts

SORES = ("ulcer", "bleeding", "oozing", "clear_leak", "inflammation", "sensation_change")


def sore_days(facts: Facts) -> Fact:
    """Days that the skin has been sore, bleeding or weeping: as told, or at least since the check that first said so.

    How long it had been so by then is not known while nobody was asked, or was asked before it was sore. Neither is it
    while a sore that was told may still be there.
    """
    record = facts.record
    signs = {name: facts[f"sign.{name}"] for name in SORES}
    sore = [name for name in SORES if signs[name].value is True]
    begun = min((_streak_began(facts, name) for name in sore), default=None)
    parts = tuple(part for name in sore for part in signs[name].parts)
    asked = {name for name in SORES if is_too_old(facts, name)}
    last, told = record.answers.get("ulcer_days"), facts["sign.ulcer_days"]
    is_closed = signs["ulcer"].value is False and signs["bleeding"].value is not True
    if is_closed and signs["bleeding"].value is None and last is not None and last.value:
        asked.add("bleeding")  # the days told are those of "the sore or the bleeding"
    told_on = began = None
    if last is not None and told.value is not None:
        told_on = record.day_of(last.observation.judged_at)
        began = told_on - timedelta(days=int(told.value))  # type: ignore[arg-type]  # the catalogue: a number
    if began is not None and told.value and not is_closed and (begun is None or began < begun):
        begun, parts = began, parts + told.parts
    if begun is None:
        return _nothing_sore(signs["ulcer"], asked)
    if told_on is None or told_on < begun:
        asked.add("ulcer_days")
    until = told.until
    for name in sore:
        until = first_instant(until, signs[name].until)
    count = record.days_since(begun, "sore.days")
    return Fact(count.value, parts, until=until, crossing=count.crossing, raised_by=tuple(sorted(asked)))


def _nothing_sore(ulcer: Fact, asked: set[str]) -> Fact:
    """No days at all, unless something that may be sore was not asked, or too long ago."""
    if ulcer.value is None:
        asked = asked | {"ulcer", "ulcer_days"}
    return unknown(*sorted(asked)) if asked else Fact(0)


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
