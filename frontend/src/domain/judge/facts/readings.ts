import { logError, ownVariance } from "../growth";
import type { Reading } from "../growth-model";
import type { Observation } from "../history";
import { HOUR } from "../instant";
import { median } from "../rounding";
import { RESTARTS, type Record as LumpRecord } from "./record";

/** From checks to growth readings: sittings joined, the person's own error learned, a fresh start after treatment. */

const ONE_SITTING = HOUR;
const LEAST_ERROR = 1e-4; // log scale: nobody measures finer, and the square of a stated 1e-300 mm is nought

/** One reading a sitting, oldest first. What was treated or removed is not compared with what came before. */
export function growthReadings(record: LumpRecord): Reading[] {
  const measured = sinceLastTreatment(record).filter((one) => one.length_mm);
  const variances = ownVariances(measured);
  const usual = usualSizes(measured);
  const readings: Reading[] = [];
  let sitting: Observation[] = [];
  for (const one of measured) {
    const first = sitting[0];
    if (first && (one.judgedAt - first.judgedAt > ONE_SITTING || one.method !== first.method)) {
      readings.push(reading(first, sitting, variances, usual));
      sitting = [];
    }
    sitting.push(one);
  }
  const first = sitting[0];
  if (first) readings.push(reading(first, sitting, variances, usual));
  return readings;
}

function sinceLastTreatment(record: LumpRecord): readonly Observation[] {
  const treated = record.care.filter((event) => RESTARTS.includes(event.kind)).map((event) => event.on);
  if (treated.length === 0) return record.observations;
  const last = Math.max(...treated);
  return record.observations.filter((one) => record.dayOf(one.judgedAt) >= last);
}

type ByMethod<T> = Map<string | null, T>;

function grouped<T>(rows: readonly (readonly [string | null, T])[]): ByMethod<T[]> {
  const groups: ByMethod<T[]> = new Map();
  for (const [method, one] of rows) {
    const group = groups.get(method);
    if (group) group.push(one);
    else groups.set(method, [one]);
  }
  return groups;
}

const mapped = <T, U>(groups: ByMethod<T>, value: (group: T, method: string | null) => U): ByMethod<U> =>
  new Map([...groups].map(([method, group]) => [method, value(group, method)]));

function ownVariances(measured: readonly Observation[]): ByMethod<number> {
  const repeats = measured.filter((one) => one.readings_mm.length > 1);
  return mapped(grouped(repeats.map((one) => [one.method, one.readings_mm])), ownVariance);
}

/** The median size by each method. What rounding does is judged there, so that a low reading is not worth less. */
function usualSizes(measured: readonly Observation[]): ByMethod<number> {
  return mapped(grouped(measured.map((one) => [one.method, one.length_mm ?? 0])), median);
}

/** Several checks within the hour are repeats of one; the middle one's size stands for them. */
function reading(
  first: Observation,
  sitting: readonly Observation[],
  variances: ByMethod<number>,
  usual: ByMethod<number>,
): Reading {
  const lengths = sitting.flatMap((one) => (one.readings_mm.length > 0 ? one.readings_mm : [one.length_mm ?? 0]));
  const alone = sitting.length === 1;
  const length = alone && first.length_mm ? first.length_mm : median(lengths.filter(Boolean));
  const { method } = first;
  const stated = sitting.flatMap((one) => one.uncertainty_mm || []);
  // two pictures may share the error of one plane: it does not average out
  const largest = Math.max(LEAST_ERROR, Math.max(0, ...stated) / length);
  const error =
    stated.length === sitting.length
      ? largest
      : Math.max(largest, logError(usual.get(method) ?? length, method, lengths.length, variances.get(method) ?? null));
  return { at: first.judgedAt, length, method, logError: error, observation: first.id };
}
