"""Named facts about what the lump is and where.

What a rule rests on is not known while cause or kind is blank or unsure. What an exception rests on is crisp, because
an exception is granted by knowledge only.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from triage.facts.fact import Fact, Part, crisp, unknown

if TYPE_CHECKING:
    from triage.facts import Facts

GLAND_SITES = frozenset({"neck", "axilla", "groin", "supraclavicular"})
HERNIA_SITES = frozenset({"groin", "abdomen", "scrotum"})
STUCK_SITES = HERNIA_SITES | {"flank", "vulva"}  # where a blank kind is taken for a bulge that will not go back
BULGE_SITES = STUCK_SITES | {"thigh", "other"}
NO_BULGE = frozenset({"in_skin", "gland"})
OPEN = frozenset({None, "unsure"})
SPINE_SITES = frozenset({"lower_back", "upper_back", "natal_cleft"})
NOT_EXPLAINED = frozenset({None, "none", "unsure"})
INJURIES = frozenset({"injury", "serious_accident"})
BITES = frozenset({"insect_bite", "sting"})


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


def unexplained(facts: Facts) -> Fact:
    """Crisp: no cause is recorded; "none", "unsure" and a blank all count."""
    value = facts.record.history.lump.background.get("cause")
    return crisp("lump.unexplained", value in NOT_EXPLAINED)


def duration_uncertain(facts: Facts) -> Fact:
    """Crisp: nobody can say since when; the neck rules then take the time as long enough."""
    lump = facts.record.history.lump
    return crisp("lump.duration_uncertain", lump.first_noticed_on is None or lump.first_noticed_certainty == "unknown")


def gland(facts: Facts) -> Fact:
    """Said to be a gland, or not said to be anything else where glands are. Elsewhere a blank is not known."""
    lump = facts.record.history.lump
    value = lump.background.get("kind")
    if value in OPEN:
        return crisp("lump.gland", True) if lump.site in GLAND_SITES else unknown("kind")
    return crisp("lump.gland", value == "gland")


def hernia_possible(facts: Facts) -> Fact:
    """Crisp: where hernias are, the top of the leg among them, and not known to be a gland or in the skin."""
    lump = facts.record.history.lump
    return crisp("lump.hernia_possible", lump.site in BULGE_SITES and lump.background.get("kind") not in NO_BULGE)


def abdominal_mass(facts: Facts) -> Fact:
    """Crisp: in the belly, and not known to be in or under the skin, a gland or a hernia."""
    lump = facts.record.history.lump
    return crisp(
        "lump.abdominal_mass",
        lump.site in ("abdomen", "flank") and lump.background.get("kind") in (None, "unsure", "deep"),
    )


def comes_and_goes(facts: Facts) -> Fact:
    """So said, or said that it cannot be pushed back, which only such a bulge is asked. A blank kind is not known."""
    if facts["lump.known_bulge"].value is True:
        return crisp("lump.comes_and_goes", True)
    open_ = facts.record.history.lump.background.get("kind") in OPEN
    return unknown("kind") if open_ else crisp("lump.comes_and_goes", False)


def known_bulge(facts: Facts) -> Fact:
    """Crisp: known to come and go, or said not to go back where nobody said what else it is."""
    lump = facts.record.history.lump
    kind = lump.background.get("kind")
    pushed = facts.record.answers.get("pushes_back")
    stuck = pushed is not None and pushed.value is False and lump.site in STUCK_SITES and kind in OPEN
    return crisp("lump.known_bulge", kind == "comes_and_goes" or stuck)


def infected_not_gland(facts: Facts) -> Fact:
    """An infection is its cause, and it is not said to be a gland, which swells with a cold."""
    background = facts.record.history.lump.background
    cause, kind = background.get("cause"), background.get("kind")
    if cause in OPEN and kind != "gland":
        return unknown("cause")
    return crisp("lump.infected_not_gland", cause == "infection" and kind != "gland")


def not_of_the_testicle(facts: Facts) -> Fact:
    """Crisp: known to be in the skin, or to come and go."""
    kind = facts.record.history.lump.background.get("kind")
    return crisp("lump.not_of_the_testicle", kind in ("in_skin", "comes_and_goes"))


def injured(facts: Facts) -> Fact:
    """Crisp: an injury is recorded as its cause."""
    return crisp("lump.injured", facts.record.history.lump.background.get("cause") in INJURIES)


def bitten(facts: Facts) -> Fact:
    """Crisp: a bite or sting is recorded as its cause."""
    return crisp("lump.bitten", facts.record.history.lump.background.get("cause") in BITES)


def infection_in_skin(facts: Facts) -> Fact:
    """An infection in the skin is its cause: a boil, in the person's words."""
    background = facts.record.history.lump.background
    told = {name: background.get(name) for name in ("cause", "kind")}
    if any(told[name] not in (*OPEN, value) for name, value in (("cause", "infection"), ("kind", "in_skin"))):
        return crisp("lump.infection_in_skin", False)
    missing = [name for name, value in told.items() if value in OPEN]
    return unknown(*missing) if missing else crisp("lump.infection_in_skin", True)


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
        and all(told.get(mark) is False for mark in ("hair_tuft", "skin_tag", "birthmark", "duplicated_cleft"))
    )
    return crisp("lump.simple_dimple", simple)


def midline_spine(facts: Facts) -> Fact:
    """Over the spine: the site says so and the side is the midline. A blank side is not known, but in the crease."""
    lump = facts.record.history.lump
    if lump.site not in SPINE_SITES:
        return crisp("lump.midline_spine", False)
    if lump.side is None:
        return crisp("lump.midline_spine", True) if lump.site == "natal_cleft" else unknown("side")
    return crisp("lump.midline_spine", lump.side == "midline")


def on_spine_or_face(facts: Facts) -> Fact:
    """Where a boil is not waited with. An eyelid is no such place: a stye is, and has a rule of its own."""
    if facts.record.history.lump.site in ("face", "lip", "jaw"):
        return crisp("lump.on_spine_or_face", True)
    return facts["lump.midline_spine"]


def always(facts: Facts) -> Fact:
    """Crisp: for rules that hold wherever their place and age do."""
    return Fact(True, (Part("lump.site", facts.record.history.lump.site),))
