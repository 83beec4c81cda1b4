import { brightness } from "./grey";
import type { Quad } from "./quads";
import { MODULES } from "./sheet";
import type { Grey, Point } from "./types";

/** A line as a point on it and its direction, of length one. */
interface Line {
  readonly on: Point;
  readonly along: Point;
  readonly rms: number;
}

const PASSES = 3;
const FROM_CORNER = 0.1; // of a side: near a corner blur rounds the edge
const PROFILE_STEP = 0.5;
const MOST_REACH = 7;
const LEAST_CONTRAST = 8;

/** Where the brightness along a profile, dark to light, crosses the middle between its two ends; NaN where it does not rise. */
function crossing(profile: readonly number[]): number {
  const low = ((profile[0] ?? 0) + (profile[1] ?? 0)) / 2;
  const high = ((profile.at(-1) ?? 0) + (profile.at(-2) ?? 0)) / 2;
  if (!(high - low > LEAST_CONTRAST)) return NaN;
  const middle = (low + high) / 2;
  let [found, steepest] = [NaN, 0];
  for (let index = 1; index < profile.length; index += 1) {
    const [before, after] = [profile[index - 1] ?? NaN, profile[index] ?? NaN];
    if (before <= middle && after > middle && after - before > steepest) {
      steepest = after - before;
      found = index - 1 + (middle - before) / (after - before);
    }
  }
  return found;
}

/** Points on the edge between two corners, found across it. */
function edgePoints(grey: Grey, from: Point, to: Point, reach: number): Point[] {
  const length = Math.hypot(to.x - from.x, to.y - from.y);
  const along = { x: (to.x - from.x) / length, y: (to.y - from.y) / length };
  const out = { x: along.y, y: -along.x }; // corners go clockwise on the screen
  const count = Math.min(40, Math.max(8, Math.round(length / 2)));
  const steps = Math.round(reach / PROFILE_STEP);
  return Array.from({ length: count }, (_, index) => {
    const share = FROM_CORNER + ((1 - 2 * FROM_CORNER) * (index + 0.5)) / count;
    const foot = { x: from.x + along.x * length * share, y: from.y + along.y * length * share };
    const profile = Array.from({ length: 2 * steps + 1 }, (__, step) => {
      const away = (step - steps) * PROFILE_STEP;
      return brightness(grey, { x: foot.x + out.x * away, y: foot.y + out.y * away });
    });
    const away = (crossing(profile) - steps) * PROFILE_STEP;
    return { x: foot.x + out.x * away, y: foot.y + out.y * away };
  }).filter(({ x }) => Number.isFinite(x));
}

/** The straight line through points, without weight for those that stray: a hair or a shadow over the edge. */
function lineThrough(points: readonly Point[]): Line | null {
  let kept = points;
  let line: Line | null = null;
  for (let round = 0; round < 4; round += 1) {
    if (kept.length < 5) return null;
    const on = { x: kept.reduce((sum, { x }) => sum + x, 0) / kept.length, y: kept.reduce((sum, { y }) => sum + y, 0) / kept.length };
    let [xx, xy, yy] = [0, 0, 0];
    for (const { x, y } of kept) [xx, xy, yy] = [xx + (x - on.x) ** 2, xy + (x - on.x) * (y - on.y), yy + (y - on.y) ** 2];
    const angle = Math.atan2(2 * xy, xx - yy) / 2;
    const along = { x: Math.cos(angle), y: Math.sin(angle) };
    const off = (point: Point): number => Math.abs((point.y - on.y) * along.x - (point.x - on.x) * along.y);
    line = { on, along, rms: Math.sqrt(kept.reduce((sum, point) => sum + off(point) ** 2, 0) / kept.length) };
    const distances = points.map(off).sort((a, b) => a - b);
    const limit = Math.max(0.25, 3 * (distances[distances.length >> 1] ?? 0));
    kept = points.filter((point) => off(point) <= limit);
  }
  return line;
}

function meeting(first: Line, second: Line): Point {
  const { on: a, along: p } = first;
  const { on: b, along: q } = second;
  const share = ((b.x - a.x) * q.y - (b.y - a.y) * q.x) / (p.x * q.y - p.y * q.x);
  return { x: a.x + p.x * share, y: a.y + p.y * share };
}

/**
 * The corners of a dark square to parts of a pixel, where the lines through its four edges meet: an edge is seen by dozens of
 * pixels, a corner by one, and blur rounds it. Null where an edge is not to be seen.
 */
export function sharpened(grey: Grey, rough: Quad): Quad | null {
  let quad = rough;
  for (let pass = 0; pass < PASSES; pass += 1) {
    const lengths = quad.map((from, index) => Math.hypot((quad[(index + 1) % 4] ?? from).x - from.x, (quad[(index + 1) % 4] ?? from).y - from.y));
    const reach = Math.min(MOST_REACH, Math.max(1.5, (0.5 * Math.min(...lengths)) / MODULES));
    const lines = quad.map((from, index) => lineThrough(edgePoints(grey, from, quad[(index + 1) % 4] ?? from, reach)));
    const [top, right, bottom, left] = lines;
    if (!top || !right || !bottom || !left || Math.max(top.rms, right.rms, bottom.rms, left.rms) > 0.15 * reach + 0.3) return null;
    const next: Quad = [meeting(left, top), meeting(top, right), meeting(right, bottom), meeting(bottom, left)];
    const moved = Math.max(...next.map(({ x, y }, index) => Math.hypot(x - (rough[index]?.x ?? NaN), y - (rough[index]?.y ?? NaN))));
    if (!(moved < 0.25 * Math.min(...lengths))) return null;
    quad = next;
  }
  return quad;
}
