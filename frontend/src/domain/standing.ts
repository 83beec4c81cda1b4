/**
 * Advice once given stands until it is contradicted: by an answer, by care, by closing. Silence, an answer that has run
 * out and one smaller reading contradict nothing. docs/api.md ("The assessment") says how a phone holds it; beside that,
 * a phone without a server finds mended entries and eight quiet weeks by itself.
 */
import { urgency, type Assessment, type Finding, type ServerStanding } from "./assessment";
import { isAlarming } from "./catalogue";
import { dayIn, daysBetween } from "./dates";
import type { Kept } from "./history";
import { madeAt } from "./ids";
import type { Answer, CareKind, Id, Level } from "./record";

export interface Standing extends Pick<Finding, "rule" | "version" | "level" | "title" | "message" | "sources"> {
  since: string;
  /** The last check it rested on: only what is answered after it contradicts. */
  after: string;
  growth: boolean;
  /** The signs that end it once each is answered otherwise and without alarm; none: care or closing alone do. */
  answers: string[];
  /** What the entries it rests on said, or null where the server told of it. */
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

/**
 * Care on a later day, or on the day itself where it was entered after the advice, as days are where the person lives.
 * Booking ends nothing, and neither does care on a day that has not come yet.
 */
function wasCaredFor({ care, person }: Kept, since: string, at: string): boolean {
  const [day, today] = [dayIn(person.time_zone, new Date(since)), dayIn(person.time_zone, new Date(at))];
  return care.some(({ kind, confirmed, on, id }) => {
    if (!CARE_THAT_ENDS.has(kind) || !confirmed || on > today) return false;
    return on > day || (on === day && (madeAt(id) ?? Infinity) > Date.parse(since));
  });
}

/** A no to the first also answers the second. */
const ALSO: Record<string, string> = { temperature_c: "fever", weight_loss_percent: "weight_loss", ulcer_days: "ulcer" };

function isAnswered(name: string, after: string, { observations }: Kept): boolean {
  const later = observations.filter((check) => Date.parse(check.observed_at) > Date.parse(after));
  const before = observations.find((check) => Date.parse(check.observed_at) <= Date.parse(after) && (check.signs[name] ?? null) !== null);
  return later.some(({ signs }) => {
    const said = signs[name] ?? null;
    if (said === null) return ALSO[name] !== undefined && signs[ALSO[name]] === false;
    return said !== "unsure" && said !== before?.signs[name] && !isAlarming(name, said);
  });
}

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

function stands(each: Standing, now: Assessment, kept: Kept): boolean {
  if (each.level === "watch" || each.level === "routine") return false;
  if (kept.lump.closed_on !== null || wasCaredFor(kept, each.since, now.at) || isChanged(each, kept)) return false;
  if (each.growth && each.evidence) return daysBetween(each.since.slice(0, 10), now.at.slice(0, 10)) < GROWTH_STAYS_DAYS;
  return each.answers.length === 0 || !each.answers.every((name) => isAnswered(name, each.after, kept));
}

function fromFinding({ because, ...finding }: Finding, since: string, evidence: Evidence[], kept: Kept): Standing {
  const growth = because.some(({ fact }) => fact.startsWith("growth."));
  const signs = because.filter(({ fact }) => fact.startsWith("sign.")).map(({ fact, value }) => ({ name: lastPart(fact), value: value as Answer }));
  const alarming = signs.filter(({ name, value }) => isAlarming(name, value));
  const answers = growth ? [] : (alarming.length > 0 ? alarming : signs).map(({ name }) => name);
  const cited = new Set(because.flatMap(({ observations }) => observations));
  const times = kept.observations.filter(({ id }) => cited.has(id)).map(({ observed_at }) => observed_at);
  const after = times.sort((a, b) => Date.parse(a) - Date.parse(b)).at(-1) ?? since;
  return { ...finding, since, after, growth, answers, evidence };
}

/** What the server holds to, as the phone carries it on without the server. */
export const fromServer = (list: readonly ServerStanding[] | undefined): Standing[] =>
  (list ?? [])
    .filter(({ why }) => why !== "holds")
    .map(({ why, ...told }) => ({ ...told, after: told.since, growth: why === "growth", evidence: null }));

/** What was said before, does not hold now and yet stands; the most urgent first. */
export function stillStanding(before: Said | null, now: Assessment, kept: Kept): Standing[] {
  if (!before) return [];
  const { findings, at } = before.assessment;
  const said = findings.map((finding) => fromFinding(finding, at, before.evidence[finding.rule] ?? [], kept));
  const fresh = new Set([...findings, ...now.findings].map(({ rule }) => rule));
  const firing = new Set(now.findings.map(({ rule }) => rule));
  return [...said, ...before.standing.filter(({ rule }) => !fresh.has(rule))]
    .filter((each) => !firing.has(each.rule) && stands(each, now, kept))
    .sort((a, b) => urgency(b.level) - urgency(a.level));
}

/** The most urgent of what holds and what stands. */
export const levelOf = (assessment: Assessment, standing: readonly Standing[]): Level =>
  standing.reduce<Level>((level, each) => (urgency(each.level) > urgency(level) ? each.level : level), assessment.level);
