import {
  backProject,
  EXPECTED,
  INK,
  lensOf,
  PLACE_X,
  PLACE_Y,
  project,
  SCALE,
  TILT_X,
  TILT_Y,
  tiltDegrees,
  TURN,
  type Frame,
} from "./camera";
import { CARD_MM } from "./flat";
import { leastSquares, type Fit, type Misfit } from "./least-squares";
import { distinct, viewsAsExpected, viewsOf } from "./posterior";
import { cornerOf, PIECE_MM } from "./sheet";
import type { Found, FoundSquare, Plane, Point, Reference, Refused, Shot } from "./types";

const MOST_TILT_DEGREES = 50;
const ROUNDS_TO_PLACE = 8;
const LEAST_REFERENCE_PX = 24;
const USUAL_STRAY_PX = 0.3;
const POSE_NUMBERS = 8; // that the corners of a sheet settle: place, turn, tilt, scale, ink, and half of lens and bend together
/** Chi-square beyond which points are not those of the reference; what is expected of the camera has its share in it. */
const mostMisfit = (points: number): number => 18 + 2 * points;

/** A fit begins a little tilted to two sides: looking straight down, no side is better than another, and it would stay there. */
const STARTS: readonly Point[] = [
  { x: 0.2, y: 0.1 },
  { x: -0.1, y: 0.2 },
];

/** What a reference says: where its points are in millimetres (for these numbers) and in the picture. */
interface Pattern {
  readonly frame: Frame;
  readonly seen: readonly Point[];
  readonly sdPx: number;
  readonly outline: readonly Point[];
  /** How far a view misses, two residuals a point or one, in pixels. */
  readonly misses: (numbers: readonly number[]) => readonly number[];
  /** Before any tilt: place, turn, scale. */
  readonly begin: { place: Point; turn: number; scale: number };
  readonly fixed: readonly (readonly [index: number, sd: number])[];
}

function misfitOf({ misses, sdPx, fixed }: Pattern): Misfit {
  const expected = [...EXPECTED, ...fixed];
  return (numbers) => {
    const residuals = misses(numbers).map((miss) => miss / sdPx);
    for (const [index, sd] of expected) if (index < numbers.length) residuals.push((numbers[index] ?? 0) / sd);
    return residuals;
  };
}

/**
 * The ways in which the camera may have stood. A plane that is tilted away looks much like one that is tilted towards the camera,
 * so each way that is found is tried the other way round as well.
 */
function minimaOf(pattern: Pattern, misfit: Misfit, withInk: boolean): Fit[] {
  const { place, turn, scale } = pattern.begin;
  const tail = withInk ? [0, 0, 0, 0, 0] : [0, 0, 0, 0];
  const fits = STARTS.flatMap(({ x, y }) => {
    const fit = leastSquares(misfit, [x, y, turn, place.x, place.y, Math.log(scale), ...tail]);
    const other = fit && leastSquares(misfit, fit.numbers.map((value, index) => (index === TILT_X || index === TILT_Y ? -value : value)));
    return [fit, other];
  });
  return distinct(fits);
}

const extent = (points: readonly Point[]): number => {
  const [xs, ys] = [points.map(({ x }) => x), points.map(({ y }) => y)];
  return Math.hypot(Math.max(...xs) - Math.min(...xs), Math.max(...ys) - Math.min(...ys));
};

function planeOf(kind: Reference, pattern: Pattern): Plane | Refused {
  if (!pattern.seen.every(({ x, y }) => Number.isFinite(x) && Number.isFinite(y))) return { refused: "doubtful" };
  if (extent(pattern.seen) < LEAST_REFERENCE_PX) return { refused: "too_small" };
  const misfit = misfitOf(pattern);
  const minima = minimaOf(pattern, misfit, kind === "marker");
  const best = minima[0];
  if (!best || best.chi2 > mostMisfit(misfit(best.numbers).length)) return { refused: "doubtful" };
  const tilt_degrees = tiltDegrees(best.numbers);
  if (tilt_degrees > MOST_TILT_DEGREES) return { refused: "too_tilted" };
  const views = viewsOf(misfit, minima);
  const lens = lensOf(best.numbers, pattern.frame);
  const toPicture = (mm: Point): Point => project(lens, mm);
  const outline = pattern.outline.map(toPicture);
  return { kind, ...pattern.frame, views, tilt_degrees, outline, toPicture, toMm: (point) => backProject(lens, point) };
}

const corners = (width: number, height: number): Point[] => [
  { x: -width / 2, y: -height / 2 },
  { x: width / 2, y: -height / 2 },
  { x: width / 2, y: height / 2 },
  { x: -width / 2, y: height / 2 },
];

const middleOf = (points: readonly Point[]): Point => ({
  x: points.reduce((sum, { x }) => sum + x, 0) / points.length,
  y: points.reduce((sum, { y }) => sum + y, 0) / points.length,
});

/** A picture with a ruler is meant to be taken from straight above, and the app says so: eight degrees each way, as somebody holds it who strays up to twenty. */
const RULER_TILT_SD = 0.143;

/** How surely each number is expected beside a ruler; 0 for those that any picture settles. */
const expectedSds = Array.from({ length: INK }, (_, index) =>
  index === TILT_X || index === TILT_Y ? RULER_TILT_SD : (EXPECTED.find(([one]) => one === index)?.[1] ?? 0),
);

const apart = (a: Point, b: Point): number => Math.hypot(b.x - a.x, b.y - a.y);
const direction = (a: Point, b: Point): number => Math.atan2(b.y - a.y, b.x - a.x);

/** Both residuals of points whose place in the plane is known. */
function missesOf(frame: Frame, seen: readonly Point[], known: (numbers: readonly number[]) => readonly Point[]): Pattern["misses"] {
  return (numbers) => {
    const lens = lensOf(numbers, frame);
    return known(numbers).flatMap((mm, index) => {
      const [there, here] = [project(lens, mm), seen[index] ?? mm];
      return [there.x - here.x, there.y - here.y];
    });
  };
}

/** Squares of the sheet as a pattern; `sdPx` is how far their corners stray. */
function sheetPattern(squares: readonly FoundSquare[], frame: Frame, sdPx: number): Pattern | null {
  const seen = squares.flatMap((square) => square.corners);
  const known = (numbers: readonly number[]): Point[] =>
    squares.flatMap(({ id }) => [0, 1, 2, 3].map((corner) => cornerOf(id, corner, numbers[INK] ?? 0)));
  const [first, flat] = [squares[0], known([])];
  if (!first) return null;
  const scale = extent(seen) / extent(flat);
  const turn = direction(first.corners[0], first.corners[1]);
  const [offset, middle] = [middleOf(flat), middleOf(seen)];
  const [cosine, sine] = [Math.cos(turn) * scale, Math.sin(turn) * scale];
  const place = { x: middle.x - cosine * offset.x + sine * offset.y, y: middle.y - sine * offset.x - cosine * offset.y };
  const outline = corners(PIECE_MM, PIECE_MM);
  return { frame, seen, sdPx, outline, misses: missesOf(frame, seen, known), begin: { place, turn, scale }, fixed: [] };
}

/** How far the corners of these squares stray from any flat sheet, one standard deviation in pixels. */
export function strayOf(squares: readonly FoundSquare[], frame: Frame): number {
  const pattern = sheetPattern(squares, frame, USUAL_STRAY_PX);
  const best = pattern && minimaOf(pattern, misfitOf(pattern), true)[0];
  if (!best) return Infinity;
  const misses = pattern.misses(best.numbers);
  return Math.sqrt(misses.reduce((sum, miss) => sum + miss * miss, 0) / Math.max(1, misses.length - POSE_NUMBERS));
}

/** The plane of a marker that was found. */
export function planeFromMarker({ width, height, squares, residual_px }: Found): Plane | Refused {
  const pattern = squares.length < 2 ? null : sheetPattern(squares, { width, height }, residual_px);
  return pattern ? planeOf("marker", pattern) : { refused: "doubtful" };
}

/**
 * Four corners of a bank card in any order, each where two edges would meet if the corner were sharp. Which side is the long
 * one is read from them.
 */
export function planeFromCard(touched: readonly Point[], { width, height, touchSdPx }: Shot): Plane | Refused {
  if (touched.length !== 4) return { refused: "doubtful" };
  const place = middleOf(touched);
  const round = [...touched].sort((a, b) => direction(place, a) - direction(place, b));
  const outline = corners(CARD_MM.width, CARD_MM.height);
  const planes = [0, 1].map((step) => {
    const seen = round.map((_, index) => round[(index + step) % 4] ?? place);
    const [a, b, c, d] = seen as [Point, Point, Point, Point]; // four, see above
    const scale = (apart(a, b) + apart(b, c) + apart(c, d) + apart(d, a)) / (2 * (CARD_MM.width + CARD_MM.height));
    const frame = { width, height };
    const misses = missesOf(frame, seen, () => outline);
    return { frame, seen, sdPx: touchSdPx, outline, misses, begin: { place, turn: direction(a, b), scale }, fixed: [] };
  });
  return better(planes.map((pattern) => planeOf("card", pattern)));
}

/** Of two readings of the same touches the one that was not refused; of two that fit, the one with less tilt. */
function better(planes: readonly (Plane | Refused)[]): Plane | Refused {
  const fitting = planes.filter((plane): plane is Plane => !("refused" in plane));
  return fitting.sort((a, b) => (a.tilt_degrees ?? 0) - (b.tilt_degrees ?? 0))[0] ?? planes[0] ?? { refused: "doubtful" };
}

/** Points on the rim of a coin, at least five (eight are better), spread all round it. */
export function planeFromCoin(rim: readonly Point[], coin: Shot & { readonly diameter_mm: number }): Plane | Refused {
  if (rim.length < 5) return { refused: "doubtful" };
  const frame = { width: coin.width, height: coin.height };
  const place = middleOf(rim);
  const radius = coin.diameter_mm / 2;
  const scale = rim.reduce((sum, point) => sum + apart(place, point), 0) / rim.length / radius;
  const misses = (numbers: readonly number[]): number[] => {
    const lens = lensOf(numbers, frame);
    return rim.map((point) => {
      const mm = backProject(lens, point);
      const distance = Math.hypot(mm.x, mm.y);
      const nearest = project(lens, { x: (mm.x * radius) / distance, y: (mm.y * radius) / distance });
      return Math.sign(distance - radius) * apart(nearest, point);
    });
  };
  const outline = Array.from({ length: 36 }, (_, step) => ({
    x: radius * Math.cos((step * Math.PI) / 18),
    y: radius * Math.sin((step * Math.PI) / 18),
  }));
  const begin = { place, turn: 0, scale };
  return planeOf("coin", { frame, seen: rim, sdPx: coin.touchSdPx, outline, misses, begin, fixed: [[TURN, 0.01]] });
}

/** Two marks of a ruler that lie `mm` apart. They cannot say how it was tilted; the uncertainty says so. */
export function planeFromRuler(a: Point, b: Point, { width, height, touchSdPx, mm }: Shot & { readonly mm: number }): Plane | Refused {
  const frame = { width, height };
  if (![mm, a.x, a.y, b.x, b.y].every(Number.isFinite) || mm <= 0) return { refused: "doubtful" };
  if (apart(a, b) < LEAST_REFERENCE_PX) return { refused: "too_small" };
  const ends = [{ x: -mm / 2, y: 0 }, { x: mm / 2, y: 0 }] as const;
  const straight = placed([], ends, [a, b], frame);
  const views = viewsAsExpected(expectedSds, (camera, stray) => {
    const strayed = [a, b].map(({ x, y }) => ({ x: x + touchSdPx * stray(), y: y + touchSdPx * stray() }));
    return placed(camera, ends, strayed, frame);
  });
  if (views.length === 0) return { refused: "doubtful" };
  const lens = lensOf(straight, frame);
  const toPicture = (point: Point): Point => project(lens, point);
  const outline = ends.map(toPicture);
  return { kind: "ruler", ...frame, views, tilt_degrees: null, outline, toPicture, toMm: (point) => backProject(lens, point) };
}

/** This camera, moved until both ends of the ruler are where they were seen: a few rounds of move, turn and scale. */
function placed(camera: readonly number[], ends: readonly [Point, Point], [a, b]: readonly Point[], frame: Frame): number[] {
  const numbers = Array.from({ length: INK }, (_, index) => camera[index] ?? 0);
  if (!a || !b) return numbers;
  const middle = middleOf([a, b]);
  [numbers[PLACE_X], numbers[PLACE_Y]] = [middle.x, middle.y];
  [numbers[TURN], numbers[SCALE]] = [direction(a, b), Math.log(apart(a, b) / apart(...ends))];
  for (let round = 0; round < ROUNDS_TO_PLACE; round += 1) {
    const lens = lensOf(numbers, frame);
    const [c, d] = [project(lens, ends[0]), project(lens, ends[1])];
    const seen = middleOf([c, d]);
    numbers[PLACE_X] = (numbers[PLACE_X] ?? 0) + middle.x - seen.x;
    numbers[PLACE_Y] = (numbers[PLACE_Y] ?? 0) + middle.y - seen.y;
    numbers[TURN] = (numbers[TURN] ?? 0) + direction(a, b) - direction(c, d);
    numbers[SCALE] = (numbers[SCALE] ?? 0) + Math.log(apart(a, b) / apart(c, d));
  }
  return numbers;
}
