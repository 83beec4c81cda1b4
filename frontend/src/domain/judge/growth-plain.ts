import type { Series } from "./growth-model";

/**
 * Growth that is plain to see, which the weights do not catch: faster than their rates, or one step. The twin of
 * triage/growth_plain.py, which says why, and what each threshold is.
 */

const LEAST_READINGS = 3;
const RISE_ERRORS = 4.5;
const RUN_RISE = Math.LN2;
const STEP_RISE = Math.log(1.4);
const LOW_SLIP = -Math.log(0.6);
const SLIP_ERRORS = 1.6;
const YOUNG = 20;
const UNIT_SLIPS = [Math.log(2.54), Math.log(10)];
const UNIT_ERRORS = 2;
const ASK_ERRORS = 3;
const ASK_READINGS = 5;

/** From which log size to which, since which day; not `isSure`: one slip would explain it. */
export interface PlainRise {
  start: number;
  now: number;
  day: number;
  error: number;
  isSure: boolean;
}

export function plainRise({ points, error }: Series): PlainRise | null {
  const sizes = points.map(({ size }) => size);
  if (sizes.length < LEAST_READINGS) return null;
  const [first = 0, second = 0] = sizes;
  const [last = 0, previous = 0] = [sizes.at(-1), sizes.at(-2)];
  const difference = Math.SQRT2 * error;
  const onlyRises = sizes.every((size, index) => index === 0 || (sizes[index - 1] ?? size) < size);
  if (onlyRises && last - first >= Math.max(RUN_RISE, RISE_ERRORS * difference)) {
    return { start: first, now: last, day: points[0]?.day ?? 0, error: difference, isSure: true };
  }
  const now = (last + previous) / 2;
  const low = (first + second) / 2;
  const hasTime = points[1]?.day !== points.at(-1)?.day;
  const isStep = hasTime && sizes.length >= 4 && Math.max(first, second) < Math.min(...sizes.slice(2));
  if (isStep && now - low >= Math.max(STEP_RISE, RISE_ERRORS * error)) return { start: low, now, day: points[1]?.day ?? 0, error, isSure: true };
  return afterOne(sizes, now, points[0]?.day ?? 0, difference);
}

/** One low reading, which may be a slip: sure only beyond what a slip does. */
function afterOne(sizes: readonly number[], now: number, day: number, difference: number): PlainRise | null {
  const [start = 0, ...later] = sizes;
  const rise = now - start;
  if (start >= Math.min(...later) || sizes.length > YOUNG) return null;
  const isUnit = UNIT_SLIPS.some((slip) => Math.abs(rise - slip) <= UNIT_ERRORS * difference);
  const isSure = rise >= Math.max(RUN_RISE, LOW_SLIP + SLIP_ERRORS * difference) && !isUnit;
  const isAsked = sizes.length <= ASK_READINGS && rise >= Math.max(STEP_RISE, ASK_ERRORS * difference);
  return isSure || isAsked ? { start, now, day, error: difference, isSure } : null;
}
