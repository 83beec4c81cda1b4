import { expect, test } from "vitest";
import { erfc } from "./normal";

test.each([
  [0, 1],
  [0.5, 0.4795001221869535],
  [-0.5, 1.5204998778130465],
  [1, 0.15729920705028513],
  [2.4, 0.0006885138966450789],
  [2.6, 0.00023603441652934908],
  [6, 2.1519736712498916e-17],
  [-6, 2],
])("erfc(%d) is what Python's math.erfc says", (x, value) => {
  expect(Math.abs(erfc(x) / value - 1)).toBeLessThan(1e-11);
});

test("beyond what a number can hold nothing is left", () => {
  expect(erfc(40)).toBe(0);
});
