import { expect, test } from "vitest";
import { BLANK, type Observation } from "../../domain/record";
import { changeBetween } from "./change";

const check = (length_mm: number | null, uncertainty_mm: number | null = 0.5): Observation => ({
  id: "check",
  ...BLANK.observation,
  observed_at: "2026-10-01T10:00:00Z",
  length_mm,
  method: "photo",
  uncertainty_mm,
});

test("a difference is told with an error that holds both sizes' own", () => {
  const change = changeBetween(check(18, 0.5), check(22, 0.5));
  expect(change?.way).toBe("bigger");
  expect(change?.by_mm).toBe(4);
  expect(change?.error_mm).toBeGreaterThan(1.96 * 0.5);
  expect(change?.error_mm).toBeCloseTo(1.96 * Math.hypot(0.5, 0.5), 1);
  expect(changeBetween(check(22), check(18))?.way).toBe("smaller");
});

test("less than the error is told as no more than can be told apart", () => {
  expect(changeBetween(check(20, 1), check(21, 1))?.way).toBe("same");
});

test("without a size there is no difference to tell", () => {
  expect(changeBetween(check(null), check(20))).toBeNull();
  expect(changeBetween(check(20), check(null))).toBeNull();
});
