import { expect, test } from "vitest";
import { lensOf, project } from "./camera";
import { measure, together } from "./measure";
import { planeFromCard, planeFromCoin, planeFromRuler } from "./planes";
import type { Measured, Plane, Point, Refused } from "./types";

const frame = { width: 1200, height: 1600 };
const shot = { ...frame, touchSdPx: 2 };
const camera = [0.3, 0.25, 0.4, 560, 700, Math.log(7), 0.05, 0.01, 0.004, -0.003];
const lens = lensOf(camera, frame);
const see = (points: readonly Point[]): Point[] => points.map((mm) => project(lens, mm));
const card = see([{ x: -42.8, y: -26.99 }, { x: 42.8, y: -26.99 }, { x: 42.8, y: 26.99 }, { x: -42.8, y: 26.99 }]);
const rim = (millimetres: number): Point[] =>
  see(Array.from({ length: 8 }, (_, step) => ({ x: (millimetres / 2) * Math.cos(step * 0.785), y: (millimetres / 2) * Math.sin(step * 0.785) })));

/** A lump of 30 by 20 millimetres with its middle at (x, y). */
function lump(plane: Plane | Refused, x: number, y: number): Measured | Refused {
  if ("refused" in plane) return plane;
  const [a, b, c, d] = see([{ x: x - 15, y }, { x: x + 15, y }, { x, y: y - 10 }, { x, y: y + 10 }]) as [Point, Point, Point, Point];
  return measure(plane, [a, b], [c, d], shot);
}

const number = (result: Measured | Refused): Measured => {
  if ("refused" in result) throw new Error(result.refused);
  return result;
};

test("beside a card both diameters come out, whatever corner was touched first", () => {
  for (const corners of [card, [card[2], card[0], card[3], card[1]] as Point[]]) {
    const result = number(lump(planeFromCard(corners, shot), 10, 55));
    expect(Math.abs(result.length_mm - 30)).toBeLessThan(0.6);
    expect(Math.abs((result.width_mm ?? NaN) - 20)).toBeLessThan(0.5);
    expect(result.interval[0]).toBeLessThan(30);
    expect(result.interval[1]).toBeGreaterThan(30);
  }
});

test("a coin is surer near by than far off, and says so", () => {
  const plane = planeFromCoin(rim(23.25), { ...shot, diameter_mm: 23.25 });
  const [near, far] = [number(lump(plane, 0, 25)), lump(plane, 0, 75)];
  expect(Math.abs(near.length_mm - 30)).toBeLessThan(2 * near.uncertainty_mm);
  expect("refused" in far || far.plane_mm > 1.5 * near.plane_mm).toBe(true);
});

test("a ruler cannot tell the tilt: its uncertainty has room for it", () => {
  const ruler = { ...shot, mm: 50 };
  const [a, b] = see([{ x: -25, y: 0 }, { x: 25, y: 0 }]) as [Point, Point];
  const plane = planeFromRuler(a, b, ruler);
  const result = lump(plane, 0, 22);
  expect("refused" in result || result.plane_mm > 0.5).toBe(true);
  expect(plane).toMatchObject({ kind: "ruler", tilt_degrees: null });
});

test("four touches that no card could have made give no plane", () => {
  const wrong = card.map((corner, index) => (index === 1 ? { x: corner.x + 150, y: corner.y - 90 } : corner));
  expect(planeFromCard(wrong, shot)).toEqual({ refused: "doubtful" });
  expect(planeFromCard(card.slice(0, 3), shot)).toEqual({ refused: "doubtful" });
});

test("what is too small or too far away is not measured", () => {
  const plane = planeFromCard(card, shot) as Plane;
  const [a] = see([{ x: 0, y: 60 }]) as [Point];
  expect(measure(plane, [a, { x: a.x + 3, y: a.y }], null, shot)).toEqual({ refused: "too_small" });
  expect(planeFromCoin(rim(23.25).map(({ x, y }) => ({ x: x / 12, y: y / 12 })), { ...shot, diameter_mm: 23.25 })).toEqual({ refused: "too_small" });
  const [far, farther] = [plane.toPicture({ x: 0, y: 155 }), plane.toPicture({ x: 20, y: 155 })];
  expect(measure(plane, [far, farther], null, shot)).toEqual({ refused: "too_far" });
});

test("a finger that strays farther than the lump is long gives no number", () => {
  const plane = planeFromCard(card, shot) as Plane;
  const [a, b] = see([{ x: 0, y: 40 }, { x: 6, y: 40 }]) as [Point, Point];
  expect(measure(plane, [a, b], null, { touchSdPx: 25 })).toEqual({ refused: "too_unsure" });
});

test("three readings that agree are their median, surer of the fingers but not of the plane", () => {
  const plane = planeFromCard(card, shot);
  const one = number(lump(plane, 10, 55));
  const readings = [29.9, 30.1, 30].map((length_mm) => ({ ...one, length_mm }));
  const result = together(readings);
  expect(result?.length_mm).toBe(30);
  expect(result?.plane_mm).toBe(one.plane_mm);
  expect(result?.touch_mm).toBeLessThan(0.75 * one.touch_mm);
  expect(together([])).toBeNull();
});

test.each([
  [[16, 20, 24], 20, 2.6, 3.2], // 4 / sqrt(3), a median's loss of 1.16, and 0.89 of a spread kept in three
  [[18, 22], 20, 2.4, 2.6], // half the difference, and 0.8 kept in two
  [[16, 20, 20, 20, 24], 20, 1.5, 1.8],
])("readings that disagree are as unsure as they differ: %j", (lengths, middle, least, most) => {
  const one = number(lump(planeFromCard(card, shot), 10, 55));
  const result = together(lengths.map((length_mm) => ({ ...one, length_mm })));
  expect(result?.length_mm).toBe(middle);
  expect(result?.touch_mm).toBeGreaterThan(least);
  expect(result?.touch_mm).toBeLessThan(most);
  expect(result?.uncertainty_mm).toBeGreaterThan(Math.max(one.uncertainty_mm, least));
  expect(result?.interval[1]).toBeGreaterThan(middle + 1.96 * least);
});
