import type { Observation } from "../../domain/record";
import { likelyRange } from "../chart/scale";
import { readingsOf } from "../lump/readings";

/** How two sizes differ, in millimetres, with half of the 95 % interval of the difference; nothing is judged by it. */
export interface Change {
  before_mm: number;
  after_mm: number;
  by_mm: number;
  error_mm: number;
  way: "bigger" | "smaller" | "same";
}

/** `null` where one of the checks has no size. `same` where the two differ by no more than they are unsure. */
export function changeBetween(before: Observation, after: Observation): Change | null {
  const [first] = readingsOf([before]);
  const [second] = readingsOf([after]);
  if (!first || !second) return null;
  const half = [first, second].map((reading) => {
    const { low, high } = likelyRange(reading);
    return (high - low) / 2;
  });
  const [by_mm, error_mm] = [second.mm - first.mm, Math.hypot(...half)];
  const way = Math.abs(by_mm) <= error_mm ? "same" : by_mm > 0 ? "bigger" : "smaller";
  return { before_mm: first.mm, after_mm: second.mm, by_mm, error_mm, way };
}
