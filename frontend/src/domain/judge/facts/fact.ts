import { firstInstant, type Instant } from "../instant";
import type { Value } from "../rulebook";

/**
 * What a fact is, and how a condition on it is answered: yes, no or not known, and until when time leaves that alone.
 * Three-valued logic after Kleene. `null` is *not known*; it is never turned into no.
 */

export type { Value };
export type Truth = boolean | null;

/** One plain fact that a finding rests on: its name, its value, and the observations it came from. */
export interface Part {
  readonly fact: string;
  readonly value: Value;
  readonly observations: readonly string[];
}

/**
 * A value, where it came from, what to ask if it is not known, and when time alone changes it (null: never). A count of
 * days has `crossing` instead: the instant at which it reaches a given number. A number that has `raisedBy` is the least
 * it may be: answers to these fields can only raise it.
 */
export interface Fact {
  readonly value: Value | null;
  readonly parts: readonly Part[];
  readonly missing: readonly string[];
  readonly until: Instant | null;
  readonly crossing?: (number: number) => Instant | null;
  readonly raisedBy?: readonly string[];
}

/** Whether something holds, why, what is missing, and until when time leaves it alone. */
export interface Answer {
  readonly truth: Truth;
  readonly parts: readonly Part[];
  readonly missing: readonly string[];
  readonly until: Instant | null;
}

export type Condition = readonly [fact: string, op: string, value: Value | readonly Value[]];

const NONE: readonly never[] = [];

export const part = (fact: string, value: Value, observations: readonly string[] = NONE): Part => ({
  fact,
  value,
  observations,
});

export const known = (value: Value, parts: readonly Part[] = NONE, until: Instant | null = null): Fact => ({
  value,
  parts,
  missing: NONE,
  until,
});

/** The fact nobody has answered yet; `missing` names the fields that would answer it. */
export const unknown = (...missing: string[]): Fact => ({ value: null, parts: NONE, missing, until: null });

/** A fact that is always known: a blank makes it false, so that it can only be granted by knowledge. */
export const crisp = (name: string, value: boolean, parts: readonly Part[] = NONE): Fact =>
  known(value, parts.length > 0 ? parts : [part(name, value)]);

const told = (
  truth: Truth,
  parts: readonly Part[] = NONE,
  missing: readonly string[] = NONE,
  until: Instant | null = null,
): Answer => ({ truth, parts, missing, until });

export const notKnown = (missing: readonly string[], until: Instant | null = null): Answer =>
  told(null, NONE, missing, until);
export const YES: Answer = told(true);
export const NO: Answer = told(false);

/** The value of a fact that is a number by the catalogue; null where it is not known. */
export const numberOf = (fact: Fact): number | null => (typeof fact.value === "number" ? fact.value : null);

function holds(value: Value, op: string, other: Value | readonly Value[]): boolean {
  if (op === "is") return value === other;
  if (op === "in") return (other as readonly Value[]).includes(value); // the server's start proves that `in` has a list
  if (op === ">=") return value >= other;
  if (op === ">") return value > other;
  if (op === "<") return value < other;
  if (op === "<=") return value <= other;
  throw new Error(`unknown operator: ${op}`);
}

/** The answer that a larger number would not change. */
const SETTLED: Readonly<Record<string, boolean | undefined>> = { ">=": true, ">": true, "<": false, "<=": false };

/**
 * Compare. A count of days says when it next crosses the number compared with; the least that something may be leaves
 * open what a larger number would answer otherwise.
 */
export function answer([, op, value]: Condition, fact: Fact): Answer {
  if (fact.value === null) return notKnown(fact.missing, fact.until);
  const truth = holds(fact.value, op, value);
  let { until } = fact;
  if (fact.crossing && typeof value === "number") {
    until = firstInstant(until, fact.crossing(op === ">" || op === "<=" ? value + 1 : value));
  }
  if (fact.raisedBy?.length && truth !== SETTLED[op]) return notKnown(fact.raisedBy, until);
  return !truth && until === null ? NO : told(truth, truth ? fact.parts : NONE, NONE, until);
}

const asked = (missing: readonly string[]): string[] => [...new Set(missing)].sort();

/** Kleene's and. It stays no for as long as one of its noes does. */
export function allHold(answers: readonly Answer[]): Answer {
  const parts: Part[] = [];
  const missing: string[] = [];
  let until: Instant | null = null;
  let noUntil: Instant | null = null;
  let unknownSeen = false;
  for (const one of answers) {
    if (one.truth === false) {
      if (one.until === null) return NO;
      noUntil = Math.max(noUntil ?? one.until, one.until);
    } else if (one.truth === null) {
      unknownSeen = true;
      missing.push(...one.missing);
    } else parts.push(...one.parts);
    until = firstInstant(until, one.until);
  }
  if (noUntil !== null) return told(false, NONE, NONE, noUntil);
  return unknownSeen ? notKnown(asked(missing), until) : told(true, parts, NONE, until);
}

/** Kleene's or. It stays yes for as long as one of its yeses does; all the yeses are its reasons. */
export function anyHolds(answers: readonly Answer[]): Answer {
  const parts: Part[] = [];
  const missing: string[] = [];
  let until: Instant | null = null;
  let yesUntil: Instant | null = null;
  let yesSeen = false;
  let unknownSeen = false;
  let forever = false;
  for (const one of answers) {
    if (one.truth) {
      yesSeen = true;
      parts.push(...one.parts);
      if (one.until === null) forever = true;
      else yesUntil = Math.max(yesUntil ?? one.until, one.until);
    } else if (one.truth === null) {
      unknownSeen = true;
      missing.push(...one.missing);
    }
    until = firstInstant(until, one.until);
  }
  if (yesSeen) return told(true, parts, NONE, forever ? null : yesUntil);
  if (unknownSeen) return notKnown(asked(missing), until);
  return until === null ? NO : told(false, NONE, NONE, until);
}

/** Kleene's not. */
export function opposite(one: Answer): Answer {
  return one.truth === null ? one : told(!one.truth, NONE, NONE, one.until);
}

/** A yes for these reasons, for as long as is said. */
export const yes = (parts: readonly Part[], until: Instant | null): Answer => told(true, parts, NONE, until);
