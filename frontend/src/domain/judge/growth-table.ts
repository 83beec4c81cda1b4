/**
 * How much each way of growing counts, and how high the bar lies: the numbers of triage/growth_table.py, calibrated by
 * simulation for three errors of a reading. Between the rows everything is read off straight lines.
 */

const DOUBLING_DAYS = [20, 40, 80, 150];
export const GROWTH_RATES: readonly number[] = DOUBLING_DAYS.map((days) => Math.LN2 / (3 * days));
export const GROWING_ODDS = 9;

const LATE_READINGS = 26;
const [SOON_DAYS, SOON_MORE] = [4, 0.3]; // a reading less than that after the last is one more look at nearly the same size
const ERRORS = [0.07, 0.12, 0.226] as const;
// log weights from the start, log weights of later moments, log weight of shrinking, then the rest as in Weights
const ROWS: readonly (readonly number[])[] = [
  [-0.918, 0.138, -0.064, -0.799, -5.091, -4.9, -4.348, -2.663, 1.472, 0.3, 6, 1.16, 0.737, 1, 1.09, 3.6],
  [0.635, 0.241, 1.866, -0.068, -4.638, -5.288, -4.603, -2.783, 3.578, 0.3, 6, -0.266, 1.512, 0.7, 1.296, 6],
  [2.883, -0.13, 1.839, 1.432, -3.718, -5.821, -4.538, -6.344, 1.042, 1.2, 6, 4.501, -0.064, 0.523, 0.149, 7.794],
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
  earlyUntil: number;
}

/** The row for a usual standard error of a reading (log scale), between two rows in proportion. */
export function weightsFor(error: number): Weights {
  const count = GROWTH_RATES.length;
  const row = rowFor(error);
  const [shrinking = 0, overdue = 0, overdueFrom = 0, bar = 0, perLogReading = 0, early = 0, late = 0, earlyUntil = 0] = row.slice(2 * count);
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
    earlyUntil,
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

/** Log of the evidence at which the odds are even. `daysSinceLast`: between the last two readings. */
export function barOf(readings: number, weights: Weights, daysSinceLast: number): number {
  const log = Math.log(readings);
  return (
    weights.bar +
    weights.perLogReading * log +
    weights.early * Math.max(0, weights.earlyUntil - readings) +
    weights.late * Math.max(0, log - Math.log(LATE_READINGS)) +
    (daysSinceLast < SOON_DAYS ? SOON_MORE : 0) -
    Math.log(GROWING_ODDS)
  );
}
