/**
 * How much each way of growing counts, and how high the bar lies: the numbers of triage/growth_table.py, calibrated by
 * simulation for three errors of a reading. Between the rows everything is read off straight lines.
 */

const DOUBLING_DAYS = [20, 40, 80, 150];
export const GROWTH_RATES: readonly number[] = DOUBLING_DAYS.map((days) => Math.LN2 / (3 * days));
export const GROWING_ODDS = 9;

const [EARLY_READINGS, LATE_READINGS] = [6, 26] as const;
const ERRORS = [0.07, 0.12, 0.226] as const;
// log weights from the start, log weights of later moments, log weight of shrinking, then the rest as in Weights
const ROWS: readonly (readonly number[])[] = [
  [-0.418, 0.569, 0.028, -0.007, -4.641, -4.92, -3.402, -3.091, 1.387, 0.3, 6, 2.423, 0.322, 0.1, 0.375],
  [0.042, 0.003, 1.191, -0.593, -4.805, -4.267, -4.308, -3.02, 2.349, 0.3, 6, 1.515, 0.782, 0.113, 0.74],
  [0.977, 0.576, 2.038, 2.114, -2.886, -4.861, -4.92, -4.471, 0.017, 0.8, 6, 2.992, 0.687, 0.285, 0.381],
];

/** `fromStart`, `later`: one for each rate. `overdue`: what growth loses for every unit by which it would have shown. */
export interface Weights {
  fromStart: readonly number[];
  later: readonly number[];
  shrinking: number;
  overdue: number;
  overdueFrom: number;
  bar: number;
  perLogReading: number;
  early: number;
  late: number;
}

/** The row for a usual standard error of a reading (log scale), between two rows in proportion. */
export function weightsFor(error: number): Weights {
  const count = GROWTH_RATES.length;
  const row = rowFor(error);
  const [shrinking = 0, overdue = 0, overdueFrom = 0, bar = 0, perLogReading = 0, early = 0, late = 0] = row.slice(2 * count);
  return {
    fromStart: row.slice(0, count).map(Math.exp),
    later: row.slice(count, 2 * count).map(Math.exp),
    shrinking: Math.exp(shrinking),
    overdue,
    overdueFrom,
    bar,
    perLogReading,
    early,
    late,
  };
}

function rowFor(error: number): readonly number[] {
  const upper = ERRORS.findIndex((limit) => error < limit);
  const [low = [], high = []] = upper < 0 ? ROWS.slice(-1) : ROWS.slice(Math.max(0, upper - 1), upper + 1);
  if (upper <= 0) return low;
  const [from, to] = [ERRORS[upper - 1] ?? 0, ERRORS[upper] ?? 1];
  const share = (error - from) / (to - from);
  return low.map((value, index) => value + share * ((high[index] ?? 0) - value));
}

/** Log of the evidence at which the odds are even. */
export function barOf(readings: number, weights: Weights): number {
  const log = Math.log(readings);
  return (
    weights.bar +
    weights.perLogReading * log +
    weights.early * Math.max(0, EARLY_READINGS - readings) +
    weights.late * Math.max(0, log - Math.log(LATE_READINGS)) -
    Math.log(GROWING_ODDS)
  );
}
