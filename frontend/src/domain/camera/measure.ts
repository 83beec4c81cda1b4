import { backProject, lensOf } from "./camera";
import type { Measured, Pair, Plane, Point, Refused, View } from "./types";

const Z_95 = 1.96;
const FARTHEST_MM = 150; // from the middle of the reference: skin is not flat that far
const LEAST_PX = 6;
const NUDGE_PX = 0.5;
/** A standard uncertainty beyond the larger of these is no number worth keeping; beyond the last share never. */
const MOST_UNSURE = { mm: 1.5, share: 0.12, ever: 0.4 };

const apart = (a: Point, b: Point): number => Math.hypot(b.x - a.x, b.y - a.y);

/** The length in one view. */
function lengthIn(plane: Plane, { numbers }: View, [a, b]: Pair): number {
  const lens = lensOf(numbers, plane);
  return apart(backProject(lens, a), backProject(lens, b));
}

/** Mean and standard deviation over all views. */
function overViews(plane: Plane, pair: Pair): { mean: number; sd: number } {
  const lengths = plane.views.map((view) => [view.weight, lengthIn(plane, view, pair)] as const);
  const mean = lengths.reduce((sum, [weight, length]) => sum + weight * length, 0);
  return { mean, sd: Math.sqrt(lengths.reduce((sum, [weight, length]) => sum + weight * (length - mean) ** 2, 0)) };
}

/** What two stray fingers do to a length. */
function touchUncertainty(plane: Plane, pair: Pair, touchSdPx: number): number {
  const length = (a: Point, b: Point): number => apart(plane.toMm(a), plane.toMm(b));
  const [a, b] = pair;
  const moved = (point: Point, x: number, y: number): Point => ({ x: point.x + x * NUDGE_PX, y: point.y + y * NUDGE_PX });
  const slope = (change: (side: number) => number): number => (change(1) - change(-1)) / (2 * NUDGE_PX);
  const slopes = [
    slope((side) => length(moved(a, side, 0), b)),
    slope((side) => length(moved(a, 0, side), b)),
    slope((side) => length(a, moved(b, side, 0))),
    slope((side) => length(a, moved(b, 0, side))),
  ];
  return Math.hypot(...slopes) * touchSdPx;
}

/** The longest diameter between two touches, and the one across it where it was marked; no number where it would be worth none. */
export function measure(plane: Plane, length: Pair, width: Pair | null, { touchSdPx }: { readonly touchSdPx: number }): Measured | Refused {
  if (apart(...length) < LEAST_PX) return { refused: "too_small" };
  const ends = [...length, ...(width ?? [])].map((point) => plane.toMm(point));
  if (!ends.every((end) => Math.hypot(end.x, end.y) <= FARTHEST_MM)) return { refused: "too_far" };
  const { mean, sd } = overViews(plane, length);
  const touch_mm = touchUncertainty(plane, length, touchSdPx);
  const uncertainty_mm = Math.hypot(sd, touch_mm);
  const most = Math.min(Math.max(MOST_UNSURE.mm, MOST_UNSURE.share * mean), MOST_UNSURE.ever * mean);
  if (!(uncertainty_mm <= most)) return { refused: "too_unsure" };
  return {
    length_mm: mean,
    width_mm: width && overViews(plane, width).mean,
    uncertainty_mm,
    plane_mm: sd,
    touch_mm,
    interval: [Math.max(0, mean - Z_95 * uncertainty_mm), mean + Z_95 * uncertainty_mm],
    mm_per_px: mean / apart(...length),
    tilt_degrees: plane.tilt_degrees,
  };
}

const median = (values: readonly number[]): number => {
  const sorted = [...values].sort((a, b) => a - b);
  const [low, high] = [sorted[Math.floor((sorted.length - 1) / 2)] ?? NaN, sorted[Math.floor(sorted.length / 2)] ?? NaN];
  return (low + high) / 2;
};

/** A median of several readings strays by this much more than their mean would. */
const medianLoss = (count: number): number => (count < 3 ? 1 : count === 3 ? 1.16 : 1.25);

/** A standard deviation of so few is too small by this share on the average (normal distribution, within half a hundredth). */
const spreadKept = (count: number): number => (4 * count - 4) / (4 * count - 3);

/** How far the median of readings strays, by what they say themselves; for two it is half their difference, made up for so few. */
function spreadOf(values: readonly number[]): number {
  const count = values.length;
  if (count < 2) return 0;
  const mean = values.reduce((sum, value) => sum + value, 0) / count;
  const sd = Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (count - 1));
  return (sd / spreadKept(count) / Math.sqrt(count)) * medianLoss(count);
}

/**
 * Several readings of one picture as one: the median. Fingers stray each time anew, but the plane is the same one, so that part
 * of the uncertainty stays however often it is read. Readings that differ by more than fingers explain are as unsure as they
 * differ: somebody was not sure where the lump ends.
 */
export function together(readings: readonly Measured[]): Measured | null {
  const [first] = readings;
  if (!first) return null;
  const length_mm = median(readings.map((reading) => reading.length_mm));
  const widths = readings.map(({ width_mm }) => width_mm).filter((width) => width !== null);
  const plane_mm = Math.max(...readings.map((reading) => reading.plane_mm));
  const touches = readings.map((reading) => reading.touch_mm);
  const stated = (Math.hypot(...touches) / readings.length) * medianLoss(readings.length);
  const touch_mm = Math.max(stated, spreadOf(readings.map((reading) => reading.length_mm)));
  const uncertainty_mm = Math.hypot(plane_mm, touch_mm);
  const interval = [Math.max(0, length_mm - Z_95 * uncertainty_mm), length_mm + Z_95 * uncertainty_mm] as const;
  return { ...first, length_mm, width_mm: widths.length > 0 ? median(widths) : null, plane_mm, touch_mm, uncertainty_mm, interval };
}
