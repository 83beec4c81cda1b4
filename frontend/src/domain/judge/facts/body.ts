import { firstInstant, type DayNumber, type Instant } from "../instant";
import { asFact } from "./combined";
import { answer, crisp, known, numberOf, part, unknown, type Fact, type Part } from "./fact";
import type { Facts } from ".";

/** Named facts about the person as a whole: fever, weight, glands, moles, sores, babies. */

const MOLE_MM = 7;
const SORES = ["ulcer", "bleeding", "oozing", "clear_leak", "inflammation", "sensation_change"];

/**
 * Felt or measured (38.0 C and over). Not known while neither was answered, or once a fever is too old to trust. A later
 * "no fever" takes back what the thermometer said before; a cool reading takes back nothing that was felt.
 */
export function fever(facts: Facts): Fact {
  const [felt, measured] = [facts.get("sign.fever"), facts.get("sign.temperature_c")];
  const hot = (numberOf(measured) ?? 0) >= 38 && !(felt.value === false && isLater(facts, "fever", "temperature_c"));
  if (felt.value === true || hot) {
    const told = [...(felt.value === true ? [felt] : []), ...(hot ? [measured] : [])];
    const untils = told.map((fact) => fact.until ?? Infinity);
    const until = Math.max(...untils);
    return known(true, told.flatMap((fact) => fact.parts), until === Infinity ? null : until);
  }
  const taken = measured.value !== null && !facts.record.answers.has("fever");
  return felt.value === false || taken ? known(false, [part("fever", false)]) : unknown("fever");
}

/** 38.0 C and over: by the thermometer, unless fever was answered at a later check than the last reading. */
export function fever38(facts: Facts): Fact {
  const [felt, measured] = [facts.get("sign.fever"), facts.get("sign.temperature_c")];
  if (measured.value === null || (felt.value !== null && isLater(facts, "fever", "temperature_c"))) {
    return felt.value !== null ? felt : unknown("temperature_c");
  }
  return asFact("fever.measured_38", answer(["", ">=", 38], measured));
}

/** Whether one question was last answered at a later check than another. */
function isLater(facts: Facts, name: string, other: string): boolean {
  const { answers } = facts.record;
  const [one, two] = [answers.get(name), answers.get(other)];
  return one !== undefined && two !== undefined && one.observation.judgedAt > two.observation.judgedAt;
}

/** Regions with swollen glands, this lump's own among them if it is one. */
export function glandRegions(facts: Facts): Fact {
  const others = facts.get("sign.other_gland_regions");
  const count = numberOf(others);
  if (count === null) return others;
  const gland = facts.get("lump.gland");
  // whether these are two depends on what this lump is
  if (gland.value === null && count === 1) return { ...gland, until: others.until };
  return known(count + (gland.value === true ? 1 : 0), others.parts, others.until);
}

/** A baby that cannot roll or crawl: as told, or under six months old. */
export function notMobileInfant(facts: Facts): Fact {
  const told = facts.get("person.not_yet_crawling");
  if (facts.ageAtLeastMonths(24) === true) return crisp("infant.not_mobile", false);
  return facts.ageAtLeastMonths(6) === false ? crisp("infant.not_mobile", true) : told;
}

const MOLE_POINTS: Readonly<Record<string, number>> = {
  size_change: 2,
  irregular_shape: 2,
  irregular_colour: 2,
  inflammation: 1,
  oozing: 1,
  sensation_change: 1,
};

/** Weighted seven-point list: the points that are certain; not known while the blanks could still reach three. */
export function moleScore(facts: Facts): Fact {
  let [sure, possible] = [0, 0];
  const parts: Part[] = [];
  const missing: string[] = [];
  let until: Instant | null = null;
  for (const [name, points] of Object.entries(MOLE_POINTS)) {
    const sign = facts.get(`sign.${name}`);
    if (sign.value === null) {
      possible += points;
      missing.push(name);
    } else if (sign.value) {
      sure += points;
      parts.push(...sign.parts);
      until = firstInstant(until, sign.until);
    }
  }
  if (parts.length > 0) {
    // the size alone makes no mole
    const size = facts.get("lump.size_mm");
    const mm = numberOf(size);
    if (mm === null) {
      possible += 1;
      missing.push("length_mm");
    } else if (mm >= MOLE_MM) {
      sure += 1;
      parts.push(...size.parts);
    }
  }
  if (sure < 3 && sure + possible >= 3) return { ...unknown(...missing), until };
  return known(sure, parts, until);
}

/** Days that the skin has been sore, bleeding or weeping: as told, or since the check that first said so. */
export function soreDays(facts: Facts): Fact {
  const { record } = facts;
  let begun: DayNumber | null = null;
  const found: Part[] = [];
  let until: Instant | null = null;
  for (const name of SORES) {
    const sign = facts.get(`sign.${name}`);
    if (sign.value !== true) continue;
    begun = Math.min(begun ?? Infinity, streakBegan(facts, name));
    found.push(...sign.parts);
    until = firstInstant(until, sign.until);
  }
  const [told, last] = [facts.get("sign.ulcer_days"), record.answers.get("ulcer_days")];
  const healed = facts.get("sign.ulcer").value === false && facts.get("sign.bleeding").value !== true;
  const days = numberOf(told);
  if (last && days !== null && !healed) {
    const began = record.dayOf(last.observation.judgedAt) - Math.trunc(days);
    if (days > 0 && (begun === null || began < begun)) {
      begun = began;
      found.push(...told.parts);
      until = until ?? told.until;
    }
  }
  if (begun === null) return facts.get("sign.ulcer").value === null ? unknown("ulcer", "ulcer_days") : known(0);
  return { ...record.daysSince(begun, "sore.days"), parts: found, until };
}

/** How wide the bruise is: as told, or the lump itself where it is said to be bruised, now or by its injury. */
export function bruiseMm(facts: Facts): Fact {
  const [told, now] = [facts.get("sign.bruise_mm"), facts.get("sign.bruised")];
  if (told.value !== null) return told;
  if (now.value === false) return known(0);
  const bruised = facts.record.answers.has("bruised") ? now : facts.get("lump.bruise_after_injury");
  const size = facts.get("lump.size_mm");
  if (bruised.value !== true || size.value === null) return unknown("bruise_mm");
  return known(size.value, [...bruised.parts, ...size.parts], bruised.until);
}

/** The day of the first check in the unbroken run of yeses that ends now. */
function streakBegan(facts: Facts, name: string): DayNumber {
  let began = facts.record.today;
  for (const one of [...facts.record.observations].reverse()) {
    const value = one.signs[name];
    if (value === false) break;
    if (value === true) began = facts.record.dayOf(one.judgedAt);
  }
  return began;
}

/** Five per cent within six months, without trying. Not weighed counts too; under five does from 60 years on. */
export function weightLossMatters(facts: Facts): Fact {
  const [lost, percent] = [facts.get("sign.weight_loss"), facts.get("sign.weight_loss_percent")];
  if (percent.value === null) return lost;
  if (lost.value === false && !isLater(facts, "weight_loss_percent", "weight_loss")) return lost;
  const enough = asFact("weight_loss.matters", answer(["", ">=", 5], percent));
  const sixty = facts.ageAtLeastMonths(60 * 12);
  if (enough.value === true || percent.value === 0 || sixty === false) return enough;
  if (lost.value !== true) return lost.value === null ? lost : enough;
  return sixty ? lost : unknown("birth_date");
}
