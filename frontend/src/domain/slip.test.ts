import { expect, test } from "vitest";
import { isMuchChanged, slipOf } from "./slip";

test("a size ten times or an inch away from the last is asked about", () => {
  expect(slipOf(210, 21)).toBe(21);
  expect(slipOf(2.1, 21)).toBe(21);
  expect(slipOf(53, 21)).toBeCloseTo(20.9, 1);
});

test("measuring again, and growth that is believable, are not", () => {
  expect(slipOf(24, 21)).toBeNull();
  expect(slipOf(33, 21)).toBeNull();
});

test("a size twice the last is no slip of units, but worth a second look", () => {
  expect(slipOf(42, 21)).toBeNull();
  expect(isMuchChanged(42, 21)).toBe(true);
  expect(isMuchChanged(30, 21)).toBe(false);
});
