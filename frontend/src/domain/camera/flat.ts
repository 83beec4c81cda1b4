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

/** About `middle`, along the way from `a` to `b`, seen straight from above. */
function along(middle: Point, [a, b]: readonly [Point, Point], mm_per_px: number): Pick<Flat, "toMm" | "toPicture"> {
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
  return { toMm, toPicture };
}

/** Two marks of a ruler say where and how it lies, and nothing about tilt. */
function alongRuler(ends: readonly [Point, Point], mm_per_px: number): Flat {
  const flat = along(middleOf(ends), ends, mm_per_px);
  return { ...flat, corners: ends.map(flat.toMm), alike: 2 };
}

/** A coin looks the same whichever way it is turned, so what counts is which way from the lump it lies. */
function besideLump(rim: readonly Point[], lump: Point, mm_per_px: number): Flat | null {
  const middle = middleOf(rim);
  const radius = rim.reduce((sum, { x, y }) => sum + Math.hypot(x - middle.x, y - middle.y), 0) * (mm_per_px / rim.length);
  const flat = along(middle, [lump, middle], mm_per_px);
  const corners = [{ x: radius, y: 0 }, { x: 0, y: radius }, { x: -radius, y: 0 }, { x: 0, y: -radius }];
  return Math.abs(flat.toMm(lump).x) > radius ? { ...flat, corners, alike: 2 } : null;
}

const middleOf = (points: readonly Point[]): Point => ({
  x: points.reduce((sum, { x }) => sum + x, 0) / points.length,
  y: points.reduce((sum, { y }) => sum + y, 0) / points.length,
});

/** From the outline that is kept with a measured picture, and the middle of the lump in it; `null` where they do not say it. */
export function flatOf(kind: Reference, outline: readonly Point[], lump: Point, mm_per_px: number): Flat | null {
  const [a, b, c, d] = outline;
  if (kind === "coin" && d) return besideLump(outline, lump, mm_per_px);
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
