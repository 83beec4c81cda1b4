import type { Point } from "./types";

/**
 * The marker: four small squares in a square of 40 mm. Each is six modules wide, black around and 4 × 4 bits within.
 *
 * Any two of the sixteen words (four squares, four ways to turn them) differ in at least eight bits, so that one or two wrong ones
 * are put right. Four squares rather than a large one: a covered or creased one is left out, the others say that it is.
 */
export const SQUARE_MM = 15;
export const SPACING_MM = 25;
export const MODULES = 6;
export const MARGIN_MM = 5;
export const PIECE_MM = SPACING_MM + SQUARE_MM + 2 * MARGIN_MM;

/** The bits of a square, row by row from its top left, 1 for white. Sheet order: top left, top right, bottom right, bottom left. */
export const WORDS: readonly number[] = [0x3f01, 0x4f1e, 0xec8b, 0x56ad];

export const MIDDLES: readonly Point[] = [
  { x: -SPACING_MM / 2, y: -SPACING_MM / 2 },
  { x: SPACING_MM / 2, y: -SPACING_MM / 2 },
  { x: SPACING_MM / 2, y: SPACING_MM / 2 },
  { x: -SPACING_MM / 2, y: SPACING_MM / 2 },
];

/** Corner 0 to 3 of a square, from its top left onward, with ink that has spread by `ink` millimetres. */
export function cornerOf(id: number, corner: number, ink: number): Point {
  const middle = MIDDLES[id] ?? { x: NaN, y: NaN };
  const half = SQUARE_MM / 2 + ink;
  const [right, down] = [corner === 1 || corner === 2 ? 1 : -1, corner >= 2 ? 1 : -1];
  return { x: middle.x + right * half, y: middle.y + down * half };
}
