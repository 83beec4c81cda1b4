import type { Level } from "../record";
import { LEVELS } from "../assessment";
import type { Facts } from "./facts";
import { allHold, anyHolds, NO, notKnown, opposite, YES, yes, type Answer } from "./facts/fact";
import { firstInstant, type Instant } from "./instant";
import { book, type RuleData } from "./rulebook";

/** Rules against facts: each fires, stays quiet or is unknown; families that differ by age or sex settle together. */

/** 0 is the most urgent. */
export const rank = (level: Level): number => LEVELS.indexOf(level);
const isUrgent = (level: Level): boolean => level === "emergency" || level === "same_day";
const isQuietForGood = (one: Answer): boolean => one.truth === false && one.until === null;

/** What one rule says: true fires, false stays quiet, null is not known. */
export interface Verdict {
  rule: RuleData;
  answer: Answer;
}

interface Member extends Verdict {
  band: Answer;
}

/** What the rules about this place say, but for those that are quiet for good. `onlyUrgent`: the lump is closed. */
export function verdicts(facts: Facts, onlyUrgent = false): Verdict[] {
  const told: Verdict[] = [];
  const families = new Map<string, Member[]>();
  for (const rule of rulesAbout(facts.record.history.lump.site)) {
    if (onlyUrgent && !isUrgent(rule.level)) continue;
    const band = inBand(rule, facts);
    if (band === NO) continue;
    const answer = conditionsHold(rule, facts);
    if (rule.family !== undefined && band.truth === null) {
      families.set(rule.family, [...(families.get(rule.family) ?? []), { rule, answer, band }]);
      continue;
    }
    const both = band === YES ? answer : allHold([band, answer]);
    if (!isQuietForGood(both)) told.push({ rule, answer: both });
  }
  for (const members of families.values()) told.push(...settled(members));
  return told;
}

const about = new Map<string, readonly RuleData[]>();

/** The rules that speak about lumps at `site`. */
function rulesAbout(site: string): readonly RuleData[] {
  let rules = about.get(site);
  if (rules === undefined) {
    rules = book.rules.filter((rule) => !rule.not_sites?.includes(site) && (rule.sites?.includes(site) ?? true));
    about.set(site, rules);
  }
  return rules;
}

/** The rule's own conditions, whoever the person is. */
function conditionsHold(rule: RuleData, facts: Facts): Answer {
  const answers: Answer[] = [];
  for (const condition of rule.all ?? []) {
    const one = facts.answer(condition);
    if (isQuietForGood(one)) return one;
    answers.push(one);
  }
  for (const condition of rule.unless ?? []) {
    const one = opposite(facts.answer(condition));
    if (isQuietForGood(one)) return one;
    answers.push(one);
  }
  if (rule.any) answers.push(anyHolds(rule.any.map((condition) => facts.answer(condition))));
  const [first] = answers;
  return answers.length === 1 && first ? first : allHold(answers);
}

/** Whether the person is of the age and sex a rule is for. Birthdays are `Facts.nextBirthday`, for all at once. */
function inBand(rule: RuleData, facts: Facts): Answer {
  const { from_months: from, under_months: under, sexes } = rule;
  const missing: string[] = [];
  const oldEnough = from ? facts.ageAtLeastMonths(from) : true;
  const grown = under === undefined ? false : facts.ageAtLeastMonths(under);
  if (oldEnough === false || grown === true) return NO;
  if (oldEnough === null || grown === null) missing.push("birth_date");
  if (sexes) {
    const { sex } = facts.record.history;
    if (sex === null) missing.push("sex");
    else if (!sexes.includes(sex)) return NO;
  }
  return missing.length === 0 ? YES : notKnown(missing);
}

/** Rules for one finding, the band undecided. If each would fire, the least urgent does; the others are unknown. */
function settled(members: readonly Member[]): Verdict[] {
  const sure = members.every((one) => one.answer.truth);
  const mildest = sure ? members.reduce((mild, one) => (isMilder(one.rule, mild.rule) ? one : mild)) : null;
  const until = members.reduce<Instant | null>((first, one) => firstInstant(first, one.answer.until), null);
  return members.map((one) => ({
    rule: one.rule,
    answer: one === mildest ? yes(one.answer.parts, until) : allHold([one.band, one.answer]),
  }));
}

const isMilder = (one: RuleData, other: RuleData): boolean =>
  rank(one.level) > rank(other.level) || (one.level === other.level && one.id > other.id);
