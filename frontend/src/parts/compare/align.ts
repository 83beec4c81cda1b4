import { alignment, flatOf, type Flat, type Point, type Reference, type Similarity } from "../../domain/camera";
import type { Laying } from "../camera/laying";

interface Extent {
  width: number;
  height: number;
}

/** A picture with what was marked in it. */
export interface Marked extends Extent {
  mm_per_px: number | null;
  marks: readonly object[];
}

/** Rounder than this, the longest way of a lump is a matter of chance. */
const ROUND = 1.15;
const ARM_MM = 20;
/** The lump as near to the same place beside the thing, and lying as much the same way, as fingers and a lens leave it. */
const SAME_PLACE_MM = 8;
const SAME_WAY_RADIANS = 0.4;
/**
 * A card, a coin or a ruler looks the same beside each side of a round lump: somebody may have laid it there the other time. The
 * sheet does not: it has an upper end.
 */
const LIKELY_TURN_RADIANS = Math.PI / 4;
/** Shares of the frame: where lump and thing miss each other by more, the two pictures are tilted otherwise. */
const SAME_TILT = 0.006;
/** As much as four corners. */
const LUMP_COUNTS = 4;
const KINDS: readonly unknown[] = ["marker", "card", "coin", "ruler"] satisfies Reference[];

interface Kept {
  kind?: unknown;
  points?: unknown;
  reference?: unknown;
}
const isPoint = (value: Partial<Point> | undefined | null): value is Point => Number.isFinite(value?.x) && Number.isFinite(value?.y);
const markIn = (marks: readonly object[], kind: string): Kept | undefined => (marks as readonly Kept[]).find((mark) => mark.kind === kind);
function pointsOf(mark: Kept | undefined): readonly Point[] {
  const points = mark?.points;
  return Array.isArray(points) && points.every(isPoint) ? points : [];
}
function pair(marks: readonly object[], kind: "length" | "width"): readonly [Point, Point] | null {
  const [a, b] = pointsOf(markIn(marks, kind));
  return a && b ? [a, b] : null;
}
const apart = ([a, b]: readonly [Point, Point]): number => Math.hypot(b.x - a.x, b.y - a.y);
const direction = ([a, b]: readonly [Point, Point]): number => Math.atan2(b.y - a.y, b.x - a.x);

interface Lump {
  middle: Point;
  length: readonly [Point, Point];
  /** Radians, either way round; `null` for a lump too round to have a direction. */
  direction: number | null;
  mm_per_px: number;
  shorter_px: number;
  /** The thing it was measured by, and the plane of that. */
  thing: Reference | null;
  flat: Flat | null;
}

function lumpIn({ marks, mm_per_px, width: across_px, height: down_px }: Marked): Lump | null {
  const [length, width] = [pair(marks, "length"), pair(marks, "width")];
  if (!length || mm_per_px === null || !(apart(length) > 0)) return null;
  const ends: readonly Point[] = width ? [...length, ...width] : length;
  const middle = { x: ends.reduce((sum, { x }) => sum + x, 0) / ends.length, y: ends.reduce((sum, { y }) => sum + y, 0) / ends.length };
  const isRound = !width || apart(length) < ROUND * apart(width);
  const mark = markIn(marks, "reference");
  const thing = KINDS.includes(mark?.reference) ? (mark?.reference as Reference) : null;
  const flat = thing && flatOf(thing, pointsOf(mark), middle, mm_per_px);
  return { middle, length, direction: isRound ? null : direction(length), mm_per_px, shorter_px: Math.min(across_px, down_px), thing, flat };
}

/**
 * Brings the old picture over the new one by what was measured in both: the lump and the thing measured by, where that lay
 * alike beside it both times (seen with another tilt, only the skin round the lump is made to meet); else the lump's middle
 * for the place, millimetres for the scale (it may have grown), and its longest way for the turn. `null` where one was not
 * measured.
 */
export function byMarks(before: Marked, after: Marked): Similarity | null {
  const [old, now] = [lumpIn(before), lumpIn(after)];
  if (!old || !now) return null;
  const found = byThing(old, now);
  if (found) return found;
  const turn = old.direction === null || now.direction === null ? 0 : halfTurn(now.direction - old.direction);
  const arm = ({ middle, mm_per_px }: Lump, angle: number): Point[] => {
    const long = ARM_MM / mm_per_px;
    return [middle, { x: middle.x + long * Math.cos(angle), y: middle.y + long * Math.sin(angle) }];
  };
  return alignment(arm(old, 0), arm(now, turn));
}

/** By the thing beside the lump; `null` where that lay otherwise the other time, or does not show how. */
function byThing(old: Lump, now: Lump): Similarity | null {
  const [was, is] = [old.flat, now.flat];
  if (old.thing !== now.thing || !was || !is) return null;
  const [from, to] = [was.toMm(old.middle), is.toMm(now.middle)];
  const away = (way: number): number => Math.hypot(way * from.x - to.x, way * from.y - to.y);
  const way = was.alike === 2 && away(-1) < away(1) ? -1 : 1;
  if (!(away(way) <= SAME_PLACE_MM) || !liesAlike(old, now, was, is)) return null;
  const wide = alignment(
    [...Array.from({ length: LUMP_COUNTS }, () => old.middle), ...is.corners.map(({ x, y }) => was.toPicture({ x: way * x, y: way * y }))],
    [...Array.from({ length: LUMP_COUNTS }, () => now.middle), ...is.corners.map((corner) => is.toPicture(corner))],
  );
  const isOneTilt = wide !== null && wide.residual_px <= SAME_TILT * now.shorter_px;
  const found = isOneTilt ? wide : alignment([old.middle, ...around(was, from, way)], [now.middle, ...around(is, to, 1)]);
  if (!found || !Number.isFinite(found.residual_px)) return null;
  return Math.abs(found.turn_radians) <= mostTurn(old, now, was) ? found : null;
}

/** A small coin is sooner laid at a long lump's other end than a phone is held the other way up. */
function mostTurn(old: Lump, now: Lump, { alike }: Flat): number {
  if (alike === 1) return Math.PI;
  if (old.direction === null || now.direction === null) return LIKELY_TURN_RADIANS;
  return old.thing === "coin" ? Math.PI / 2 : Math.PI;
}

/** Four places of the skin beside the lump. */
const around = (flat: Flat, { x, y }: Point, way: number): Point[] =>
  [[1, 0], [0, 1], [-1, 0], [0, -1]].map(([right = 0, down = 0]) => flat.toPicture({ x: x + way * right * ARM_MM, y: y + way * down * ARM_MM }));

/** Whether a long lump lies the same way beside the thing; a round one has no way. */
function liesAlike(old: Lump, now: Lump, was: Flat, is: Flat): boolean {
  if (old.direction === null || now.direction === null) return true;
  const way = ({ length: [a, b] }: Lump, flat: Flat): number => direction([flat.toMm(a), flat.toMm(b)]);
  return Math.abs(halfTurn(way(now, is) - way(old, was))) <= SAME_WAY_RADIANS;
}

/** An end has no name: a line turned by 170 degrees is one turned by -10. */
function halfTurn(radians: number): number {
  const turned = radians % Math.PI;
  if (turned > Math.PI / 2) return turned - Math.PI;
  return turned < -Math.PI / 2 ? turned + Math.PI : turned;
}

/** The same as a laying: the old picture first fitted into the new one's frame, then turned and scaled about its middle. */
export function layingFrom({ scale, turn_radians, apply }: Pick<Similarity, "scale" | "turn_radians" | "apply">, old: Extent, now: Extent): Laying {
  const fitted = Math.min(now.width / old.width, now.height / old.height);
  const middle = apply({ x: old.width / 2, y: old.height / 2 });
  return { x: (middle.x - now.width / 2) / now.width, y: (middle.y - now.height / 2) / now.width, scale: scale / fitted, turn: turn_radians };
}
