"""The named facts: everything a rule needs that is more than one comparison. Each is a function with its own tests.

Crisp facts (never unknown) are exceptions that only positive knowledge may grant: a missing answer leaves them false,
so that it can never lower a level.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, timedelta
from typing import TYPE_CHECKING

from triage.facts.fact import Answer, Condition, Fact, Part, Value, all_hold, answer, any_holds, unknown
from triage.facts.record import RESTARTS

if TYPE_CHECKING:
    from triage.facts import Facts

ONE_MONTH_DAYS = 28
WOUND_DAYS = 30
NEW_INJURY_DAYS = 14
HEALING_DAYS = 42  # the hard stop of trauma and wounds: what is still there is not the wound any more
GLAND_SITES = frozenset({"neck", "axilla", "groin", "supraclavicular", "jaw"})
HERNIA_SITES = frozenset({"groin", "abdomen", "scrotum"})
SPINE_SITES = frozenset({"lower_back", "upper_back", "natal_cleft"})
NOT_EXPLAINED = frozenset({None, "none", "unsure"})
INJURIES = frozenset({"injury", "serious_accident"})
BITES = frozenset({"insect_bite", "sting"})
SMALL_BOIL_MM = 30  # a carbuncle begins here
NO_WAITING_MM = 43  # from here on a suspicion is not left for a second reading
MOLE_MM = 7

# Named facts that are plain combinations: any of these, all of these.
ANY_OF: Mapping[str, tuple[tuple[str, str, Value], ...]] = {
    "cauda_equina_sign": (
        ("sign.saddle_numbness", "is", True),
        ("sign.bladder_change", "is", True),
        ("sign.bowel_change", "is", True),
        ("sign.both_legs_affected", "is", True),
        ("sign.sexual_sensation_change", "is", True),
    ),
    "pain.severe": (("sign.pain", ">=", 7), ("sign.pain_severe_sudden", "is", True)),
    "pain.more_than_mild": (("sign.pain", ">=", 4), ("sign.pain_severe_sudden", "is", True)),
    "skin.infected": (
        ("sign.pus", "is", True),
        ("skin.red_and_hot", "is", True),
        ("sign.spreading_redness", "is", True),
        ("lump.infection_in_skin", "is", True),
    ),
    "lump.infected": (("skin.infected", "is", True), ("lump.cause", "is", "infection")),
    "head_knock": (("sign.head_injury", "is", True), ("lump.new_injury", "is", True)),
    "lump.two_weeks_or_uncertain": (("lump.days", ">=", 14), ("lump.duration_uncertain", "is", True)),
    "lump.new_or_growing": (("lump.days", "<", 366), ("lump.growing", "is", True)),
    "immunity.weak": (
        ("person.weak_immunity", "is", True),
        ("person.transplant", "is", True),
        ("person.diabetes", "is", True),
    ),
    "bleeding_risk": (("person.anticoagulant", "is", True), ("person.bleeding_disorder", "is", True)),
    "systemic_symptom": (
        ("fever", "is", True),
        ("sign.night_sweats", "is", True),
        ("sign.weight_loss", "is", True),
        ("sign.itch", "is", True),
        ("sign.breathless", "is", True),
    ),
    "limb_or_blood_loss_sign": (
        ("pain.severe", "is", True),
        ("sign.numb_or_weak_beyond", "is", True),
        ("sign.limb_cold", "is", True),
        ("sign.dizzy", "is", True),
        ("sign.collapse", "is", True),
    ),
    "skin.sore": (
        ("sign.ulcer", "is", True),
        ("sign.bleeding", "is", True),
        ("sign.oozing", "is", True),
        ("sign.inflammation", "is", True),
        ("sign.sensation_change", "is", True),
    ),
}
ALL_OF: Mapping[str, tuple[tuple[str, str, Value], ...]] = {
    "skin.red_and_hot": (("sign.red", "is", True), ("sign.hot", "is", True)),
    "fever_and_vomiting": (("fever", "is", True), ("sign.vomiting", "is", True)),
    "toothache_and_fever": (("sign.toothache", "is", True), ("fever", "is", True)),
}


def as_fact(name: str, held: Answer) -> Fact:
    """An answer as a fact: its parts stay the plain ones, so that a person is told the sign and not our name for it."""
    if held.truth is None:
        return Fact(None, missing=held.missing, until=held.until)
    return Fact(held.truth, held.parts if held.truth else (Part(name, False),), until=held.until)


def combined(facts: Facts, name: str) -> Fact | None:
    """The combination of that name, if there is one."""
    if name in ANY_OF:
        return as_fact(name, any_holds(_answers(facts, ANY_OF[name])))
    if name in ALL_OF:
        return as_fact(name, all_hold(_answers(facts, ALL_OF[name])))
    return None


def _answers(facts: Facts, rows: tuple[tuple[str, str, Value], ...]) -> list[Answer]:
    return [answer(Condition(name, op, value), facts[name]) for name, op, value in rows]


def _crisp(name: str, value: bool, parts: tuple[Part, ...] = ()) -> Fact:
    return Fact(value, parts or (Part(name, value),))


def fever(facts: Facts) -> Fact:
    """Felt or measured (38.0 C and over). Not known while neither was answered, or while a fever grew too old to trust."""
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


def size_mm(facts: Facts) -> Fact:
    """The longest side at the last measured check. A reading that looks like a slip downwards is not believed alone."""
    for one in reversed(facts.record.observations):
        sides = [side for side in (one.length_mm, one.width_mm, one.height_mm) if side is not None]
        if sides:
            longest = max(sides)
            if facts.growth.last_is_slip_down and facts.growth.size_mm is not None:
                longest = max(longest, facts.growth.size_mm)
            return Fact(longest, (Part("lump.size_mm", longest, (str(one.id),)),))
    return unknown("length_mm")


def growing(facts: Facts) -> Fact:
    """The person's own word counts by itself; so do the readings. Where waiting is wrong, a suspicion is enough."""
    trend, growth = facts["sign.trend"], facts.growth
    said = trend.value == "bigger"
    measured = growth.state == "growing" or (growth.confirm_at is not None and _must_not_wait(facts))
    parts = trend.parts if said else ()
    if measured:
        parts += (Part("growth.state", growth.state, growth.observations),)
    if said or measured:
        return Fact(True, parts, until=None if measured else trend.until)
    if trend.value is None and (growth.state == "too_few" or ("trend" in facts.record.answers and _was_bigger(facts))):
        return unknown("trend", "length_mm")
    return Fact(False, (Part("lump.growing", False),))


def _was_bigger(facts: Facts) -> bool:
    return facts.record.answers["trend"].value == "bigger"


def _must_not_wait(facts: Facts) -> bool:
    """Fever, spreading redness, a nerve sign, a child, or a large lump: section 3.3 forbids waiting for a second reading."""
    size = facts["lump.size_mm"].value
    return (
        (size is not None and size >= NO_WAITING_MM)  # type: ignore[operator]  # a length
        or facts["fever"].value is True
        or facts["sign.spreading_redness"].value is True
        or facts["sign.numb_or_weak_beyond"].value is True
        or facts["cauda_equina_sign"].value is True
        or facts.age_at_least_months(18 * 12) is False
    )


def shrinking(facts: Facts) -> Fact:
    """Crisp: known to be getting smaller, by the person's word or by the readings, and not said to be bigger."""
    trend = facts["sign.trend"].value
    smaller = trend == "smaller" or (trend != "bigger" and facts.growth.state == "shrinking")
    return _crisp("lump.shrinking", smaller)


def unexplained(facts: Facts) -> Fact:
    """Crisp: no cause is recorded; "none", "unsure" and a blank all count."""
    value = facts.record.history.lump.background.get("cause")
    return _crisp("lump.unexplained", value in NOT_EXPLAINED)


def days(facts: Facts) -> Fact:
    """Days since it was first noticed, or since the first entry."""
    noticed_on = facts.record.noticed_on
    return unknown("first_noticed_on") if noticed_on is None else facts.record.days_since(noticed_on, "lump.days")


def duration_uncertain(facts: Facts) -> Fact:
    """Crisp: nobody can say since when; the neck rules then take the time as long enough."""
    lump = facts.record.history.lump
    return _crisp("lump.duration_uncertain", lump.first_noticed_on is None or lump.first_noticed_certainty == "unknown")


def gland(facts: Facts) -> Fact:
    """Crisp: said to be a gland, or not said to be anything else where glands are."""
    lump = facts.record.history.lump
    value = lump.background.get("kind")
    return _crisp("lump.gland", value == "gland" or (value in (None, "unsure") and lump.site in GLAND_SITES - {"jaw"}))


def hernia_possible(facts: Facts) -> Fact:
    """Crisp: where hernias are, and not known to be a gland or in the skin."""
    lump = facts.record.history.lump
    return _crisp(
        "lump.hernia_possible", lump.site in HERNIA_SITES and lump.background.get("kind") not in ("in_skin", "gland")
    )


def abdominal_mass(facts: Facts) -> Fact:
    """Crisp: in the belly, and not known to be in or under the skin, a gland or a hernia."""
    lump = facts.record.history.lump
    return _crisp(
        "lump.abdominal_mass",
        lump.site in ("abdomen", "flank") and lump.background.get("kind") in (None, "unsure", "deep"),
    )


def comes_and_goes(facts: Facts) -> Fact:
    """Crisp: known to come and go."""
    return _crisp("lump.comes_and_goes", facts.record.history.lump.background.get("kind") == "comes_and_goes")


def injured(facts: Facts) -> Fact:
    """Crisp: an injury is recorded as its cause."""
    return _crisp("lump.injured", facts.record.history.lump.background.get("cause") in INJURIES)


def bitten(facts: Facts) -> Fact:
    """Crisp: a bite or sting is recorded as its cause."""
    return _crisp("lump.bitten", facts.record.history.lump.background.get("cause") in BITES)


def infection_in_skin(facts: Facts) -> Fact:
    """Crisp: an infection in the skin is recorded as its cause: a boil, in the person's words."""
    background = facts.record.history.lump.background
    return _crisp(
        "lump.infection_in_skin", background.get("cause") == "infection" and background.get("kind") == "in_skin"
    )


def healing_injury(facts: Facts) -> Fact:
    """Crisp: a known injury that is known to be shrinking may be watched longer."""
    return _crisp("lump.healing_injury", facts["lump.injured"].value is True and facts["lump.shrinking"].value is True)


def fresh_bite(facts: Facts) -> Fact:
    """Crisp: a known bite or sting within its seven days."""
    return _while_days(facts, "lump.fresh_bite", facts["lump.bitten"].value is True, under=7)


def small_boil(facts: Facts) -> Fact:
    """Crisp: a known small skin infection within its fourteen days. Red, sore and pus belong to it."""
    size = facts["lump.size_mm"].value
    small = size is not None and size < SMALL_BOIL_MM  # type: ignore[operator]  # a length
    known = facts["lump.infection_in_skin"].value is True and small and facts["lump.growing"].value is not True
    return _while_days(facts, "lump.small_boil", known, under=14)


def settling_child_gland(facts: Facts) -> Fact:
    """Crisp: a child's neck gland under 20 mm after a known infection, known to be going down: may be sore."""
    lump, size = facts.record.history.lump, facts["lump.size_mm"].value
    known = (
        lump.site in ("neck", "jaw")
        and lump.background.get("kind") == "gland"
        and lump.background.get("cause") == "infection"
        and facts["lump.shrinking"].value is True
        and size is not None
        and size < 20  # type: ignore[operator]  # a length
        and facts.age_at_least_months(16 * 12) is False
    )
    return _while_days(facts, "lump.settling_child_gland", known, under=14)


def _while_days(facts: Facts, name: str, known: bool, *, under: int) -> Fact:
    count = facts["lump.days"]
    if not known or count.value is None:
        return _crisp(name, False)
    holds = answer(Condition("lump.days", "<", under), count)
    return Fact(holds.truth, (Part(name, bool(holds.truth)),), until=holds.until)


def simple_dimple(facts: Facts) -> Fact:
    """Crisp: a dimple with everything known that makes it simple; one blank and it is not."""
    lump = facts.record.history.lump
    told = lump.background
    low, high = told.get("pit_mm"), told.get("pit_above_anus_mm")
    simple = (
        lump.site == "natal_cleft"
        and lump.side == "midline"
        and told.get("pit") is True
        and told.get("pit_base_seen") is True
        and isinstance(low, (int, float))
        and low <= 5
        and isinstance(high, (int, float))
        and high <= 25
        and not any(told.get(mark) for mark in ("hair_tuft", "skin_tag", "birthmark", "duplicated_cleft"))
    )
    return _crisp("lump.simple_dimple", simple)


def midline_spine(facts: Facts) -> Fact:
    """Over the spine: the site says so and the side is the midline; a blank side is not known."""
    lump = facts.record.history.lump
    if lump.site not in SPINE_SITES:
        return _crisp("lump.midline_spine", False)
    if lump.side is None:
        return unknown("side")
    return _crisp("lump.midline_spine", lump.side == "midline")


def on_spine_or_face(facts: Facts) -> Fact:
    """Where a boil is not waited with."""
    if facts.record.history.lump.site in ("face", "eyelid", "lip"):
        return _crisp("lump.on_spine_or_face", True)
    return facts["lump.midline_spine"]


def came_back(facts: Facts) -> Fact:
    """Crisp: still measured or felt six weeks after it was removed."""
    record = facts.record
    removed = [event.on for event in record.care if event.kind == "removed"]
    if not removed:
        return _crisp("lump.came_back", False)
    healed = max(removed) + timedelta(days=HEALING_DAYS)
    after = [
        one
        for one in record.observations
        if record.day_of(one.judged_at) >= healed and (one.length_mm or one.signs.get("trend") not in (None, "gone"))
    ]
    if not after:
        return _crisp("lump.came_back", False)
    return _crisp("lump.came_back", True, (Part("lump.came_back", True, tuple(str(one.id) for one in after[-1:])),))


def fresh_wound(facts: Facts) -> Fact:
    """Crisp: operated on or treated here within the last thirty days."""
    lump, record = facts.record.history.lump, facts.record
    dates = [event.on for event in record.care if event.kind in RESTARTS]
    told = lump.background.get("cause_on")
    if lump.background.get("cause") == "surgery":
        began = told if isinstance(told, date) else record.noticed_on
        dates.extend([began] if began else [])
    return _since_under(facts, "lump.fresh_wound", max(dates) if dates else None, under=WOUND_DAYS + 1)


def fresh_injury(facts: Facts) -> Fact:
    """Crisp: a known injury less than four weeks old."""
    return _since_under(facts, "lump.fresh_injury", _injured_on(facts, INJURIES), under=ONE_MONTH_DAYS)


def new_injury(facts: Facts) -> Fact:
    """Crisp: a known injury of the last two weeks."""
    return _since_under(facts, "lump.new_injury", _injured_on(facts, INJURIES), under=NEW_INJURY_DAYS + 1)


def after_serious_accident(facts: Facts) -> Fact:
    """Crisp: it began with a serious accident within the last six weeks."""
    began = _injured_on(facts, frozenset({"serious_accident"}))
    return _since_under(facts, "lump.after_serious_accident", began, under=HEALING_DAYS)


def _injured_on(facts: Facts, causes: frozenset[str]) -> date | None:
    lump = facts.record.history.lump
    if lump.background.get("cause") not in causes:
        return None
    told = lump.background.get("cause_on")
    return told if isinstance(told, date) else facts.record.noticed_on


def _since_under(facts: Facts, name: str, began: date | None, *, under: int) -> Fact:
    if began is None:
        return _crisp(name, False)
    holds = answer(Condition(name, "<", under), facts.record.days_since(began, name))
    return Fact(holds.truth, (Part(name, bool(holds.truth)),), until=holds.until)


def known_to_push_back(facts: Facts) -> Fact:
    """Crisp: said that it can be pushed back."""
    return _crisp("lump.known_to_push_back", facts["sign.pushes_back"].value is True)


def not_of_the_testicle(facts: Facts) -> Fact:
    """Crisp: known to be in the skin, or to come and go."""
    kind = facts.record.history.lump.background.get("kind")
    return _crisp("lump.not_of_the_testicle", kind in ("in_skin", "comes_and_goes"))


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
        return _crisp("infant.not_mobile", False)
    if facts.age_at_least_months(6) is False:
        return _crisp("infant.not_mobile", True)
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
    """Days that a sore, bleeding, weeping or sore-edged skin has lasted: as told, or since the check that first said so."""
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
    """Five per cent within six months. Lost without trying and not weighed counts too; weighed and under five does not."""
    lost, percent = facts["sign.weight_loss"], facts["sign.weight_loss_percent"]
    if percent.value is not None:
        enough = answer(Condition("", ">=", 5), percent)
        if enough.truth or facts.age_at_least_months(60 * 12) is not True or lost.value is not True:
            return as_fact("weight_loss.matters", enough)
    return lost


def growth_state(facts: Facts) -> Fact:
    growth = facts.growth
    if growth.state == "too_few":
        return unknown("length_mm")
    return Fact(growth.state, (Part("growth.state", growth.state, growth.observations),))


def always(facts: Facts) -> Fact:
    """Crisp: for rules that hold wherever their place and age do."""
    return Fact(True, (Part("lump.site", facts.record.history.lump.site),))


DERIVED: Mapping[str, Callable[[Facts], Fact]] = {
    "always": always,
    "fever": fever,
    "fever.measured_38": fever_38,
    "lump.size_mm": size_mm,
    "lump.growing": growing,
    "growth.state": growth_state,
    "lump.shrinking": shrinking,
    "lump.unexplained": unexplained,
    "lump.days": days,
    "lump.duration_uncertain": duration_uncertain,
    "lump.gland": gland,
    "lump.hernia_possible": hernia_possible,
    "lump.abdominal_mass": abdominal_mass,
    "lump.comes_and_goes": comes_and_goes,
    "lump.injured": injured,
    "lump.bitten": bitten,
    "lump.infection_in_skin": infection_in_skin,
    "lump.healing_injury": healing_injury,
    "lump.fresh_bite": fresh_bite,
    "lump.small_boil": small_boil,
    "lump.settling_child_gland": settling_child_gland,
    "lump.simple_dimple": simple_dimple,
    "lump.midline_spine": midline_spine,
    "lump.on_spine_or_face": on_spine_or_face,
    "lump.came_back": came_back,
    "lump.fresh_wound": fresh_wound,
    "lump.fresh_injury": fresh_injury,
    "lump.new_injury": new_injury,
    "lump.after_serious_accident": after_serious_accident,
    "lump.known_to_push_back": known_to_push_back,
    "lump.not_of_the_testicle": not_of_the_testicle,
    "glands.regions": gland_regions,
    "infant.not_mobile": not_mobile_infant,
    "mole.score": mole_score,
    "sore.days": sore_days,
    "weight_loss.matters": weight_loss_matters,
}
