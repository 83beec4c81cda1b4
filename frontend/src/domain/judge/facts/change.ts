import type { Observation } from "../history";
import { crisp, known, numberOf, part, unknown, type Fact, type Part } from "./fact";
import type { Facts } from ".";

/** Named facts about change: growing, shrinking, come back. */

const NO_WAITING_MM = 43; // from here on a suspicion is not left for a second reading
const HEALED_DAYS = 42; // after this what is still there is not the wound any more

/** The person's own word counts by itself; so do the readings. Where waiting is wrong, a suspicion is enough. */
export function growing(facts: Facts): Fact {
  const [trend, growth] = [facts.get("sign.trend"), facts.growth];
  const said = trend.value === "bigger";
  const measured = growth.state === "growing" || (growth.confirmAt !== null && mustNotWait(facts));
  const parts: Part[] = said ? [...trend.parts] : [];
  if (measured) parts.push(part("growth.state", growth.state, growth.observations));
  if (said || measured) return known(true, parts, measured ? null : trend.until);
  if (trend.value === null && (growth.state === "too_few" || wasBigger(facts))) return unknown("trend", "length_mm");
  return known(false, [part("lump.growing", false)]);
}

/** Said once, and now too long ago to be taken as still so. */
const wasBigger = (facts: Facts): boolean => facts.record.answers.get("trend")?.value === "bigger";

/** Fever, spreading redness, a nerve sign, a child or a large lump: no second reading is waited for. */
function mustNotWait(facts: Facts): boolean {
  const size = numberOf(facts.get("lump.size_mm"));
  return (
    (size !== null && size >= NO_WAITING_MM) ||
    ["fever", "sign.spreading_redness", "sign.numb_or_weak_beyond", "cauda_equina_sign"].some(
      (name) => facts.get(name).value === true,
    ) ||
    facts.ageAtLeastMonths(18 * 12) === false
  );
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
