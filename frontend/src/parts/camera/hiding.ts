import { contextOf, type Bitmap } from "./pixels";

/** A rectangle in pixels of the picture. */
export interface Box {
  x: number;
  y: number;
  width: number;
  height: number;
}

/** From two opposite corners, kept inside the picture. */
export function boxOf(a: { x: number; y: number }, b: { x: number; y: number }, limit: { width: number; height: number }): Box {
  const inside = (value: number, most: number): number => Math.min(most, Math.max(0, value));
  const [left, right] = [inside(Math.min(a.x, b.x), limit.width), inside(Math.max(a.x, b.x), limit.width)];
  const [top, bottom] = [inside(Math.min(a.y, b.y), limit.height), inside(Math.max(a.y, b.y), limit.height)];
  return { x: Math.round(left), y: Math.round(top), width: Math.round(right - left), height: Math.round(bottom - top) };
}

/** How many pixels of a blurred part are told apart along its longer side: far too few to make out a face or a name. */
const GRAINS = 8;

/** Replaces the pixels of a part by a few large averages of themselves: nothing in the file could bring them back. */
export function blurPart(canvas: HTMLCanvasElement, { x, y, width, height }: Box): void {
  if (width < 2 || height < 2) return;
  const grain = Math.max(width, height) / GRAINS;
  let small = document.createElement("canvas");
  [small.width, small.height] = [width, height];
  contextOf(small).drawImage(canvas, x, y, width, height, 0, 0, width, height);
  // By halves, so that each grain averages all of its pixels and not just four of them.
  while (small.width > Math.ceil(width / grain) || small.height > Math.ceil(height / grain)) {
    const next = document.createElement("canvas");
    next.width = Math.max(Math.ceil(width / grain), Math.ceil(small.width / 2));
    next.height = Math.max(Math.ceil(height / grain), Math.ceil(small.height / 2));
    contextOf(next).drawImage(small, 0, 0, next.width, next.height);
    small = next;
  }
  contextOf(canvas).drawImage(small, 0, 0, small.width, small.height, x, y, width, height);
}

/** That part alone. */
export function croppedTo(source: Bitmap, { x, y, width, height }: Box): HTMLCanvasElement {
  const canvas = document.createElement("canvas");
  [canvas.width, canvas.height] = [width, height];
  contextOf(canvas).drawImage(source, x, y, width, height, 0, 0, width, height);
  return canvas;
}

type Mark = Record<string, unknown>;

/** The same places after a cut; how another picture lay over the whole is no longer known. */
export function marksWithin(marks: readonly Mark[], { x, y }: Box): Mark[] {
  const moved = (points: unknown): unknown =>
    Array.isArray(points) ? points.map((point: { x: number; y: number }) => ({ x: point.x - x, y: point.y - y })) : points;
  return marks.filter((mark) => mark["kind"] !== "over").map((mark) => ("points" in mark ? { ...mark, points: moved(mark["points"]) } : mark));
}
