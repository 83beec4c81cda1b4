import { paperIn } from "./marker";
import type { Grey, Point } from "./types";

export type Fault = "blurred" | "dark" | "glare" | "farther" | "nearer";

export interface Quality {
  /** The worst first. */
  readonly faults: readonly Fault[];
  /** The finest detail as a share of the coarser: about 0.2 and more where a picture is sharp, 0.1 where it is not. */
  readonly sharpness: number;
  /** 0 to 1: the middle of the brightnesses. */
  readonly brightness: number;
  /** The share of the picture that is burnt out; the sheet, which is white, does not count. */
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
  let fine = 0;
  let coarse = 0;
  for (let row = top + 4; row < top + size.height - 4; row += 1) {
    // Written out instead of a call for each pixel: this runs once, before the browser has made it quick.
    const last = row * width + left + size.width - 4;
    for (let at = row * width + left + 4; at < last; at += 1) {
      const four = 4 * (data[at] ?? 0);
      const near = four - (data[at - 1] ?? 0) - (data[at + 1] ?? 0) - (data[at - width] ?? 0) - (data[at + width] ?? 0);
      const far = four - (data[at - 4] ?? 0) - (data[at + 4] ?? 0) - (data[at - 4 * width] ?? 0) - (data[at + 4 * width] ?? 0);
      fine += near * near;
      coarse += far * far;
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
  for (let at = 0; at < data.length; at += 1) {
    const value = data[at] ?? 0;
    counts[value] = (counts[value] ?? 0) + 1;
  }
  return counts;
}

function medianOf(counts: readonly number[], pixels: number): number {
  let passed = 0;
  return counts.findIndex((count) => (passed += count) >= pixels / 2);
}

/** The share of burnt pixels outside of a piece of paper, whose corners go round one way or the other. */
function burntBeside({ data, width, height }: Grey, paper: readonly Point[]): number {
  let [burnt, pixels] = [0, 0];
  for (let row = 0; row < height; row += 1) {
    const crossings = paper.flatMap((a, index): number[] => {
      const b = paper[(index + 1) % paper.length] ?? a;
      return a.y > row === b.y > row ? [] : [a.x + ((row - a.y) / (b.y - a.y)) * (b.x - a.x)];
    });
    const [from, to] = crossings.length < 2 ? [Infinity, -Infinity] : [Math.min(...crossings), Math.max(...crossings)];
    for (let column = 0; column < width; column += 1) {
      if (column >= from && column <= to) continue;
      pixels += 1;
      if ((data[row * width + column] ?? 0) >= BURNT) burnt += 1;
    }
  }
  return burnt / Math.max(1, pixels);
}

/**
 * What is wrong with a picture, from a small grey copy of it (512 pixels on the longer side). `scale` compares the distance
 * with the last picture: how many times larger the same thing is in this one; null where that is not known. `paper` says
 * where the sheet lies; it is asked only where much is white.
 */
export function quality(grey: Grey, scale: number | null, paper: () => readonly Point[] | null = () => paperIn(grey)): Quality {
  const pixels = grey.width * grey.height;
  const counts = histogramOf(grey);
  const brightness = medianOf(counts, pixels) / 255;
  const burnt = counts.slice(BURNT).reduce((sum, count) => sum + count, 0) / pixels;
  const sheet = burnt > MOST_BURNT ? paper() : null;
  const glare = sheet ? burntBeside(grey, sheet) : burnt;
  const sharpness = sharpnessOf(grey);
  const faults: Fault[] = [];
  if (sharpness < SHARP_ENOUGH) faults.push("blurred");
  if (brightness < DARK) faults.push("dark");
  if (glare > MOST_BURNT) faults.push("glare");
  if (scale !== null && scale < 1 / OTHER_DISTANCE) faults.push("farther");
  if (scale !== null && scale > OTHER_DISTANCE) faults.push("nearer");
  return { faults, sharpness, brightness, glare };
}
