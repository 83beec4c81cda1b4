/**
 * Advice once given stands until it is contradicted: by an answer, by care, by closing. Silence, an answer that has run
 * out and one smaller reading contradict nothing. The server holds the same for its episodes (triage/closing.py); here
 * it is worked out from what this phone said last and from what the server last told it.
 */
import { urgency, type Assessment, type Finding, type ServerStanding } from "./assessment";
import { daysBetween } from "./dates";
import type { Kept } from "./history";
import type { CareKind, Id, Level } from "./record";

export interface Standing extends Pick<Finding, "rule" | "version" | "level" | "title" | "message" | "sources"> {
  /** When it last held: care counts from that day on. */
  since: string;
  growth: boolean;
  /** The answers it rested on, by name. */
  rests_on: string[];
  /** What those entries said, or null where the server told of it. */
  evidence: Evidence[] | null;
}

/** What this phone said about a lump, with what it said it from. */
export interface Said {
  assessment: Assessment;
  /** For each rule that fired, `evidenceOf` at that time. */
  evidence: Record<string, Evidence[]>;
  standing: readonly Standing[];
}

const CARE_THAT_ENDS = new Set<CareKind>(["seen", "diagnosis", "discharged", "treated", "removed"]);
/** A growing lump is believed to have stopped after eight weeks in which nothing showed growth. */
const GROWTH_STAYS_DAYS = 56;

const lastPart = (name: string): string => name.split(".").at(-1) ?? name;

/** Seen, treated or removed on that day or after it. Booking ends nothing. */
const wasCaredFor = ({ care }: Kept, since: string): boolean =>
  care.some((event) => CARE_THAT_ENDS.has(event.kind) && event.confirmed && event.on >= since.slice(0, 10));

type Evidence = [fact: string, check: Id, said: unknown];

function saidAt(fact: string, id: Id, { observations }: Kept): unknown {
  const check = observations.find((each) => each.id === id);
  if (fact.startsWith("sign.")) return check?.signs[lastPart(fact)] ?? null;
  return check ? [check.length_mm, check.width_mm] : null;
}

/** The entries that a finding rests on, as they stand in the record: one that is undone or mended takes its advice along. */
export const evidenceOf = ({ because }: Pick<Finding, "because">, kept: Kept): Evidence[] =>
  because.flatMap(({ fact, observations }) => observations.map((id): Evidence => [fact, id, saidAt(fact, id, kept)]));

const isChanged = ({ evidence }: Standing, kept: Kept): boolean =>
  (evidence ?? []).some(([fact, id, said]) => JSON.stringify(said) !== JSON.stringify(saidAt(fact, id, kept)));

/** The rule is unknown now because an answer it rested on has run out: nobody has said that it is over. */
const isUnanswered = ({ rule, rests_on }: Standing, { unknown }: Assessment): boolean =>
  unknown.some((each) => each.rule === rule && each.missing.some((name) => rests_on.includes(lastPart(name))));

function stands(each: Standing, now: Assessment, kept: Kept): boolean {
  if (each.level === "watch" || each.level === "routine") return false;
  if (kept.lump.closed_on !== null || wasCaredFor(kept, each.since) || isChanged(each, kept)) return false;
  if (each.growth) return daysBetween(each.since.slice(0, 10), now.at.slice(0, 10)) < GROWTH_STAYS_DAYS;
  return isUnanswered(each, now);
}

const fromFinding = ({ because, ...finding }: Finding, since: string, evidence: Evidence[]): Standing => ({
  ...finding,
  since,
  growth: because.some(({ fact }) => fact.startsWith("growth.")),
  rests_on: because.map(({ fact }) => lastPart(fact)),
  evidence,
});

/** What the server holds to, as the phone carries it on without the server. */
export const fromServer = (list: readonly ServerStanding[] | undefined): Standing[] =>
  (list ?? [])
    .filter(({ why }) => why !== "holds")
    .map(({ why, answers, ...told }) => ({ ...told, growth: why === "growth", rests_on: answers, evidence: null }));

/** What was said before, does not hold now and yet stands; the most urgent first. */
export function stillStanding(before: Said | null, now: Assessment, kept: Kept): Standing[] {
  if (!before) return [];
  const { findings, at } = before.assessment;
  const said = findings.map((finding) => fromFinding(finding, at, before.evidence[finding.rule] ?? []));
  const fresh = new Set([...findings, ...now.findings].map(({ rule }) => rule));
  const firing = new Set(now.findings.map(({ rule }) => rule));
  return [...said, ...before.standing.filter(({ rule }) => !fresh.has(rule))]
    .filter((each) => !firing.has(each.rule) && stands(each, now, kept))
    .sort((a, b) => urgency(b.level) - urgency(a.level));
}

/** The most urgent of what holds and what stands. */
export const levelOf = (assessment: Assessment, standing: readonly Standing[]): Level =>
  standing.reduce<Level>((level, each) => (urgency(each.level) > urgency(level) ? each.level : level), assessment.level);
