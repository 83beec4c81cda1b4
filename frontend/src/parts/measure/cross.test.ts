import { expect, test } from "vitest";
import type { Pair, Point } from "../../domain/camera";
import { squared } from "./cross";

/** A plane seen at a slant: three pixels a millimetre across, two down. */
const plane = {
  toMm: ({ x, y }: Point): Point => ({ x: x / 3, y: y / 2 }),
  toPicture: ({ x, y }: Point): Point => ({ x: x * 3, y: y * 2 }),
};
const LENGTH: Pair = [{ x: 30, y: 30 }, { x: 90, y: 70 }];

function isSquare(width: Pair): number {
  const [a, b] = [plane.toMm(LENGTH[0]), plane.toMm(LENGTH[1])];
  const [c, d] = [plane.toMm(width[0]), plane.toMm(width[1])];
  return (b.x - a.x) * (d.x - c.x) + (b.y - a.y) * (d.y - c.y);
}

test("the end under the finger stays there and the other one follows squarely", () => {
  const width: Pair = [{ x: 75, y: 20 }, { x: 40, y: 80 }];
  for (const held of [0, 1] as const) {
    const kept = squared(plane, LENGTH, width, held);
    expect(kept[held]).toEqual(width[held]);
    expect(isSquare(kept)).toBeCloseTo(0, 9);
  }
});

test("when the length moves the width turns with it and keeps its size in millimetres", () => {
  const width: Pair = [{ x: 75, y: 20 }, { x: 40, y: 80 }];
  const size = ([a, b]: Pair): number => Math.hypot(plane.toMm(b).x - plane.toMm(a).x, plane.toMm(b).y - plane.toMm(a).y);
  const turned = squared(plane, LENGTH, width, null);
  expect(isSquare(turned)).toBeCloseTo(0, 9);
  expect(size(turned)).toBeCloseTo(size(width), 9);
});

test("a length of nothing has no across", () => {
  const width: Pair = [{ x: 1, y: 2 }, { x: 3, y: 4 }];
  expect(squared(plane, [LENGTH[0], LENGTH[0]], width, null)).toBe(width);
});
