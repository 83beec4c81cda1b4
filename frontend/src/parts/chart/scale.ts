/** From readings to places on the paper: real millimetres from zero, real days, and how sure each reading is. */
import type { Method } from "../../domain/record";

export interface Reading {
  id: string;
  at: number; // milliseconds
  mm: number;
  method: Method | null;
  readings: number;
  uncertainty_mm: number | null;
}

/** Coefficient of variation of one reading and the rounding step in mm: the table of triage/growth.py. */
const ERROR: Record<Method | "none", [number, number]> = {
  photo: [0.07, 0.5],
  ultrasound: [0.07, 0.5],
  caliper: [0.1, 1],
  ruler: [0.12, 1],
  tape: [0.12, 1],
  clinician: [0.15, 1],
  comparison: [0.22, 5],
  none: [0.22, 1],
};
const MEDIAN_VARIANCE = [1, 1, 0.5, 0.4487, 0.2982, 0.2868];
/** Normal distribution: 19 of 20 readings fall within this many standard errors. */
const NINETEEN_OF_TWENTY = 1.96;

/** Standard error on the log scale, where the error of a method is one number. */
export function logError(reading: Reading): number {
  if (reading.uncertainty_mm !== null) return reading.uncertainty_mm / reading.mm;
  const [share, step] = ERROR[reading.method ?? "none"];
  const count = Math.max(1, reading.readings);
  const shrink = MEDIAN_VARIANCE[count] ?? Math.PI / (2 * count);
  return Math.sqrt(share * share * shrink + (step / reading.mm) ** 2 / 12);
}

/** Where the true size most likely lies, 19 times out of 20. */
export function likelyRange(reading: Reading): { low: number; high: number } {
  const reach = Math.exp(NINETEEN_OF_TWENTY * logError(reading));
  return { low: reading.mm / reach, high: reading.mm * reach };
}

export interface BandPoint {
  at: number;
  low: number;
  middle: number;
  high: number;
}

/**
 * A straight line through the logarithms, each reading weighed by its error, with its 95 % band. A picture of the
 * readings, not a judgement: whether it grows is said by the assessment alone.
 */
export function trendBand(readings: readonly Reading[], steps = 24): BandPoint[] {
  if (readings.length < 3) return [];
  const [first, last] = [Math.min(...readings.map((r) => r.at)), Math.max(...readings.map((r) => r.at))];
  if (last - first < 86_400_000) return [];
  const rows = readings.map((reading) => ({ x: reading.at, y: Math.log(reading.mm), w: 1 / logError(reading) ** 2 }));
  const total = rows.reduce((sum, row) => sum + row.w, 0);
  const meanX = rows.reduce((sum, row) => sum + row.w * row.x, 0) / total;
  const meanY = rows.reduce((sum, row) => sum + row.w * row.y, 0) / total;
  const spread = rows.reduce((sum, row) => sum + row.w * (row.x - meanX) ** 2, 0);
  const slope = rows.reduce((sum, row) => sum + row.w * (row.x - meanX) * (row.y - meanY), 0) / spread;
  return Array.from({ length: steps + 1 }, (_, step) => {
    const at = first + ((last - first) * step) / steps;
    const middle = meanY + slope * (at - meanX);
    const error = NINETEEN_OF_TWENTY * Math.sqrt(1 / total + (at - meanX) ** 2 / spread);
    return { at, low: Math.exp(middle - error), middle: Math.exp(middle), high: Math.exp(middle + error) };
  });
}

const NICE_STEPS = [1, 2, 5, 10, 20, 25, 50, 100, 200];

/** Round numbers from zero to at least `most`, about four of them. */
export function ticksUpTo(most: number, per = 1): number[] {
  const step = NICE_STEPS.map((nice) => nice * per).find((nice) => most / nice <= 4.5) ?? 200 * per;
  return Array.from({ length: Math.ceil(most / step) + 1 }, (_, index) => index * step);
}

/** At most `count` moments spread over the time shown, the first and the last among them. */
export function moments(from: number, to: number, count: number): number[] {
  if (to <= from) return [from];
  return Array.from({ length: count }, (_, index) => from + ((to - from) * index) / (count - 1));
}
