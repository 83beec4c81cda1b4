import { alignment, type Point, type Similarity } from "../../domain/camera";
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

function pair(marks: readonly object[], kind: "length" | "width"): readonly [Point, Point] | null {
  const found = (marks as readonly Record<string, unknown>[]).find((mark) => mark["kind"] === kind)?.["points"];
  if (!Array.isArray(found)) return null;
  const [a, b] = found as (Partial<Point> | undefined)[];
  return isPoint(a) && isPoint(b) ? [a, b] : null;
}
const isPoint = (value: Partial<Point> | undefined): value is Point => Number.isFinite(value?.x) && Number.isFinite(value?.y);
const apart = ([a, b]: readonly [Point, Point]): number => Math.hypot(b.x - a.x, b.y - a.y);

interface Lump {
  middle: Point;
  /** Radians, either way round; `null` for a lump too round to have a direction. */
  direction: number | null;
  mm_per_px: number;
}

function lumpIn({ marks, mm_per_px }: Marked): Lump | null {
  const [length, width] = [pair(marks, "length"), pair(marks, "width")];
  if (!length || mm_per_px === null || !(apart(length) > 0)) return null;
  const ends: readonly Point[] = width ? [...length, ...width] : length;
  const middle = { x: ends.reduce((sum, { x }) => sum + x, 0) / ends.length, y: ends.reduce((sum, { y }) => sum + y, 0) / ends.length };
  const isRound = !width || apart(length) < ROUND * apart(width);
  return { middle, direction: isRound ? null : Math.atan2(length[1].y - length[0].y, length[1].x - length[0].x), mm_per_px };
}

/**
 * Brings the old picture over the new one by what was measured in both: the lump's middle for the place, millimetres for the
 * scale (the lump itself may have grown), and its longest way for the turn. `null` where one was not measured.
 */
export function byMarks(before: Marked, after: Marked): Similarity | null {
  const [old, now] = [lumpIn(before), lumpIn(after)];
  if (!old || !now) return null;
  const turn = old.direction === null || now.direction === null ? 0 : halfTurn(now.direction - old.direction);
  const arm = ({ middle, mm_per_px }: Lump, angle: number): Point[] => {
    const long = ARM_MM / mm_per_px;
    return [middle, { x: middle.x + long * Math.cos(angle), y: middle.y + long * Math.sin(angle) }];
  };
  return alignment(arm(old, 0), arm(now, turn));
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
