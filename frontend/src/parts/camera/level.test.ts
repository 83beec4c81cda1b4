import { expect, test } from "vitest";
import { downOf, leanOf } from "./level";

test.each([
  ["flat on a table", 0, 0],
  ["upright", 90, 0],
  ["upside down", -90, 0],
  ["on its side", 0, 90],
])("a phone held %s leans nowhere", (_, beta, gamma) => {
  expect(leanOf(downOf(beta, gamma)).degrees).toBeCloseTo(0, 6);
});

test("a lean is told in degrees, and which way", () => {
  const lean = leanOf(downOf(0, 7));
  expect(lean.degrees).toBeCloseTo(7, 6);
  expect(lean.x).toBeCloseTo(7, 6);
  expect(lean.y).toBeCloseTo(0, 6);
  expect(leanOf(downOf(80, 0)).degrees).toBeCloseTo(10, 6);
});

test("halfway between upright and flat leans most", () => {
  expect(leanOf(downOf(45, 0)).degrees).toBeCloseTo(45, 6);
});
