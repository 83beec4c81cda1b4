/** Pixels of the picture, origin at its top left; the middle of the first pixel is (0.5, 0.5), as touches on a canvas count. */
export interface Point {
  readonly x: number;
  readonly y: number;
}

/** A picture in grey, row by row. */
export interface Grey {
  readonly data: Uint8ClampedArray | Uint8Array;
  readonly width: number;
  readonly height: number;
}

/**
 * The whole picture that the points lie in, uncropped: the middle of the picture is where the camera looked, and its longer
 * side stands for the width of the lens. `touchSdPx` is how far a finger strays, one standard deviation, in pixels of the
 * picture: 2 pixels of the screen times the picture's pixels per screen pixel, in the view where the point is set.
 */
export interface Shot {
  readonly width: number;
  readonly height: number;
  readonly touchSdPx: number;
}

export type Reference = "marker" | "card" | "coin" | "ruler";

/** Why there is no number. */
export type Reason =
  | "doubtful" // the points do not fit what they are said to be
  | "too_tilted"
  | "too_small" // too few pixels to measure by
  | "too_far" // from the reference: its plane is not known there
  | "too_unsure"; // the uncertainty would be larger than a number is worth

export interface Refused {
  readonly refused: Reason;
}

/** One small square of the sheet: its corners in the order of the sheet, from its own top left onward. */
export interface FoundSquare {
  readonly id: number;
  readonly corners: readonly [Point, Point, Point, Point];
}

export interface Found {
  readonly squares: readonly FoundSquare[];
  /** Of the picture that was searched. */
  readonly width: number;
  readonly height: number;
  /** How far a corner strays from a flat sheet, one standard deviation in pixels. */
  readonly residual_px: number;
  /** False for a creased or curled sheet: there is a number, but a flat one gives a better. */
  readonly flat: boolean;
  /** 0 to 1: the share of the sheet's squares that were used. */
  readonly quality: number;
}

/** One way the camera may have stood: its numbers (see camera.ts), and how likely it is beside the others. */
export interface View {
  readonly numbers: readonly number[];
  readonly weight: number;
}

/** The plane of the reference, seen from where the camera stood. */
export interface Plane {
  readonly kind: Reference;
  readonly width: number;
  readonly height: number;
  readonly views: readonly View[];
  /** Between the plane and the picture; null where the reference cannot say. */
  readonly tilt_degrees: number | null;
  /** The outline of the reference in the picture, to draw over it. */
  readonly outline: readonly Point[];
  /** Millimetres in the plane; the origin is the middle of the reference. */
  toMm(point: Point): Point;
  /** Pixels of the picture. */
  toPicture(mm: Point): Point;
}

export interface Measured {
  readonly length_mm: number;
  readonly width_mm: number | null;
  /** Standard uncertainty of `length_mm`: of the plane and of the fingers together. */
  readonly uncertainty_mm: number;
  /** Its two parts: readings of one picture share the first. */
  readonly plane_mm: number;
  readonly touch_mm: number;
  /** Holds the true length in 95 of 100 cases, as far as the lump lies in the plane. */
  readonly interval: readonly [number, number];
  /** At the middle of the length. */
  readonly mm_per_px: number;
  readonly tilt_degrees: number | null;
}

export type Pair = readonly [Point, Point];
