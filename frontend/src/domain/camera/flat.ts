import { flattened, perspective, type Quad } from "./quads";
import { PIECE_MM } from "./sheet";
import type { Point, Reference } from "./types";

/** ISO/IEC 7810, ID-1. */
export const CARD_MM = { width: 85.6, height: 53.98 };

/** The plane that a thing of known size lies in, from its outline alone: perspective, but no lens and no uncertainty. */
export interface Flat {
  /** Millimetres from the middle of the thing, along its own sides. */
  toMm(point: Point): Point;
  toPicture(mm: Point): Point;
  /** Where its corners or ends are. */
  readonly corners: readonly Point[];
  /** In so many ways round the thing looks the same. */
  readonly alike: 1 | 2;
}

/** Two marks of a ruler say where and how it lies, and nothing about tilt. */
function alongRuler([a, b]: readonly [Point, Point], mm_per_px: number): Flat {
  const middle = { x: (a.x + b.x) / 2, y: (a.y + b.y) / 2 };
  const long = Math.hypot(b.x - a.x, b.y - a.y);
  const [cosine, sine] = [(b.x - a.x) / long, (b.y - a.y) / long];
  const toMm = ({ x, y }: Point): Point => {
    const [right, down] = [(x - middle.x) * mm_per_px, (y - middle.y) * mm_per_px];
    return { x: cosine * right + sine * down, y: cosine * down - sine * right };
  };
  const toPicture = ({ x, y }: Point): Point => ({
    x: middle.x + (cosine * x - sine * y) / mm_per_px,
    y: middle.y + (sine * x + cosine * y) / mm_per_px,
  });
  return { toMm, toPicture, corners: [toMm(a), toMm(b)], alike: 2 };
}

/** From the outline that is kept with a measured picture; `null` for a coin, which looks the same whichever way it is turned. */
export function flatOf(kind: Reference, outline: readonly Point[], mm_per_px: number): Flat | null {
  const [a, b, c, d] = outline;
  if (kind === "ruler" && a && b) return alongRuler([a, b], mm_per_px);
  if ((kind !== "marker" && kind !== "card") || !a || !b || !c || !d) return null;
  const quad: Quad = [a, b, c, d];
  const { width, height } = kind === "card" ? CARD_MM : { width: PIECE_MM, height: PIECE_MM };
  const [onto, from] = [flattened(quad), perspective(quad)];
  const toMm = (point: Point): Point => {
    const { x, y } = onto(point);
    return { x: (x - 0.5) * width, y: (y - 0.5) * height };
  };
  return { toMm, corners: quad.map(toMm), toPicture: ({ x, y }) => from(x / width + 0.5, y / height + 0.5), alike: kind === "card" ? 2 : 1 };
}
