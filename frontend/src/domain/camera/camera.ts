import type { Point } from "./types";

/**
 * How a camera sees a plane: the numbers of a view.
 *
 * Tilt about the picture's two axes (radians, after the turn), turn within the plane (radians), where the plane's origin lies
 * in the picture (pixels, before distortion), its scale there (logarithm of pixels per millimetre), the focal length
 * (logarithm, against what phones have), radial distortion at the picture's corner, and how far the lens looks past the
 * middle of the picture (shares of the longer side). Scale and place rather than a position in space, so that not knowing
 * the lens does not blur what the picture does show. A marker adds how far its ink has spread, in millimetres.
 */
export const TILT_X = 0;
export const TILT_Y = 1;
export const TURN = 2;
export const PLACE_X = 3;
export const PLACE_Y = 4;
export const SCALE = 5;
export const FOCAL = 6;
export const BEND = 7;
export const CENTRE_X = 8;
export const CENTRE_Y = 9;
export const INK = 10;

/** A main camera sees about 28 mm on 36 mm of old film: its focal length is this share of the picture's longer side. */
const USUAL_FOCAL = 0.78;
const STEPS = 6; // of undoing the distortion; each gains about two digits at the most that a phone's lens bends

export interface Frame {
  readonly width: number;
  readonly height: number;
}

type Row = readonly [number, number, number];

export interface Lens {
  readonly centre: Point;
  readonly focal: number;
  /** Share of the distance from the centre by which a point is moved, per square pixel of that distance. */
  readonly bend: number;
  /** The turned and tilted axes of the plane, and where its origin is, in millimetres before the camera. */
  readonly axes: readonly [Row, Row];
  readonly origin: Row;
}

const at = (numbers: readonly number[], index: number): number => numbers[index] ?? 0;

/** The camera of these numbers, worked out once for many points. */
export function lensOf(numbers: readonly number[], { width, height }: Frame): Lens {
  const long = Math.max(width, height);
  const focal = USUAL_FOCAL * long * Math.exp(at(numbers, FOCAL));
  const centre = { x: width / 2 + long * at(numbers, CENTRE_X), y: height / 2 + long * at(numbers, CENTRE_Y) };
  const depth = focal / Math.exp(at(numbers, SCALE));
  const origin: Row = [
    ((at(numbers, PLACE_X) - centre.x) / focal) * depth,
    ((at(numbers, PLACE_Y) - centre.y) / focal) * depth,
    depth,
  ];
  const [cosine, sine] = [Math.cos(at(numbers, TURN)), Math.sin(at(numbers, TURN))];
  const axes = [tilted([cosine, sine], numbers), tilted([-sine, cosine], numbers)] as const;
  return { centre, focal, bend: (at(numbers, BEND) * 4) / (width * width + height * height), axes, origin };
}

/** A direction in the picture's plane, turned about an axis that lies in that plane (Rodrigues). */
function tilted([x, y]: readonly [number, number], numbers: readonly number[]): Row {
  const [a, b] = [at(numbers, TILT_X), at(numbers, TILT_Y)];
  const angle = Math.hypot(a, b);
  const sinc = angle < 1e-9 ? 1 : Math.sin(angle) / angle;
  const rest = angle < 1e-9 ? 0.5 : (1 - Math.cos(angle)) / (angle * angle);
  const along = (a * x + b * y) * rest;
  const cosine = Math.cos(angle);
  return [x * cosine + a * along, y * cosine + b * along, (a * y - b * x) * sinc];
}

/** From millimetres in the plane to pixels of the picture. */
export function project(lens: Lens, { x, y }: Point): Point {
  const { axes, origin, focal, centre, bend } = lens;
  const depth = origin[2] + axes[0][2] * x + axes[1][2] * y;
  const right = (focal * (origin[0] + axes[0][0] * x + axes[1][0] * y)) / depth;
  const down = (focal * (origin[1] + axes[0][1] * x + axes[1][1] * y)) / depth;
  const moved = 1 + bend * (right * right + down * down);
  return { x: centre.x + right * moved, y: centre.y + down * moved };
}

/** From pixels of the picture to millimetres in the plane. */
export function backProject(lens: Lens, point: Point): Point {
  const [seenX, seenY] = [point.x - lens.centre.x, point.y - lens.centre.y];
  let [right, down] = [seenX, seenY];
  for (let step = 0; step < STEPS; step += 1) {
    const moved = 1 + lens.bend * (right * right + down * down);
    [right, down] = [seenX / moved, seenY / moved];
  }
  const [u, v] = [right / lens.focal, down / lens.focal];
  const [[ax, ay, az], [bx, by, bz]] = lens.axes;
  // Two equations: (origin + x·a + y·b) lies on the ray (u, v, 1).
  const [m11, m12, m21, m22] = [ax - u * az, bx - u * bz, ay - v * az, by - v * bz];
  const [r1, r2] = [u * lens.origin[2] - lens.origin[0], v * lens.origin[2] - lens.origin[1]];
  const determinant = m11 * m22 - m12 * m21;
  return { x: (r1 * m22 - m12 * r2) / determinant, y: (m11 * r2 - r1 * m21) / determinant };
}

/** Degrees between the plane and the picture. */
export const tiltDegrees = (numbers: readonly number[]): number =>
  (Math.hypot(at(numbers, TILT_X), at(numbers, TILT_Y)) * 180) / Math.PI;

/** What is expected before anything is seen, and how surely, one standard deviation; the three left out are free. */
export const EXPECTED: readonly (readonly [index: number, sd: number])[] = [
  [TILT_X, 0.3],
  [TILT_Y, 0.3],
  [FOCAL, 0.25],
  [BEND, 0.025],
  [CENTRE_X, 0.015],
  [CENTRE_Y, 0.015],
  [INK, 0.1],
];
