import type { Pair, Plane, Point } from "../../domain/camera";

type Flat = Pick<Plane, "toMm" | "toPicture">;

/**
 * Keeps the width square to the length on the skin, not on the tilted picture. `held` is the end that was just moved and
 * stays where the finger is; without one the width keeps its middle and its size and only turns.
 */
export function squared(plane: Flat, [a, b]: Pair, width: Pair, held: 0 | 1 | null): Pair {
  const [from, to] = [plane.toMm(a), plane.toMm(b)];
  const long = Math.hypot(to.x - from.x, to.y - from.y);
  if (!(long > 0)) return width;
  const across = { x: -(to.y - from.y) / long, y: (to.x - from.x) / long };
  const ends = [plane.toMm(width[0]), plane.toMm(width[1])] as const;
  const along = (point: Point, start: Point): number => (point.x - start.x) * across.x + (point.y - start.y) * across.y;
  const at = (start: Point, far: number): Point => plane.toPicture({ x: start.x + across.x * far, y: start.y + across.y * far });
  if (held === 0) return [width[0], at(ends[0], along(ends[1], ends[0]))];
  if (held === 1) return [at(ends[1], along(ends[0], ends[1])), width[1]];
  const middle = { x: (ends[0].x + ends[1].x) / 2, y: (ends[0].y + ends[1].y) / 2 };
  const half = Math.hypot(ends[1].x - ends[0].x, ends[1].y - ends[0].y) / 2;
  const sign = along(ends[1], ends[0]) < 0 ? -1 : 1; // the end a finger knows as the first stays the first
  return [at(middle, -half * sign), at(middle, half * sign)];
}
