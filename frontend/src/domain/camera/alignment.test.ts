import { expect, test } from "vitest";
import { alignment } from "./alignment";
import { lensOf, project } from "./camera";
import type { Point } from "./types";

const marks: Point[] = [
  { x: 100, y: 120 },
  { x: 420, y: 150 },
  { x: 260, y: 400 },
];

/** Scaled by 1.3, turned by 0.4, moved. */
const moved = ({ x, y }: Point): Point => ({
  x: 1.3 * (Math.cos(0.4) * x - Math.sin(0.4) * y) + 60,
  y: 1.3 * (Math.sin(0.4) * x + Math.cos(0.4) * y) - 35,
});

test("a picture that was moved, turned and scaled is brought back by its marks", () => {
  const found = alignment(marks, marks.map(moved));
  expect(found?.scale).toBeCloseTo(1.3, 9);
  expect(found?.turn_radians).toBeCloseTo(0.4, 9);
  const elsewhere = { x: 700, y: 20 };
  expect(found?.apply(elsewhere).x).toBeCloseTo(moved(elsewhere).x, 6);
  expect(found?.apply(elsewhere).y).toBeCloseTo(moved(elsewhere).y, 6);
});

test("two marks are enough, one is not, nor are two on one spot", () => {
  expect(alignment(marks.slice(0, 2), marks.slice(0, 2).map(moved))?.residual_px).toBeCloseTo(0, 6);
  expect(alignment(marks.slice(0, 1), marks.slice(0, 1))).toBeNull();
  expect(alignment([{ x: 5, y: 5 }, { x: 5, y: 5 }], marks.slice(0, 2))).toBeNull();
  expect(alignment(marks, marks.slice(0, 2))).toBeNull();
});

test("two pictures of one scene from elsewhere meet within two per cent of the frame, with marks a finger made", () => {
  const frame = { width: 1200, height: 1600 };
  const before = lensOf([0.06, -0.05, 0.2, 600, 800, Math.log(9), 0, 0.01, 0, 0], frame);
  const after = lensOf([-0.04, 0.08, 0.9, 520, 900, Math.log(7), 0, 0.01, 0, 0], frame);
  const strayed = (point: Point, index: number): Point => ({ x: point.x + 4 - 3 * index, y: point.y - 2 + 3 * index });
  const places: Point[] = [{ x: -30, y: -20 }, { x: 28, y: -6 }, { x: 0, y: 34 }];
  const found = alignment(places.map((mm) => strayed(project(before, mm), 0)), places.map((mm, index) => strayed(project(after, mm), index)));
  const misses = [{ x: 0, y: 0 }, { x: 20, y: 20 }, { x: -25, y: 15 }].map((mm) => {
    const [here, there] = [found?.apply(project(before, mm)) ?? { x: NaN, y: NaN }, project(after, mm)];
    return Math.hypot(here.x - there.x, here.y - there.y);
  });
  expect(Math.max(...misses)).toBeLessThan(0.02 * frame.width);
});
