import type { Point } from "../../domain/camera";
import type { Observation, Photo } from "../../domain/record";

/** A photo that can be drawn, with what was said at its check. */
export interface Shown {
  id: string;
  url: string;
  caption: string;
  width: number;
  height: number;
  mm_per_px: number | null;
  marks: readonly object[];
  length_mm: number | null;
  /** Of the lump where it was marked, else of the picture. */
  middle: Point;
  photo: Photo;
  check: Observation;
}

/** The middle of what was marked as the lump. */
export function middleOf(marks: readonly object[], { width, height }: { width: number; height: number }): Point {
  const lump = (marks as readonly { kind?: unknown; points?: Point[] }[]).find(({ kind }) => kind === "length")?.points;
  const [a, b] = lump ?? [];
  return a && b ? { x: (a.x + b.x) / 2, y: (a.y + b.y) / 2 } : { x: width / 2, y: height / 2 };
}
