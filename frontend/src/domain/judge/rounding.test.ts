import { expect, test } from "vitest";
import { median, rounded } from "./rounding";

test.each([
  [0.25, 1, 0.2],
  [0.75, 1, 0.8],
  [-0.25, 1, -0.2],
  [2.5, 0, 2],
  [3.5, 0, 4],
  [0.5, 0, 0],
  [1.5, 0, 2],
  [0.00625, 4, 0.0063],
  [0.03125, 4, 0.0312],
  [0.09375, 4, 0.0938],
])("a true half goes to the even digit: %d to %d decimals is %d", (value, decimals, to) => {
  expect(rounded(value, decimals)).toBe(to);
});

test.each([
  [0.15, 1, 0.1],
  [0.35, 1, 0.3],
  [0.45, 1, 0.5],
  [1.005, 2, 1],
  [2.675, 2, 2.67],
  [17.149999999999999, 1, 17.1],
  [-0.35, 1, -0.3],
  [18, 1, 18],
])("what only looks like a half is rounded as the machine holds it: %d to %d decimals is %d", (value, decimals, to) => {
  expect(rounded(value, decimals)).toBe(to);
});

test("the median is the middle one, or the mean of the middle two", () => {
  expect(median([3, 1, 2])).toBe(2);
  expect(median([4, 1, 3, 2])).toBe(2.5);
});
