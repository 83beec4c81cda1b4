import { planeFromCard, planeFromCoin, planeFromRuler, type Pair, type Plane, type Point, type Reference, type Refused } from "../../domain/camera";

interface Extent {
  width: number;
  height: number;
}

/** What somebody touches; the sheet is found without a touch. */
export type Touched = Exclude<Reference, "marker">;

const RIM_POINTS = 8;
/** A bank card, ISO/IEC 7810 ID-1. */
const CARD_SHAPE = 85.6 / 53.98;
export const RULER_MM = 50;

/** Where the points lie before they are moved: in the lower part of the picture, where most people put the thing. */
export function firstPoints(reference: Touched, { width, height }: Extent): Point[] {
  const [x, y, size] = [width / 2, height * 0.68, Math.min(width, height) * 0.18];
  if (reference === "ruler") return [{ x: x - size, y }, { x: x + size, y }];
  if (reference === "card") {
    const [dx, dy] = [size * 1.3, (size * 1.3) / CARD_SHAPE];
    return [{ x: x - dx, y: y - dy }, { x: x + dx, y: y - dy }, { x: x + dx, y: y + dy }, { x: x - dx, y: y + dy }];
  }
  return Array.from({ length: RIM_POINTS }, (_, index) => {
    const turn = (index / RIM_POINTS) * 2 * Math.PI - Math.PI / 2;
    return { x: x + size * Math.cos(turn), y: y + size * Math.sin(turn) };
  });
}

/** The points joined: a ring, but for the ruler's two. */
export const linesOf = (points: readonly Point[]): [number, number][] =>
  points.length === 2 ? [[0, 1]] : points.map((_, index) => [index, (index + 1) % points.length]);

export interface Thing {
  reference: Touched;
  /** Of the coin. */
  diameter_mm: number | null;
  /** Between the ruler's two marks. */
  ruler_mm: number;
}

export function planeOf(points: readonly Point[], { reference, diameter_mm, ruler_mm }: Thing, shot: Extent & { touchSdPx: number }): Plane | Refused {
  const [first, second] = points;
  if (reference === "card") return planeFromCard(points, shot);
  if (reference === "coin") return diameter_mm === null ? { refused: "doubtful" } : planeFromCoin(points, { ...shot, diameter_mm });
  return first && second ? planeFromRuler(first, second, { ...shot, mm: ruler_mm }) : { refused: "doubtful" };
}

/** Where the lump's two diameters lie before they are moved. Each reading begins elsewhere, so that it is one of its own. */
export function firstCross({ width, height }: Extent, reading: number): { length: Pair; width: Pair } {
  const size = Math.min(width, height) * (0.12 + 0.02 * (reading % 3));
  const [x, y] = [width / 2 + size * 0.2 * ((reading % 3) - 1), height * 0.36];
  return {
    length: [{ x: x - size, y }, { x: x + size, y }],
    width: [{ x, y: y - size * 0.8 }, { x, y: y + size * 0.8 }],
  };
}
