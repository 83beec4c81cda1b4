import { readDay, type DayNumber } from "../instant";
import { asFact } from "./combined";
import { answer, anyHolds, crisp, known, numberOf, part, unknown, type Condition, type Fact } from "./fact";
import type { Facts } from ".";
import { INJURIES, isOpen } from "./place";
import { RESTARTS } from "./record";

/** Named facts that hold for a spell of days: how long ago, how fresh, not yet two weeks. */

const ONE_MONTH_DAYS = 28;
const WOUND_DAYS = 30;
const WOUNDS = [...RESTARTS, "biopsy"];
const NEW_INJURY_DAYS = 14;
const HEALING_DAYS = 42; // the hard stop of trauma
const UNEXPLAINED_DAYS = 14; // what any lump is given
const SMALL_BOIL_MM = 30; // a carbuncle begins here

const isTrue = (facts: Facts, name: string): boolean => facts.get(name).value === true;

/** Days since it was first noticed, or since the first entry. */
export function days({ record }: Facts): Fact {
  return record.noticedOn === null ? unknown("first_noticed_on") : record.daysSince(record.noticedOn, "lump.days");
}

/** Crisp: a known injury that is known to be shrinking may be watched longer, for six weeks at most. */
export function healingInjury(facts: Facts): Fact {
  const known = isTrue(facts, "lump.injured") && isTrue(facts, "lump.shrinking");
  return whileDays(facts, "lump.healing_injury", known, HEALING_DAYS);
}

/** Crisp: a known injury within its time: four weeks while known to be shrinking, else the two of any lump. */
export function settlingInjury(facts: Facts): Fact {
  const began = isTrue(facts, "lump.growing") ? null : injuredOn(facts, INJURIES);
  const under = isTrue(facts, "lump.shrinking") ? ONE_MONTH_DAYS : UNEXPLAINED_DAYS;
  return sinceUnder(facts, "lump.settling_injury", began, under);
}

/** Crisp: a known bite, sting or vaccination within its seven days, when red and hot belong to it. */
export function freshPuncture(facts: Facts): Fact {
  const known = isTrue(facts, "lump.bitten") || facts.record.history.lump.background["cause"] === "vaccination";
  return whileDays(facts, "lump.fresh_puncture", known, 7);
}

/** Crisp: a known bite or sting within its seven days. */
export const freshBite = (facts: Facts): Fact => whileDays(facts, "lump.fresh_bite", isTrue(facts, "lump.bitten"), 7);

/** Red and hot as an infection is; in the first week of a bite, sting or vaccination that belongs to it. */
export function infectionRedness(facts: Facts): Fact {
  const [redAndHot, puncture] = [facts.get("skin.red_and_hot"), facts.get("lump.fresh_puncture")];
  if (puncture.value !== true || redAndHot.value === false) return redAndHot;
  return known(false, [part("skin.infection_redness", false)], puncture.until);
}

const sizeUnder = (facts: Facts, limit: number): boolean => {
  const size = numberOf(facts.get("lump.size_mm"));
  return size !== null && size < limit;
};

/** Crisp: a known small skin infection within its fourteen days. Red, sore and pus belong to it. */
export function smallBoil(facts: Facts): Fact {
  const known = isTrue(facts, "lump.infection_in_skin") && sizeUnder(facts, SMALL_BOIL_MM) && !isTrue(facts, "lump.growing");
  return whileDays(facts, "lump.small_boil", known, 14);
}

/** Crisp: a child's neck gland under 20 mm after a known infection, known to be going down: may be firm. */
export function settlingChildGland(facts: Facts): Fact {
  const known = isTrue(facts, "lump.shrinking") && childGlandAfterInfection(facts);
  return whileDays(facts, "lump.settling_child_gland", known, 14);
}

/** Crisp: the same gland, known not to be growing: soreness belongs to it. */
export function soreChildGland(facts: Facts): Fact {
  const known = facts.get("lump.growing").value === false && childGlandAfterInfection(facts);
  return whileDays(facts, "lump.sore_child_gland", known, 14);
}

function childGlandAfterInfection(facts: Facts): boolean {
  const { site, background } = facts.record.history.lump;
  return (
    (site === "neck" || site === "jaw") &&
    background["kind"] === "gland" &&
    background["cause"] === "infection" &&
    sizeUnder(facts, 20) &&
    facts.ageAtLeastMonths(16 * 12) === false
  );
}

const causeOn = (facts: Facts): DayNumber | null => {
  const told = facts.record.history.lump.background["cause_on"];
  return typeof told === "string" ? readDay(told) : facts.record.noticedOn;
};

/** Operated on, treated or cut for a sample here within the last thirty days. A blank cause is not known. */
export function freshWound(facts: Facts): Fact {
  const [name, under] = ["lump.fresh_wound", WOUND_DAYS + 1];
  const dates = facts.record.care.filter((event) => WOUNDS.includes(event.kind)).map((event) => event.on);
  const treated = sinceUnder(facts, name, dates.length > 0 ? Math.max(...dates) : null, under);
  const operated = causedUnder(facts, name, ["surgery"], under);
  return asFact(name, anyHolds([treated, operated].map((one) => answer([name, "is", true], one))));
}

/** An injury of the last two weeks. A blank cause is not known. */
export const newInjury = (facts: Facts): Fact => causedUnder(facts, "lump.new_injury", INJURIES, NEW_INJURY_DAYS + 1);

/**
 * It began with a serious accident within the last six weeks. A blank cause is not known. Nor is it once a back that hurt
 * by then has not been asked about since: time alone does not end that.
 */
export function afterSeriousAccident(facts: Facts): Fact {
  const causes = ["serious_accident"];
  const inTime = causedUnder(facts, "lump.after_serious_accident", causes, HEALING_DAYS);
  const [began, last] = [injuredOn(facts, causes), facts.record.answers.get("back_pain")];
  if (inTime.value !== false || began === null || last?.value !== true) return inTime;
  const hurtOn = facts.record.dayOf(last.observation.judgedAt);
  return hurtOn - began < HEALING_DAYS ? unknown("back_pain") : inTime;
}

/** Whether one of these caused it fewer days ago; not known while the cause is open and the days allow it. */
function causedUnder(facts: Facts, name: string, causes: readonly unknown[], under: number): Fact {
  if (!isOpen(facts.record.history.lump.background["cause"])) {
    return sinceUnder(facts, name, injuredOn(facts, causes), under);
  }
  const began = causeOn(facts);
  if (began === null) return unknown("cause");
  const inTime = sinceUnder(facts, name, began, under);
  return inTime.value === true ? { ...unknown("cause"), until: inTime.until } : inTime;
}

const injuredOn = (facts: Facts, causes: readonly unknown[]): DayNumber | null =>
  causes.includes(facts.record.history.lump.background["cause"]) ? causeOn(facts) : null;

function whileDays(facts: Facts, name: string, isKnown: boolean, under: number): Fact {
  const count = facts.get("lump.days");
  return !isKnown || count.value === null ? crisp(name, false) : spell(name, ["lump.days", "<", under], count);
}

function sinceUnder(facts: Facts, name: string, began: DayNumber | null, under: number): Fact {
  return began === null ? crisp(name, false) : spell(name, [name, "<", under], facts.record.daysSince(began, name));
}

function spell(name: string, condition: Condition, count: Fact): Fact {
  const holds = answer(condition, count);
  return { value: holds.truth, parts: [part(name, holds.truth === true)], missing: [], until: holds.until };
}
