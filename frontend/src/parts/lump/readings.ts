import { addDays, dayOf, type Day } from "../../domain/dates";
import type { Assessment } from "../../domain/assessment";
import type { Observation } from "../../domain/record";
import type { Reading } from "../chart/scale";

/** The checks that carry a size, oldest first, as the chart takes them. */
export function readingsOf(checks: readonly Observation[]): Reading[] {
  return checks
    .flatMap((check): Reading[] =>
      check.length_mm === null
        ? []
        : [
            {
              id: check.id,
              at: Date.parse(check.observed_at),
              mm: check.length_mm,
              method: check.method,
              readings: Math.max(1, check.readings_mm.length),
              uncertainty_mm: check.uncertainty_mm,
            },
          ],
    )
    .sort((a, b) => a.at - b.at);
}

const JUST_NOW_MS = 3_600_000;
/** "Since the last check" would ask about these very minutes. Later on the same day it is a question again. */
export const isJustChecked = (latest: Observation | null, now: number): boolean => latest !== null && now - Date.parse(latest.observed_at) < JUST_NOW_MS;

/** Asked for again after this many days where no assessment has said a date yet. */
const DEFAULT_DAYS = 14;

/** When to check again: what the assessment said, unless something was logged after it. */
export function nextCheck(assessment: Assessment | null, latest: Observation | null): Day | null {
  if (!latest) return assessment?.next_check_on ?? null;
  const own = addDays(dayOf(new Date(latest.observed_at)), DEFAULT_DAYS);
  const isOlder = assessment !== null && Date.parse(assessment.at) < Date.parse(latest.observed_at);
  return assessment?.next_check_on && !isOlder ? assessment.next_check_on : own;
}
