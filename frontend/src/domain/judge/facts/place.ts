import { crisp, known, part, unknown, type Fact } from "./fact";
import type { Facts } from ".";

/**
 * Named facts about what the lump is and where. What a rule rests on is not known while cause or kind is blank or unsure.
 * What an exception rests on is crisp, because an exception is granted by knowledge only.
 */

const GLAND_SITES = ["neck", "axilla", "groin", "supraclavicular"];
const HERNIA_SITES = ["groin", "abdomen", "scrotum"];
const STUCK_SITES = [...HERNIA_SITES, "flank", "vulva"];
const BULGE_SITES = [...STUCK_SITES, "thigh", "other"];
const NO_BULGE: readonly unknown[] = ["in_skin", "gland"];
export const isOpen = (told: unknown): boolean => told === undefined || told === "unsure";
const SPINE_SITES = ["lower_back", "upper_back", "natal_cleft"];
const NOT_EXPLAINED: readonly unknown[] = [undefined, "none", "unsure"];
export const INJURIES: readonly unknown[] = ["injury", "serious_accident"];
const BITES: readonly unknown[] = ["insect_bite", "sting"];

const lumpOf = (facts: Facts) => facts.record.history.lump;
const told = (facts: Facts, name: string) => lumpOf(facts).background[name];

/** The longest side at the last measured check. A reading that looks like a slip downwards is not believed alone. */
export function sizeMm(facts: Facts): Fact {
  for (const one of [...facts.record.observations].reverse()) {
    const sides = [one.length_mm, one.width_mm, one.height_mm].filter((side) => side !== null);
    if (sides.length === 0) continue;
    const { lastIsSlipDown, sizeMm: fitted } = facts.growth;
    const longest = Math.max(...sides, lastIsSlipDown && fitted !== null ? fitted : 0);
    return known(longest, [part("lump.size_mm", longest, [one.id])]);
  }
  return unknown("length_mm");
}

/** Crisp: no cause is recorded; "none", "unsure" and a blank all count. */
export const unexplained = (facts: Facts): Fact =>
  crisp("lump.unexplained", NOT_EXPLAINED.includes(told(facts, "cause")));

/** Crisp: nobody can say since when; the neck rules then take the time as long enough. */
export function durationUncertain(facts: Facts): Fact {
  const { noticedOn, certainty } = lumpOf(facts);
  return crisp("lump.duration_uncertain", noticedOn === null || certainty === "unknown");
}

/** Said to be a gland, or not said to be anything else where glands are. Elsewhere a blank is not known. */
export function gland(facts: Facts): Fact {
  const kind = told(facts, "kind");
  if (!isOpen(kind)) return crisp("lump.gland", kind === "gland");
  return GLAND_SITES.includes(lumpOf(facts).site) ? crisp("lump.gland", true) : unknown("kind");
}

/** Crisp: where hernias are, the top of the leg among them, and not known to be a gland or in the skin. */
export function herniaPossible(facts: Facts): Fact {
  const isElse = NO_BULGE.includes(told(facts, "kind"));
  return crisp("lump.hernia_possible", BULGE_SITES.includes(lumpOf(facts).site) && !isElse);
}

/** Crisp: in the belly, and not known to be in or under the skin, a gland or a hernia. */
export function abdominalMass(facts: Facts): Fact {
  const [site, kind] = [lumpOf(facts).site, told(facts, "kind")];
  return crisp("lump.abdominal_mass", (site === "abdomen" || site === "flank") && (isOpen(kind) || kind === "deep"));
}

/** So said, or said that it cannot be pushed back, which only such a bulge is asked. A blank kind is not known. */
export function comesAndGoes(facts: Facts): Fact {
  if (facts.get("lump.known_bulge").value === true) return crisp("lump.comes_and_goes", true);
  return isOpen(told(facts, "kind")) ? unknown("kind") : crisp("lump.comes_and_goes", false);
}

/** Crisp: known to come and go, or said not to go back where nobody said what else it is. */
export function knownBulge(facts: Facts): Fact {
  const kind = told(facts, "kind");
  const isStuck = facts.record.answers.get("pushes_back")?.value === false && STUCK_SITES.includes(lumpOf(facts).site);
  return crisp("lump.known_bulge", kind === "comes_and_goes" || (isStuck && isOpen(kind)));
}

/** An infection is its cause, and it is not said to be a gland, which swells with a cold. */
export function infectedNotGland(facts: Facts): Fact {
  const [cause, kind] = [told(facts, "cause"), told(facts, "kind")];
  if (isOpen(cause) && kind !== "gland") return unknown("cause");
  return crisp("lump.infected_not_gland", cause === "infection" && kind !== "gland");
}

/** Crisp: known to be in the skin, or to come and go. */
export const notOfTheTesticle = (facts: Facts): Fact =>
  crisp("lump.not_of_the_testicle", ["in_skin", "comes_and_goes"].includes(told(facts, "kind") as string));

/** Crisp: an injury is recorded as its cause. */
export const injured = (facts: Facts): Fact => crisp("lump.injured", INJURIES.includes(told(facts, "cause")));

/** Crisp: a bite or sting is recorded as its cause. */
export const bitten = (facts: Facts): Fact => crisp("lump.bitten", BITES.includes(told(facts, "cause")));

/** An infection in the skin is its cause: a boil, in the person's words. */
export function infectionInSkin(facts: Facts): Fact {
  const needed = { cause: "infection", kind: "in_skin" };
  const open = Object.keys(needed).filter((name) => isOpen(told(facts, name)));
  const isElse = Object.entries(needed).some(([name, value]) => !open.includes(name) && told(facts, name) !== value);
  return isElse || open.length === 0 ? crisp("lump.infection_in_skin", !isElse) : unknown(...open);
}

/** Crisp: a dimple with everything known that makes it simple; one blank and it is not. */
export function simpleDimple(facts: Facts): Fact {
  const lump = lumpOf(facts);
  const [wide, high] = [told(facts, "pit_mm"), told(facts, "pit_above_anus_mm")];
  const simple =
    lump.site === "natal_cleft" &&
    lump.side === "midline" &&
    told(facts, "pit") === true &&
    told(facts, "pit_base_seen") === true &&
    typeof wide === "number" &&
    wide <= 5 &&
    typeof high === "number" &&
    high <= 25 &&
    ["hair_tuft", "skin_tag", "birthmark", "duplicated_cleft"].every((mark) => told(facts, mark) === false);
  return crisp("lump.simple_dimple", simple);
}

/** Over the spine: the site says so and the side is the midline. A blank side is not known, but in the crease. */
export function midlineSpine(facts: Facts): Fact {
  const { site, side } = lumpOf(facts);
  if (!SPINE_SITES.includes(site)) return crisp("lump.midline_spine", false);
  if (side === null) return site === "natal_cleft" ? crisp("lump.midline_spine", true) : unknown("side");
  return crisp("lump.midline_spine", side === "midline");
}

/** Where a boil is not waited with. An eyelid is no such place: a stye is, and has a rule of its own. */
export const onSpineOrFace = (facts: Facts): Fact =>
  ["face", "lip", "jaw"].includes(lumpOf(facts).site) ? crisp("lump.on_spine_or_face", true) : facts.get("lump.midline_spine");

/** Crisp: for rules that hold wherever their place and age do. */
export const always = (facts: Facts): Fact => known(true, [part("lump.site", lumpOf(facts).site)]);
