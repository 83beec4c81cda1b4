import { expect, test } from "vitest";
import { fitted, halvingSteps } from "./size";

test("a picture is fitted by its long side, keeps its shape and never grows", () => {
  expect(fitted({ width: 4000, height: 3000 }, 2048)).toEqual({ width: 2048, height: 1536 });
  expect(fitted({ width: 3000, height: 4000 }, 2048)).toEqual({ width: 1536, height: 2048 });
  expect(fitted({ width: 800, height: 600 }, 2048)).toEqual({ width: 800, height: 600 });
});

test("a strip never loses its short side altogether", () => {
  expect(fitted({ width: 10_000, height: 2 }, 480)).toEqual({ width: 480, height: 1 });
});

test.each([
  [8160, 6120, 2048],
  [8160, 6120, 480],
  [4032, 3024, 2048],
  [640, 480, 480],
  [100, 100, 480],
])("%i by %i goes to %i by steps that each keep at least half", (width, height, limit) => {
  const from = { width, height };
  const steps = halvingSteps(from, limit);
  expect(steps.at(-1)).toEqual(fitted(from, limit));
  let before = from;
  for (const step of steps) {
    expect(step.width * 2).toBeGreaterThanOrEqual(before.width);
    expect(step.height * 2).toBeGreaterThanOrEqual(before.height);
    before = step;
  }
});
