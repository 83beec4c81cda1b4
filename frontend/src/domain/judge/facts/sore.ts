import { firstInstant, type DayNumber } from "../instant";
import { isTooOld } from "./body";
import { known, numberOf, unknown, type Fact } from "./fact";
import type { Facts } from ".";

/** How long the skin has been sore: as somebody said. The record alone gives the least that it may be. */

const SORES = ["ulcer", "bleeding", "oozing", "clear_leak", "inflammation", "sensation_change"];

/**
 * Days that the skin has been sore, bleeding or weeping: as told, or at least since the check that first said so. How
 * long it had been so by then is not known while nobody was asked, or was asked before it was sore. Neither is it while a
 * sore that was told may still be there.
 */
export function soreDays(facts: Facts): Fact {
  const { record } = facts;
  const sore = SORES.filter((name) => facts.get(`sign.${name}`).value === true);
  const signs = sore.map((name) => facts.get(`sign.${name}`));
  let begun = sore.length > 0 ? Math.min(...sore.map((name) => streakBegan(facts, name))) : null;
  let parts = signs.flatMap((sign) => sign.parts);
  const asked = SORES.filter((name) => isTooOld(facts, name));
  const [last, told] = [record.answers.get("ulcer_days"), facts.get("sign.ulcer_days")];
  const [ulcer, bleeding] = [facts.get("sign.ulcer").value, facts.get("sign.bleeding").value];
  const isClosed = ulcer === false && bleeding !== true;
  // the days told are those of "the sore or the bleeding"
  if (isClosed && bleeding === null && last?.value) asked.push("bleeding");
  const days = numberOf(told);
  const toldOn = last && days !== null ? record.dayOf(last.observation.judgedAt) : null;
  if (toldOn !== null && days && !isClosed && (begun === null || toldOn - Math.trunc(days) < begun)) {
    begun = toldOn - Math.trunc(days);
    parts = [...parts, ...told.parts];
  }
  if (begun === null) return nothingSore(ulcer === null ? [...asked, "ulcer", "ulcer_days"] : asked);
  if (toldOn === null || toldOn < begun) asked.push("ulcer_days");
  const until = signs.reduce((first, sign) => firstInstant(first, sign.until), told.until);
  return { ...record.daysSince(begun, "sore.days"), parts, until, raisedBy: distinct(asked) };
}

const distinct = (names: readonly string[]): string[] => [...new Set(names)].sort();

/** No days at all, unless something that may be sore was not asked, or too long ago. */
const nothingSore = (asked: readonly string[]): Fact => (asked.length > 0 ? unknown(...distinct(asked)) : known(0));

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
