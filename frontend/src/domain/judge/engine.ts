import type { Level } from "../record";
import { isAlarming } from "../catalogue";
import { FACT_AGES, Facts } from "./facts";
import type { Part } from "./facts/fact";
import { UNSURE } from "./facts/record";
import type { Growth } from "./growth";
import type { History } from "./history";
import { firstInstant, type DayNumber, type Instant } from "./instant";
import { book, type RuleData } from "./rulebook";
import { rank, verdicts, type Verdict } from "./verdicts";

/** One history in, one judgement out: plain, deterministic, and exact about when time alone may change it. */

// Days from the last check to the next one asked for
const NEXT_CHECK_DAYS: Readonly<Record<Level, number | null>> = {
  emergency: 2,
  same_day: 2,
  next_day: 7,
  this_week: 7,
  routine: 14,
  watch: null,
};
const WATCH_STEPS = [
  { under: 28, days: 7 },
  { under: 365, days: 28 },
]; // noticed fewer days ago than `under`: days to the next check
const WATCH_LONGEST = 91;
const GONE_LOOK_DAYS = 28;

/** The assessment before it is put in words and rounded. */
export interface Judged {
  lump: string;
  at: Instant;
  level: Level;
  findings: { rule: RuleData; because: readonly Part[] }[];
  unknown: { rule: string; missing: readonly string[] }[];
  growth: Growth;
  growthSince: DayNumber | null;
  confirmBy: DayNumber | null;
  daysSinceNoticed: number | null;
  nextCheckOn: DayNumber | null;
  reassessAt: Instant | null;
}

const byId = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);
const fires = (one: Verdict): boolean => one.answer.truth === true;

/** Judge one lump as of `at`. Nothing is remembered between calls but time zones. */
export function assess(history: History, at: Instant): Judged {
  const facts = new Facts(history, at);
  const { record, growth } = facts;
  const { closed, noticedOn } = record;
  const told = verdicts(facts, closed);
  let fired = told.filter(fires);
  let reassessAt = firstInstant(record.nextArrival, record.closesAt);
  reassessAt = firstInstant(reassessAt, facts.nextBirthday(AGES));
  for (const one of told) reassessAt = firstInstant(reassessAt, one.answer.until);
  if (fired.some((one) => one.rule.level === "routine")) {
    const rest = routineRest(facts, fired);
    reassessAt = firstInstant(reassessAt, rest.until);
    if (rest.muted) fired = fired.filter((one) => one.rule.level !== "routine");
  }
  fired.sort((a, b) => rank(a.rule.level) - rank(b.rule.level) || byId(a.rule.id, b.rule.id));
  const level = fired[0]?.rule.level ?? "watch";
  const confirmBy = growth.confirmAt === null ? null : record.dayOf(growth.confirmAt);
  return {
    lump: history.lump.id,
    at,
    level,
    findings: fired.map((one) => ({ rule: one.rule, because: distinct(one.answer.parts) })),
    unknown: told
      .filter((one) => one.answer.truth === null)
      .map((one) => ({ rule: one.rule.id, missing: one.answer.missing }))
      .sort((a, b) => byId(a.rule, b.rule)),
    growth,
    growthSince: growth.since === null ? null : record.dayOf(growth.since),
    confirmBy,
    daysSinceNoticed: noticedOn === null ? null : record.today - noticedOn,
    nextCheckOn: nextCheckOn(facts, level, closed, confirmBy),
    reassessAt,
  };
}

/** Every age in months at which some rule begins or ends, or a named fact changes its mind. */
const AGES = [
  ...new Set([...book.rules.flatMap((rule) => [rule.from_months ?? 0, rule.under_months ?? 0]), ...FACT_AGES]),
].filter(Boolean);

const distinct = (parts: readonly Part[]): Part[] => [
  ...new Map(parts.map((one) => [JSON.stringify([one.fact, one.value, one.observations]), one])).values(),
];

/** Whether a clinician's look rests the routine advice, and when time alone ends that. */
function routineRest(facts: Facts, fired: readonly Verdict[]): { muted: boolean; until: Instant | null } {
  const { record } = facts;
  const visit = record.lastVisit;
  if (visit === null) return { muted: false, until: null };
  if (visit.reviewOn !== null && visit.reviewOn > visit.on) {
    const ends = record.startOf(visit.reviewOn);
    return record.at < ends ? { muted: true, until: ends } : { muted: false, until: null };
  }
  const { changed, until } = changeSince(facts, fired, visit.on);
  return { muted: !changed, until };
}

/**
 * Whether something about the lump has changed since the visit, by more than the passing of time; and until when. What a
 * later check has brought today, time alone might have brought by tomorrow: then it is a change no longer.
 */
function changeSince(facts: Facts, fired: readonly Verdict[], visitOn: DayNumber): { changed: boolean; until: Instant | null } {
  const { record } = facts;
  const visitEnds = record.startOf(visitOn + 1);
  if (visitEnds > record.at) return { changed: false, until: null };
  const then = new Facts(record.history, visitEnds - 1, facts);
  const grows = facts.growth.state === "growing" && then.growth.state !== "growing";
  if (grows || record.observations.some((one) => one.judgedAt >= visitEnds && alarmsAnew(one.signs, then))) {
    return { changed: true, until: null };
  }
  const wasNotQuiet = idsOf(verdicts(then).filter((one) => one.answer.truth !== false));
  const anew = idsOf(fired.filter((one) => one.rule.level === "routine" && !wasNotQuiet.has(one.rule.id)));
  if (anew.size === 0) return { changed: false, until: null };
  const seenThen = record.history.observations.filter((one) => one.judgedAt < visitEnds);
  const byTime = verdicts(new Facts({ ...record.history, observations: seenThen }, record.at, then)).filter((one) => anew.has(one.rule.id));
  const until = byTime.reduce<Instant | null>((first, one) => firstInstant(first, one.answer.until), null);
  const timeAlone = idsOf(byTime.filter(fires));
  return { changed: [...anew].some((id) => !timeAlone.has(id)), until };
}

const idsOf = (told: readonly Verdict[]): Set<string> => new Set(told.map((one) => one.rule.id));

/** Whether a check since the visit says bigger, or alarms where the visit's last answer did not. */
function alarmsAnew(signs: History["person"], then: Facts): boolean {
  return Object.entries(signs).some(([name, value]) => {
    if (name === "trend" && value === "bigger") return true;
    return value !== UNSURE && isAlarming(name, value) && !isAlarming(name, then.record.answers.get(name)?.value);
  });
}

/** The day the next look is due, counted from the last check: it does not move while nothing is logged. */
function nextCheckOn(facts: Facts, level: Level, closed: boolean, confirmBy: DayNumber | null): DayNumber | null {
  const { record } = facts;
  const { noticedOn } = record;
  const last = record.observations.at(-1);
  const base = last ? record.dayOf(last.judgedAt) : noticedOn;
  if (base === null) return null;
  if (closed) return lookAfterGone(facts);
  const knownFor = noticedOn === null ? 0 : base - noticedOn;
  const step = WATCH_STEPS.find(({ under }) => knownFor < under)?.days ?? WATCH_LONGEST;
  const due = base + (NEXT_CHECK_DAYS[level] ?? step);
  return confirmBy === null ? due : Math.min(due, confirmBy);
}

/** One look four weeks after it was first found gone; none after that look or where it was closed otherwise. */
function lookAfterGone({ record }: Facts): DayNumber | null {
  const { closedOn, closedReason } = record.history.lump;
  let goneOn = closedReason === "gone" ? closedOn : null;
  let lastOn = goneOn;
  for (const one of [...record.observations].reverse()) {
    if (one.signs["trend"] !== "gone") break;
    goneOn = record.dayOf(one.judgedAt);
    lastOn = Math.max(lastOn ?? goneOn, goneOn);
  }
  if (goneOn === null || lastOn === null) return null;
  return lastOn < goneOn + GONE_LOOK_DAYS ? goneOn + GONE_LOOK_DAYS : null;
}
