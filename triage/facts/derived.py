"""The named facts, by name: what a rule needs beyond one comparison. Each has its own tests.

Crisp facts (never unknown) are exceptions that only positive knowledge may grant: a missing answer leaves them false,
so that it can never lower a level. What a rule needs in order to fire is not known while its answer is missing.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

from triage.facts import body, change, place, sore, spell
from triage.facts.fact import Fact

if TYPE_CHECKING:
    from triage.facts import Facts

DERIVED: Mapping[str, Callable[[Facts], Fact]] = {
    "always": place.always,
    "fever": body.fever,
    "fever.measured_38": body.fever_38,
    "lump.size_mm": place.size_mm,
    "lump.growing": change.growing,
    "growth.state": change.growth_state,
    "lump.shrinking": change.shrinking,
    "lump.unexplained": place.unexplained,
    "lump.days": spell.days,
    "lump.duration_uncertain": place.duration_uncertain,
    "lump.gland": place.gland,
    "lump.hernia_possible": place.hernia_possible,
    "lump.abdominal_mass": place.abdominal_mass,
    "lump.comes_and_goes": place.comes_and_goes,
    "lump.known_bulge": place.known_bulge,
    "lump.injured": place.injured,
    "lump.bitten": place.bitten,
    "lump.infection_in_skin": place.infection_in_skin,
    "lump.healing_injury": spell.healing_injury,
    "lump.settling_injury": spell.settling_injury,
    "lump.fresh_bite": spell.fresh_bite,
    "lump.fresh_puncture": spell.fresh_puncture,
    "skin.infection_redness": spell.infection_redness,
    "lump.small_boil": spell.small_boil,
    "lump.settling_child_gland": spell.settling_child_gland,
    "lump.sore_child_gland": spell.sore_child_gland,
    "lump.simple_dimple": place.simple_dimple,
    "lump.midline_spine": place.midline_spine,
    "lump.on_spine_or_face": place.on_spine_or_face,
    "lump.came_back": change.came_back,
    "lump.fresh_wound": spell.fresh_wound,
    "lump.new_injury": spell.new_injury,
    "lump.after_serious_accident": spell.after_serious_accident,
    "lump.infected_not_gland": place.infected_not_gland,
    "lump.not_of_the_testicle": place.not_of_the_testicle,
    "glands.regions": body.gland_regions,
    "bruise.mm": body.bruise_mm,
    "infant.not_mobile": body.not_mobile_infant,
    "mole.score": body.mole_score,
    "sore.days": sore.sore_days,
    "weight_loss.matters": body.weight_loss_matters,
}
