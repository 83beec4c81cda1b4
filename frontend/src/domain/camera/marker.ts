import { sharpened } from "./edges";
import { darkPixels, halved, sums } from "./grey";
import { strayOf } from "./planes";
import { perspective, quads, type Quad } from "./quads";
import { MIDDLES, PIECE_MM, SPACING_MM, SQUARE_MM } from "./sheet";
import type { Found, FoundSquare, Grey, Point } from "./types";
import { read } from "./words";

/** A square, and how many of its bits were wrong. */
type Candidate = FoundSquare & { readonly wrong: number };

const LEAST_SIDE = 11; // pixels, of the picture that is searched
const SEARCHED = 1100; // pixels on the longer side: larger pictures are searched at half their size first
const WINDOWS = [1 / 36, 1 / 12]; // of the longer side: half the box that a pixel is compared with
const DARKER = 0.86;
const NEAR = 0.3; // of a side: how far a square may lie from where another one of the sheet says it is
/** A corner strays at least so far: what is left of blur and of the paper's own waves. */
const LEAST_STRAY_PX = 0.12;
/** Shares of a square's side: beyond the first the paper is not flat, beyond the second nobody knows where the skin lies. */
const FLAT = 0.004;
const MOST_STRAY = 0.06;
const LEAST_FLAT_PX = 0.25;
/** A bend moves all corners of one side together, not each by chance: what the sheet says is worth so many times less. */
const BENT = 3;
const CREASED = 2.5; // so many times better without one square: that one is not used
/** Beyond the middles of its squares the paper reaches so far, in shares of the way between them; scissors may leave some more. */
const PAPER = (PIECE_MM - SPACING_MM) / 2 / SPACING_MM;
const UNCUT = 0.1;

const distance = (a: Point, b: Point): number => Math.hypot(a.x - b.x, a.y - b.y);
const middle = ([a, b, c, d]: Quad): Point => ({ x: (a.x + b.x + c.x + d.x) / 4, y: (a.y + b.y + c.y + d.y) / 4 });
const sideOf = ([a, b, c, d]: Quad): number => (distance(a, b) + distance(b, c) + distance(c, d) + distance(d, a)) / 4;

type Refined = (grey: Grey, rough: Quad) => Quad | null;

/** A quad as a square of the sheet, its corners in the sheet's order and, unless they are left rough, to parts of a pixel. */
function recognised(grey: Grey, rough: Quad, refined: Refined = sharpened): Candidate | null {
  const word = read(grey, rough);
  const quad = word && refined(grey, rough);
  if (!quad) return null;
  const [a, b, c, d] = quad;
  const corners = ([[a, b, c, d], [b, c, d, a], [c, d, a, b], [d, a, b, c]] as const)[word.turns] ?? quad;
  return { id: word.id, corners, wrong: word.wrong };
}

/** All squares in a picture, searched in `small`, which is `factor` times smaller. */
function candidates(grey: Grey, small: Grey, factor: number, refined?: Refined): Candidate[] {
  const table = sums(small);
  const kept: Candidate[] = [];
  for (const window of WINDOWS) {
    const radius = Math.round(window * Math.max(small.width, small.height));
    const dark = darkPixels(small, table, radius, DARKER);
    for (const quad of quads(dark, small.width, small.height, LEAST_SIDE)) {
      const scaled = quad.map(({ x, y }) => ({ x: x * factor, y: y * factor })) as unknown as Quad; // four stay four
      const candidate = recognised(grey, scaled, refined);
      const isNew = candidate && kept.every(({ corners }) => distance(middle(corners), middle(candidate.corners)) > sideOf(corners) / 4);
      if (isNew) kept.push(candidate);
    }
  }
  return kept;
}

/** Where the corners of square `id` are expected, going by another one. */
function expected(by: Candidate, id: number): Quad {
  const at = perspective(by.corners);
  const own = MIDDLES[by.id] ?? { x: 0, y: 0 };
  const other = MIDDLES[id] ?? own;
  const [u, v] = [(other.x - own.x) / SQUARE_MM, (other.y - own.y) / SQUARE_MM];
  return [at(u, v), at(u + 1, v), at(u + 1, v + 1), at(u, v + 1)];
}

/** The squares that belong to one sheet with this one. */
function sheetOf(seed: Candidate, all: readonly Candidate[]): Candidate[] {
  const others = MIDDLES.flatMap((_, id) => {
    if (id === seed.id) return [];
    const place = expected(seed, id);
    const miss = (one: Candidate): number => Math.max(...one.corners.map((corner, index) => distance(corner, place[index] ?? corner)));
    const near = all.filter((one) => one.id === id && miss(one) < NEAR * sideOf(place)).sort((a, b) => miss(a) - miss(b));
    return near.slice(0, 1);
  });
  return [seed, ...others];
}

/** Squares that were overlooked, in a shadow or under a hair, sought where the others say they are. */
function completed(grey: Grey, sheet: readonly Candidate[]): Candidate[] {
  const found = [...sheet];
  for (const id of MIDDLES.keys()) {
    const seed = sheet[0];
    if (!seed || found.some((one) => one.id === id)) continue;
    const candidate = recognised(grey, expected(seed, id));
    if (candidate && sheetOf(seed, [candidate]).length > 1) found.push(candidate);
  }
  return found;
}

/** Without the one square that does not lie flat with the others, if that is what is wrong. */
function flattest(sheet: readonly Candidate[], grey: Grey): { squares: readonly Candidate[]; stray: number } {
  const whole = { squares: sheet, stray: strayOf(sheet, grey) };
  if (sheet.length < 4 || whole.stray < LEAST_FLAT_PX) return whole;
  const without = sheet.map((one) => {
    const squares = sheet.filter((other) => other !== one);
    return { squares, stray: strayOf(squares, grey) };
  });
  const best = without.reduce((a, b) => (b.stray < a.stray ? b : a));
  return best.stray * CREASED < whole.stray ? best : whole;
}

/** The squares of the one sheet that is in the picture for sure. */
function surest(all: readonly Candidate[]): Candidate[] | null {
  const sheets = all.map((seed) => sheetOf(seed, all)).sort((a, b) => b.length - a.length || errors(a) - errors(b));
  const [most] = sheets;
  const isSure = most !== undefined && (most.length > 2 || (most.length === 2 && all.length === 2)); // two that others contradict are none
  return isSure ? most : null;
}

function foundIn(grey: Grey, all: readonly Candidate[]): Found | null {
  const most = surest(all);
  if (!most) return null;
  const { squares, stray } = flattest(completed(grey, most), grey);
  const side = Math.min(...squares.map(({ corners }) => sideOf(corners)));
  if (!(stray <= MOST_STRAY * side)) return null;
  const flat = stray <= Math.max(LEAST_FLAT_PX, FLAT * side);
  const residual_px = flat ? Math.max(LEAST_STRAY_PX, stray) : BENT * stray;
  const { width, height } = grey;
  return { squares: squares.map(({ id, corners }) => ({ id, corners })), width, height, residual_px, flat, quality: squares.length / MIDDLES.length };
}

const errors = (sheet: readonly Candidate[]): number => sheet.reduce((sum, { wrong }) => sum + wrong, 0);

/**
 * The printed marker in a picture. At least two of its squares must be read and lie as the sheet has them; null rather than a
 * doubtful one.
 */
export function findMarker(grey: Grey): Found | null {
  const large = Math.max(grey.width, grey.height) > SEARCHED;
  const half = large ? foundIn(grey, candidates(grey, halved(grey), 2)) : null;
  return half && half.quality > 0.6 ? half : (foundIn(grey, candidates(grey, grey, 1)) ?? half);
}

/**
 * About where the paper of the sheet lies, for a hint: nothing is made finer and nothing is judged, which takes a small part
 * of the time. `null` where no sheet is seen.
 */
export function paperIn(grey: Grey): Quad | null {
  const sheet = surest(candidates(grey, grey, 1, (_, rough) => rough));
  const [seed] = sheet ?? [];
  if (!sheet || !seed) return null;
  const middleOf = (id: number): Point => middle(sheet.find((one) => one.id === id)?.corners ?? expected(seed, id));
  const at = perspective([middleOf(0), middleOf(1), middleOf(2), middleOf(3)]);
  const [from, to] = [-PAPER - UNCUT, 1 + PAPER + UNCUT];
  return [at(from, from), at(to, from), at(to, to), at(from, to)];
}
