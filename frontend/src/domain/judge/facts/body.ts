import { firstInstant, type Instant } from "../instant";
import { asFact } from "./combined";
import { answer, crisp, known, numberOf, part, unknown, type Fact, type Part } from "./fact";
import type { Facts } from ".";

/**
 * Named facts about the person as a whole: fever, weight, glands, moles, bruises, babies. A "no" that a later number
 * contradicted is not heard again once the number is too old to count: then nobody knows.
 */

const MOLE_MM = 7;

/**
 * Felt or measured (38.0 C and over). Not known while neither was answered, or once a fever is too old to trust. A later
 * "no fever" takes back what the thermometer said before; a cool reading takes back nothing that was felt.
 */
export function fever(facts: Facts): Fact {
  const [felt, measured] = [facts.get("sign.fever"), facts.get("sign.temperature_c")];
  const takenBack = felt.value === false && hasLastWord(facts, "fever", "temperature_c");
  const hot = (numberOf(measured) ?? 0) >= 38 && !takenBack;
  if (felt.value === true || hot) {
    const told = [...(felt.value === true ? [felt] : []), ...(hot ? [measured] : [])];
    const untils = told.map((fact) => fact.until ?? Infinity);
    const until = Math.max(...untils);
    return known(true, told.flatMap((fact) => fact.parts), until === Infinity ? null : until);
  }
  if (isTooOld(facts, "temperature_c") && !takenBack) return unknown("fever");
  const taken = measured.value !== null && !facts.record.answers.has("fever");
  return felt.value === false || taken ? known(false, [part("fever", false)]) : unknown("fever");
}

/** 38.0 C and over: by the thermometer, unless fever was answered at a later check than the last reading. */
export function fever38(facts: Facts): Fact {
  const [felt, measured] = [facts.get("sign.fever"), facts.get("sign.temperature_c")];
  if (facts.record.answers.has("temperature_c") && !hasLastWord(facts, "fever", "temperature_c")) {
    return measured.value === null ? measured : atLeast("fever.measured_38", 38, measured);
  }
  return felt.value !== null ? felt : unknown("temperature_c");
}

const atLeast = (name: string, number: number, told: Fact): Fact => asFact(name, answer(["", ">=", number], told));

/** Whether one question was answered, and last at a later check than another. */
function hasLastWord(facts: Facts, name: string, other: string): boolean {
  const [one, two] = [name, other].map((asked) => facts.record.answers.get(asked)?.observation.judgedAt);
  return one !== undefined && (two === undefined || one > two);
}

/** Whether the last answer alarmed and does not count any more; of questions that nobody answers with "unsure". */
export const isTooOld = (facts: Facts, name: string): boolean =>
  facts.record.answers.has(name) && facts.get(`sign.${name}`).value === null;

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
  if (parts.length > 0 || Object.keys(MOLE_POINTS).some((name) => isTooOld(facts, name))) {
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

/**
 * How wide the bruise is: as told, or the lump itself where it is said to be bruised, now or by its injury. Once what was
 * told is too old to count, the lump's width is the least that it may be.
 */
export function bruiseMm(facts: Facts): Fact {
  const [told, now] = [facts.get("sign.bruise_mm"), facts.get("sign.bruised")];
  const tooOld = isTooOld(facts, "bruise_mm");
  if (told.value !== null) return told;
  if (now.value === false && !tooOld) return known(0);
  const bruised = facts.record.answers.has("bruised") ? now : facts.get("lump.bruise_after_injury");
  const size = facts.get("lump.size_mm");
  if (bruised.value !== true || size.value === null) return unknown("bruise_mm");
  const width = known(size.value, [...bruised.parts, ...size.parts], bruised.until);
  return tooOld ? { ...width, raisedBy: ["bruise_mm"] } : width;
}

/** Five per cent within six months, without trying. Not weighed counts too; under five does from 60 years on. */
export function weightLossMatters(facts: Facts): Fact {
  const [lost, percent] = [facts.get("sign.weight_loss"), facts.get("sign.weight_loss_percent")];
  const isContradicted = lost.value === false && hasLastWord(facts, "weight_loss_percent", "weight_loss");
  if (percent.value === null) return isContradicted ? unknown("weight_loss") : lost;
  if (lost.value === false && !isContradicted) return lost;
  const enough = atLeast("weight_loss.matters", 5, percent);
  const sixty = facts.ageAtLeastMonths(60 * 12);
  if (enough.value === true || percent.value === 0 || sixty === false) return enough;
  if (lost.value !== true) return lost.value === null ? lost : enough;
  return sixty ? lost : unknown("birth_date");
}
