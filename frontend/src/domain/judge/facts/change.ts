import type { Observation } from "../history";
import { answer, anyHolds, crisp, known, NO, part, unknown, YES, yes, type Answer, type Condition, type Fact } from "./fact";
import type { Facts } from ".";

/** Named facts about change: growing, shrinking, come back. */

const NO_WAITING_MM = 43; // from here on a suspicion is not left for a second reading
const HURRIES: readonly Condition[] = [
  ["lump.size_mm", ">=", NO_WAITING_MM],
  ["fever", "is", true],
  ["sign.spreading_redness", "is", true],
  ["sign.numb_or_weak_beyond", "is", true],
  ["cauda_equina_sign", "is", true],
];
const HEALED_DAYS = 42; // after this what is still there is not the wound any more

/** The person's own word counts by itself; so do the readings. Where waiting is wrong, a suspicion is enough. */
export function growing(facts: Facts): Fact {
  const [trend, growth] = [facts.get("sign.trend"), facts.growth];
  const seen = [part("growth.state", growth.state, growth.observations)];
  const hurry = growth.confirmAt === null ? NO : mustNotWait(facts);
  const yeses = trend.value === "bigger" ? [yes(trend.parts, trend.until)] : [];
  if (growth.state === "growing") yeses.push(yes(seen, null));
  else if (hurry.truth) yeses.push(yes(seen, hurry.until));
  if (yeses.length > 0) {
    const held = anyHolds(yeses);
    return known(true, held.parts, held.until);
  }
  if (trend.value === null && (growth.state === "too_few" || wasBigger(facts))) return unknown("trend", "length_mm");
  if (hurry.truth === null) return { ...unknown(...hurry.missing), until: hurry.until };
  return known(false, [part("lump.growing", false)]);
}

/** Said once, and now too long ago to be taken as still so. */
const wasBigger = (facts: Facts): boolean => facts.record.answers.get("trend")?.value === "bigger";

/** Fever, spreading redness, a nerve sign, a child or a large lump: no second reading is waited for. */
function mustNotWait(facts: Facts): Answer {
  const isChild = facts.ageAtLeastMonths(18 * 12) === false;
  return anyHolds([...HURRIES.map((condition) => answer(condition, facts.get(condition[0]))), isChild ? YES : NO]);
}

/** Crisp: known to be getting smaller, by the person's word or by the readings, and not said to be bigger. */
export function shrinking(facts: Facts): Fact {
  const trend = facts.get("sign.trend").value;
  return crisp("lump.shrinking", trend === "smaller" || (trend !== "bigger" && facts.growth.state === "shrinking"));
}

export function growthState({ growth }: Facts): Fact {
  if (growth.state === "too_few") return unknown("length_mm");
  return known(growth.state, [part("growth.state", growth.state, growth.observations)]);
}

/** Crisp: still measured or felt six weeks after it was removed. */
export function cameBack({ record }: Facts): Fact {
  const removed = record.care.filter((event) => event.kind === "removed").map((event) => event.on);
  const healed = removed.length > 0 ? Math.max(...removed) + HEALED_DAYS : Infinity;
  const last = healed <= record.today ? record.observations.findLast((one) => isThere(one) && record.dayOf(one.judgedAt) >= healed) : undefined;
  if (!last) return crisp("lump.came_back", false);
  return crisp("lump.came_back", true, [part("lump.came_back", true, [last.id])]);
}

function isThere({ length_mm, signs }: Observation): boolean {
  const { trend } = signs;
  return Boolean(length_mm) || (trend !== undefined && trend !== "gone");
}
