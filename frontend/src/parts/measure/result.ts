import { together, type Measured, type Pair, type Plane } from "../../domain/camera";
import { medianMm, roundToTenth } from "../../domain/units";
import type { Mark, MeasuredSize, Measuring } from "../../photo/shot";

const PIXEL_DIGITS = 6;

/** Readings of one picture as the record keeps them: the median, and what is still unsure about it. */
export function sizeOf(readings: readonly Measured[]): MeasuredSize | null {
  const whole = together(readings);
  const readings_mm = readings.map(({ length_mm }) => roundToTenth(length_mm));
  const length_mm = medianMm(readings_mm);
  if (!whole || length_mm === null) return null;
  const widths = readings.flatMap(({ width_mm }) => width_mm ?? []);
  return {
    length_mm,
    width_mm: medianMm(widths.map(roundToTenth)),
    readings_mm: readings.length > 1 ? readings_mm : [],
    uncertainty_mm: Math.max(0.1, roundToTenth(whole.uncertainty_mm)),
  };
}

/** One reading, and what it was read from. */
export interface Read {
  measured: Measured;
  plane: Plane;
  cross: { length: Pair; width: Pair };
}

/** What goes with the picture: the scale, and where what was touched for the last reading. Marks of other kinds stay. */
export function measuringOf(readings: readonly Read[], kept: readonly Mark[]): Measuring {
  const mine = new Set<unknown>(["reference", "length", "width"]);
  const others = kept.filter(({ kind }) => !mine.has(kind));
  const [last] = readings.slice(-1);
  if (!last) return { mm_per_px: null, marks: others, size: null };
  const { measured, plane, cross } = last;
  const width = measured.width_mm === null ? [] : [{ kind: "width", points: cross.width.map(rounded) }];
  return {
    mm_per_px: Number(measured.mm_per_px.toPrecision(PIXEL_DIGITS)),
    marks: [
      ...others,
      { kind: "reference", reference: plane.kind, points: plane.outline.map(rounded) },
      { kind: "length", points: cross.length.map(rounded) },
      ...width,
    ],
    size: sizeOf(readings.map((each) => each.measured)),
  };
}

const rounded = ({ x, y }: { x: number; y: number }): { x: number; y: number } => ({ x: roundToTenth(x), y: roundToTenth(y) });

/** Half of the 95 % interval: what "give or take" means here. */
export const giveOrTake = (uncertainty_mm: number): number => roundToTenth(1.96 * uncertainty_mm);

/** A size is told no finer than it is known. */
export const asKnown = (mm: number, uncertainty_mm: number): number => (giveOrTake(uncertainty_mm) >= 1 ? Math.round(mm) : roundToTenth(mm));
