import type { Point } from "./types";

/** Moves, turns and scales the old picture over the new one: `x' = scale · (turned x) + x`. */
export interface Similarity {
  readonly scale: number;
  /** Clockwise on the screen. */
  readonly turn_radians: number;
  readonly x: number;
  readonly y: number;
  /** How far the marks miss each other afterwards, root mean square in pixels of the new picture. */
  readonly residual_px: number;
  apply(point: Point): Point;
}

const middle = (points: readonly Point[]): Point => ({
  x: points.reduce((sum, { x }) => sum + x, 0) / points.length,
  y: points.reduce((sum, { y }) => sum + y, 0) / points.length,
});

/**
 * From marks in the old picture to the same marks, in the same order, in the new one, by least squares. `null` for fewer than
 * two, for unequal numbers, and where all marks of one picture lie on one spot.
 */
export function alignment(before: readonly Point[], after: readonly Point[]): Similarity | null {
  if (before.length < 2 || before.length !== after.length) return null;
  const [from, to] = [middle(before), middle(after)];
  let [spread, along, across] = [0, 0, 0];
  before.forEach((point, index) => {
    const target = after[index] as Point; // as many as there are old ones
    const [px, py, qx, qy] = [point.x - from.x, point.y - from.y, target.x - to.x, target.y - to.y];
    spread += px * px + py * py;
    along += px * qx + py * qy;
    across += px * qy - py * qx;
  });
  const [cosine, sine] = [along / spread, across / spread]; // both times the scale
  const scale = Math.hypot(cosine, sine);
  if (!(spread > 0) || !(scale > 0)) return null;
  const [x, y] = [to.x - cosine * from.x + sine * from.y, to.y - sine * from.x - cosine * from.y];
  const apply = (point: Point): Point => ({ x: cosine * point.x - sine * point.y + x, y: sine * point.x + cosine * point.y + y });
  const misses = before.map((point, index) => {
    const [moved, target] = [apply(point), after[index] as Point]; // as many as there are old ones
    return (moved.x - target.x) ** 2 + (moved.y - target.y) ** 2;
  });
  const residual_px = Math.sqrt(misses.reduce((sum, miss) => sum + miss, 0) / misses.length);
  return { scale, turn_radians: Math.atan2(sine, cosine), x, y, residual_px, apply };
}
