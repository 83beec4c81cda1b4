import type { Point } from "./types";

export type Quad = readonly [Point, Point, Point, Point];

/** The outermost pixels of one dark patch, row by row. */
interface Patch {
  top: number;
  count: number;
  /** Leftmost and just past the rightmost column, by row from `top`. */
  lefts: number[];
  rights: number[];
}

/** Dark pixels that touch each other, as patches: runs within a row, joined with those above them. */
export function patches(dark: Uint8Array, width: number, height: number): Patch[] {
  const parent: number[] = [];
  const runs: { row: number; from: number; to: number }[] = [];
  const rootOf = (run: number): number => {
    let [root, next] = [run, parent[run] ?? run];
    while (next !== root) {
      parent[root] = parent[next] ?? next; // halves the way for the next time
      [root, next] = [next, parent[next] ?? next];
    }
    return root;
  };
  let [above, here] = [0, 0];
  for (let row = 0; row < height; row += 1) {
    const line = row * width;
    let candidate = above;
    for (let column = 0; column < width; column += 1) {
      if (!dark[line + column]) continue;
      const from = column;
      while (column < width && dark[line + column]) column += 1;
      const run = runs.push({ row, from, to: column }) - 1;
      parent.push(run);
      while (candidate < here && (runs[candidate]?.to ?? 0) <= from) candidate += 1;
      for (let other = candidate; other < here && (runs[other]?.from ?? column) < column; other += 1) {
        parent[rootOf(other)] = rootOf(run);
      }
    }
    [above, here] = [here, runs.length];
  }
  return gathered(runs, rootOf);
}

function gathered(runs: readonly { row: number; from: number; to: number }[], rootOf: (run: number) => number): Patch[] {
  const byRoot = new Map<number, Patch>();
  for (const [index, { row, from, to }] of runs.entries()) {
    const root = rootOf(index);
    let patch = byRoot.get(root);
    if (!patch) byRoot.set(root, (patch = { top: row, count: 0, lefts: [], rights: [] }));
    const at = row - patch.top;
    patch.count += to - from;
    patch.lefts[at] = Math.min(patch.lefts[at] ?? from, from);
    patch.rights[at] = Math.max(patch.rights[at] ?? to, to);
  }
  return [...byRoot.values()];
}

const cross = (o: Point, a: Point, b: Point): number => (a.x - o.x) * (b.y - o.y) - (a.y - o.y) * (b.x - o.x);

function areaOf(points: readonly Point[]): number {
  const origin = points[0] as Point; // callers pass at least three
  return points.reduce((sum, point, index) => sum + cross(origin, point, points[index + 1] ?? origin), 0) / 2;
}

/** The rubber band round a patch, clockwise on the screen. */
function hullOf({ top, lefts, rights }: Patch): Point[] {
  const chain = (points: readonly Point[]): Point[] => {
    const kept: Point[] = [];
    for (const point of points) {
      while (kept.length > 1 && cross(kept.at(-2) as Point, kept.at(-1) as Point, point) <= 0) kept.pop(); // two are there
      kept.push(point);
    }
    return kept;
  };
  const right = rights.flatMap((x, row) => [{ x, y: top + row }, { x, y: top + row + 1 }]);
  const left = lefts.flatMap((x, row) => [{ x, y: top + row }, { x, y: top + row + 1 }]);
  return [...chain(right), ...chain(left.reverse())];
}

const farthest = (points: readonly Point[], score: (point: Point) => number): Point =>
  points.reduce((best, point) => (score(point) > score(best) ? point : best));

/** The four-sided shape that a hull is, or null. */
function quadOf(hull: readonly Point[]): Quad | null {
  const middle = { x: hull.reduce((sum, { x }) => sum + x, 0) / hull.length, y: hull.reduce((sum, { y }) => sum + y, 0) / hull.length };
  const a = farthest(hull, (point) => (point.x - middle.x) ** 2 + (point.y - middle.y) ** 2);
  const c = farthest(hull, (point) => (point.x - a.x) ** 2 + (point.y - a.y) ** 2);
  const d = farthest(hull, (point) => cross(a, c, point));
  const b = farthest(hull, (point) => -cross(a, c, point));
  const quad: Quad = [a, b, c, d];
  const [inner, outer] = [areaOf(quad), areaOf(hull)];
  return inner > 0.86 * outer ? quad : null;
}

const sides = (quad: Quad): number[] => quad.map((from, index) => Math.hypot((quad[(index + 1) % 4] ?? from).x - from.x, (quad[(index + 1) % 4] ?? from).y - from.y));

/** Patches that could be a square of the sheet: four-sided, dark enough within, neither a speck nor a splinter. */
export function quads(dark: Uint8Array, width: number, height: number, leastSide: number): Quad[] {
  return patches(dark, width, height)
    .filter(({ count, lefts }) => lefts.length >= leastSide * 0.7 && count >= leastSide * leastSide * 0.3)
    .flatMap((patch) => {
      const hull = hullOf(patch);
      const quad = hull.length >= 4 && patch.count > 0.3 * areaOf(hull) ? quadOf(hull) : null;
      if (!quad) return [];
      const [short, long] = [Math.min(...sides(quad)), Math.max(...sides(quad))];
      return short >= leastSide && short >= 0.35 * long ? [quad] : [];
    });
}

/** How the unit square (0, 0) to (1, 1) becomes a quad: two steps and what perspective takes of each. */
function stretch([a, b, c, d]: Quad): { ux: number; uy: number; vx: number; vy: number; g: number; h: number } {
  const [dx1, dx2, dx3] = [b.x - c.x, d.x - c.x, a.x - b.x + c.x - d.x];
  const [dy1, dy2, dy3] = [b.y - c.y, d.y - c.y, a.y - b.y + c.y - d.y];
  const determinant = dx1 * dy2 - dx2 * dy1;
  const [g, h] = [(dx3 * dy2 - dx2 * dy3) / determinant, (dx1 * dy3 - dx3 * dy1) / determinant];
  return { ux: b.x - a.x + g * b.x, uy: b.y - a.y + g * b.y, vx: d.x - a.x + h * d.x, vy: d.y - a.y + h * d.y, g, h };
}

/** From the unit square to a quad, by perspective. */
export function perspective(quad: Quad): (u: number, v: number) => Point {
  const { ux, uy, vx, vy, g, h } = stretch(quad);
  const [a] = quad;
  return (u, v) => {
    const depth = 1 + g * u + h * v;
    return { x: (a.x + ux * u + vx * v) / depth, y: (a.y + uy * u + vy * v) / depth };
  };
}

/** The other way: where in the unit square a point of the picture lies. */
export function flattened(quad: Quad): (point: Point) => Point {
  const { ux, uy, vx, vy, g, h } = stretch(quad);
  const [a] = quad;
  return ({ x, y }) => {
    const [m11, m12, m21, m22] = [ux - g * x, vx - h * x, uy - g * y, vy - h * y];
    const [right, down, determinant] = [x - a.x, y - a.y, m11 * m22 - m12 * m21];
    return { x: (right * m22 - m12 * down) / determinant, y: (m11 * down - right * m21) / determinant };
  };
}
