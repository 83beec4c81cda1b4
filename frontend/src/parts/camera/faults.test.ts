import { expect, test } from "vitest";
import { BLANK, type Photo } from "../../domain/record";
import { UNMEASURED } from "../../photo/shot";
import { scaleAgainst } from "./faults";
import { STRAIGHT } from "./laying";

const photo = (mm_per_px: number | null): Photo => ({ id: "old", ...BLANK.photo, mm_per_px });
const taken = (mm_per_px: number | null) => ({ width: 1000, measuring: { ...UNMEASURED, mm_per_px } });

test("what was measured in both pictures tells the distance, whatever hands did", () => {
  expect(scaleAgainst(taken(0.1), { last: photo(0.05), lies: { ...STRAIGHT, scale: 3 } })).toBeCloseTo(0.5, 9);
});

test("without two measures it is how the old picture had to be scaled", () => {
  expect(scaleAgainst(taken(null), { last: photo(0.05), lies: { ...STRAIGHT, scale: 0.6 } })).toBe(0.6);
});

test("nothing is known where nobody laid the pictures over each other, or there is only one", () => {
  expect(scaleAgainst(taken(0.1), { last: photo(null), lies: STRAIGHT })).toBeNull();
  expect(scaleAgainst(taken(0.1), { last: null, lies: { ...STRAIGHT, scale: 2 } })).toBeNull();
});
