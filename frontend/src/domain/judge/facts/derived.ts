import * as body from "./body";
import * as change from "./change";
import type { Fact } from "./fact";
import type { Facts } from ".";
import * as place from "./place";
import * as sore from "./sore";
import * as spell from "./spell";

/** The named facts, by name: what a rule needs beyond one comparison. The names are those of triage/facts/derived.py. */
export const DERIVED: Readonly<Record<string, ((facts: Facts) => Fact) | undefined>> = {
  always: place.always,
  fever: body.fever,
  "fever.measured_38": body.fever38,
  "lump.size_mm": place.sizeMm,
  "lump.growing": change.growing,
  "growth.state": change.growthState,
  "lump.shrinking": change.shrinking,
  "lump.unexplained": place.unexplained,
  "lump.days": spell.days,
  "lump.duration_uncertain": place.durationUncertain,
  "lump.gland": place.gland,
  "lump.hernia_possible": place.herniaPossible,
  "lump.abdominal_mass": place.abdominalMass,
  "lump.comes_and_goes": place.comesAndGoes,
  "lump.known_bulge": place.knownBulge,
  "lump.injured": place.injured,
  "lump.bitten": place.bitten,
  "lump.infection_in_skin": place.infectionInSkin,
  "lump.healing_injury": spell.healingInjury,
  "lump.settling_injury": spell.settlingInjury,
  "lump.fresh_bite": spell.freshBite,
  "lump.fresh_puncture": spell.freshPuncture,
  "skin.infection_redness": spell.infectionRedness,
  "lump.small_boil": spell.smallBoil,
  "lump.settling_child_gland": spell.settlingChildGland,
  "lump.sore_child_gland": spell.soreChildGland,
  "lump.simple_dimple": place.simpleDimple,
  "lump.midline_spine": place.midlineSpine,
  "lump.on_spine_or_face": place.onSpineOrFace,
  "lump.came_back": change.cameBack,
  "lump.fresh_wound": spell.freshWound,
  "lump.new_injury": spell.newInjury,
  "lump.after_serious_accident": spell.afterSeriousAccident,
  "lump.infected_not_gland": place.infectedNotGland,
  "lump.not_of_the_testicle": place.notOfTheTesticle,
  "glands.regions": body.glandRegions,
  "bruise.mm": body.bruiseMm,
  "infant.not_mobile": body.notMobileInfant,
  "mole.score": body.moleScore,
  "sore.days": sore.soreDays,
  "weight_loss.matters": body.weightLossMatters,
};
