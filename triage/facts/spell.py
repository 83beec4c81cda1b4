"""Named facts that hold for a spell of days: how long ago, how fresh, not yet two weeks."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from triage.facts.combined import as_fact
from triage.facts.fact import Condition, Fact, Part, answer, any_holds, crisp, unknown
from triage.facts.place import INJURIES, OPEN
from triage.facts.record import RESTARTS

if TYPE_CHECKING:
    from triage.facts import Facts

ONE_MONTH_DAYS = 28
WOUND_DAYS = 30
WOUNDS = RESTARTS | {"biopsy"}
NEW_INJURY_DAYS = 14
HEALING_DAYS = 42  # the hard stop of trauma
UNEXPLAINED_DAYS = 14  # what any lump is given
SMALL_BOIL_MM = 30  # a carbuncle begins here


def days(facts: Facts) -> Fact:
    """Days since it was first noticed, or since the first entry."""
    noticed_on = facts.record.noticed_on
    return unknown("first_noticed_on") if noticed_on is None else facts.record.days_since(noticed_on, "lump.days")


def healing_injury(facts: Facts) -> Fact:
    """Crisp: a known injury that is known to be shrinking may be watched longer, for six weeks at most."""
    known = facts["lump.injured"].value is True and facts["lump.shrinking"].value is True
    return while_days(facts, "lump.healing_injury", known, under=HEALING_DAYS)


def settling_injury(facts: Facts) -> Fact:
    """Crisp: a known injury within its time: four weeks while known to be shrinking, else the two of any lump."""
    began = None if facts["lump.growing"].value is True else _injured_on(facts, INJURIES)
    under = ONE_MONTH_DAYS if facts["lump.shrinking"].value is True else UNEXPLAINED_DAYS
    return since_under(facts, "lump.settling_injury", began, under=under)


def fresh_puncture(facts: Facts) -> Fact:
    """Crisp: a known bite, sting or vaccination within its seven days, when red and hot belong to it."""
    known = facts["lump.bitten"].value is True or facts.record.history.lump.background.get("cause") == "vaccination"
    return while_days(facts, "lump.fresh_puncture", known, under=7)


def fresh_bite(facts: Facts) -> Fact:
    """Crisp: a known bite or sting within its seven days."""
    return while_days(facts, "lump.fresh_bite", facts["lump.bitten"].value is True, under=7)


def infection_redness(facts: Facts) -> Fact:
    """Red and hot as an infection is; in the first week of a bite, sting or vaccination that belongs to it."""
    red_and_hot, puncture = facts["skin.red_and_hot"], facts["lump.fresh_puncture"]
    if puncture.value is not True or red_and_hot.value is False:
        return red_and_hot
    return Fact(False, (Part("skin.infection_redness", False),), until=puncture.until)


def small_boil(facts: Facts) -> Fact:
    """Crisp: a known small skin infection within its fourteen days. Red, sore and pus belong to it."""
    if facts["lump.infection_in_skin"].value is not True:
        return crisp("lump.small_boil", False)
    size = facts["lump.size_mm"].value
    small = size is not None and size < SMALL_BOIL_MM  # type: ignore[operator]  # a length
    return while_days(facts, "lump.small_boil", small and facts["lump.growing"].value is not True, under=14)


def settling_child_gland(facts: Facts) -> Fact:
    """Crisp: a child's neck gland under 20 mm after a known infection, known to be going down: may be firm.

    Soreness is no reason to be calm, though the criterion names it: a yes to an alarming question never lowers a level.
    """
    known = _child_gland_after_infection(facts) and facts["lump.shrinking"].value is True
    return while_days(facts, "lump.settling_child_gland", known, under=14)


def sore_child_gland(facts: Facts) -> Fact:
    """Crisp: the same gland, known not to be growing: soreness belongs to it."""
    known = _child_gland_after_infection(facts) and facts["lump.growing"].value is False
    return while_days(facts, "lump.sore_child_gland", known, under=14)


def _child_gland_after_infection(facts: Facts) -> bool:
    lump = facts.record.history.lump
    if (
        lump.site not in ("neck", "jaw")
        or lump.background.get("kind") != "gland"
        or lump.background.get("cause") != "infection"
        or facts.age_at_least_months(16 * 12) is not False
    ):
        return False
    size = facts["lump.size_mm"].value
    return size is not None and size < 20  # type: ignore[operator]  # a length


def fresh_wound(facts: Facts) -> Fact:
    """Operated on, treated or cut for a sample here within the last thirty days. A blank cause is not known."""
    name, under = "lump.fresh_wound", WOUND_DAYS + 1
    dates = [event.on for event in facts.record.care if event.kind in WOUNDS]
    treated = since_under(facts, name, max(dates) if dates else None, under=under)
    told = _caused_under(facts, name, frozenset({"surgery"}), under=under)
    return as_fact(name, any_holds([answer(Condition(name, "is", True), one) for one in (treated, told)]))


def new_injury(facts: Facts) -> Fact:
    """An injury of the last two weeks. A blank cause is not known."""
    return _caused_under(facts, "lump.new_injury", INJURIES, under=NEW_INJURY_DAYS + 1)


def after_serious_accident(facts: Facts) -> Fact:
    """It began with a serious accident within the last six weeks. A blank cause is not known.

    Nor is it once a back that hurt by then has not been asked about since: time alone does not end that.
    """
    causes = frozenset({"serious_accident"})
    in_time = _caused_under(facts, "lump.after_serious_accident", causes, under=HEALING_DAYS)
    began, last = _injured_on(facts, causes), facts.record.answers.get("back_pain")
    if in_time.value is not False or began is None or last is None or last.value is not True:
        return in_time
    hurt_on = facts.record.day_of(last.observation.judged_at)
    return unknown("back_pain") if (hurt_on - began).days < HEALING_DAYS else in_time


def _caused_under(facts: Facts, name: str, causes: frozenset[str], *, under: int) -> Fact:
    """Whether one of these caused it fewer days ago; not known while the cause is open and the days allow it."""
    if facts.record.history.lump.background.get("cause") not in OPEN:
        return since_under(facts, name, _injured_on(facts, causes), under=under)
    began = _began_on(facts)
    if began is None:
        return unknown("cause")
    in_time = since_under(facts, name, began, under=under)
    return Fact(None, missing=("cause",), until=in_time.until) if in_time.value else in_time


def _injured_on(facts: Facts, causes: frozenset[str]) -> date | None:
    return _began_on(facts) if facts.record.history.lump.background.get("cause") in causes else None


def _began_on(facts: Facts) -> date | None:
    told = facts.record.history.lump.background.get("cause_on")
    return told if isinstance(told, date) else facts.record.noticed_on


def while_days(facts: Facts, name: str, known: bool, *, under: int) -> Fact:
    if not known:
        return crisp(name, False)
    count = facts["lump.days"]
    if count.value is None:
        return crisp(name, False)
    holds = answer(Condition("lump.days", "<", under), count)
    return Fact(holds.truth, (Part(name, bool(holds.truth)),), until=holds.until)


def since_under(facts: Facts, name: str, began: date | None, *, under: int) -> Fact:
    if began is None:
        return crisp(name, False)
    holds = answer(Condition(name, "<", under), facts.record.days_since(began, name))
    return Fact(holds.truth, (Part(name, bool(holds.truth)),), until=holds.until)
