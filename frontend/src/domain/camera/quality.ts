import type { Grey } from "./types";

export type Fault = "blurred" | "dark" | "glare" | "farther" | "nearer";

export interface Quality {
  /** The worst first. */
  readonly faults: readonly Fault[];
  /** The finest detail as a share of the coarser: about 0.2 and more where a picture is sharp, 0.1 where it is not. */
  readonly sharpness: number;
  /** 0 to 1: the middle of the brightnesses. */
  readonly brightness: number;
  /** The share of the picture that is burnt out. */
  readonly glare: number;
}

const TILES = 16;
const SHARP_ENOUGH = 0.12;
const DARK = 0.16;
const BURNT = 250;
const MOST_BURNT = 0.04;
/** The same thing this much smaller or larger than last time is seen from elsewhere. */
const OTHER_DISTANCE = 1.35;

/** Of one tile: how strong the finest detail is (Laplacian) beside detail of four times its size. */
function detail({ data, width }: Grey, left: number, top: number, size: { width: number; height: number }): { fine: number; coarse: number } {
  let [fine, coarse] = [0, 0];
  const value = (column: number, row: number): number => data[row * width + column] ?? 0;
  for (let row = top + 4; row < top + size.height - 4; row += 1) {
    for (let column = left + 4; column < left + size.width - 4; column += 1) {
      const four = 4 * value(column, row);
      fine += (four - value(column - 1, row) - value(column + 1, row) - value(column, row - 1) - value(column, row + 1)) ** 2;
      coarse += (four - value(column - 4, row) - value(column + 4, row) - value(column, row - 4) - value(column, row + 4)) ** 2;
    }
  }
  return { fine, coarse };
}

/**
 * The picture's finest detail as a share of its coarser detail, where there is something to see: blur takes the fine and
 * leaves the coarse, dim light and pale skin take both. 0 where nothing stands out of the grain.
 */
function sharpnessOf(grey: Grey): number {
  const size = { width: Math.floor(grey.width / TILES), height: Math.floor(grey.height / TILES) };
  const tiles = Array.from({ length: TILES * TILES }, (_, index) =>
    detail(grey, (index % TILES) * size.width, Math.floor(index / TILES) * size.height, size),
  );
  const noise = tiles.map(({ fine }) => fine).sort((a, b) => a - b)[tiles.length >> 1] ?? 0; // grain is everywhere, edges are not
  const clean = tiles.map(({ fine, coarse }) => ({ fine: fine - noise, coarse: coarse - noise }));
  const strongest = Math.max(...clean.map(({ coarse }) => coarse));
  const telling = clean.filter(({ coarse }) => coarse > 0.2 * strongest && coarse > 3 * noise);
  const sum = (pick: (tile: { fine: number; coarse: number }) => number): number => telling.reduce((all, tile) => all + pick(tile), 0);
  return telling.length === 0 ? 0 : Math.sqrt(Math.max(0, sum(({ fine }) => fine) / sum(({ coarse }) => coarse)));
}

function histogramOf({ data }: Grey): number[] {
  const counts = new Array<number>(256).fill(0);
  for (const value of data) counts[value] = (counts[value] ?? 0) + 1;
  return counts;
}

function medianOf(counts: readonly number[], pixels: number): number {
  let passed = 0;
  return counts.findIndex((count) => (passed += count) >= pixels / 2);
}

/**
 * What is wrong with a picture, from a small grey copy of it (512 pixels on the longer side). `scale` compares the distance
 * with the last picture: how many times larger the same thing is in this one; null where that is not known.
 */
export function quality(grey: Grey, scale: number | null): Quality {
  const pixels = grey.width * grey.height;
  const counts = histogramOf(grey);
  const brightness = medianOf(counts, pixels) / 255;
  const glare = counts.slice(BURNT).reduce((sum, count) => sum + count, 0) / pixels;
  const sharpness = sharpnessOf(grey);
  const faults: Fault[] = [];
  if (sharpness < SHARP_ENOUGH) faults.push("blurred");
  if (brightness < DARK) faults.push("dark");
  if (glare > MOST_BURNT) faults.push("glare");
  if (scale !== null && scale < 1 / OTHER_DISTANCE) faults.push("farther");
  if (scale !== null && scale > OTHER_DISTANCE) faults.push("nearer");
  return { faults, sharpness, brightness, glare };
}
