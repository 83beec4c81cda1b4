import { expect, test } from "vitest";
import { likelyRange, ticksUpTo, trendBand, type Reading } from "./scale";

const DAY = 86_400_000;
const ruler = (day: number, mm: number): Reading => ({
  id: String(day),
  at: day * DAY,
  mm,
  method: "ruler",
  readings: 1,
  uncertainty_mm: null,
});

test("a comparison with a pea is shown as less sure than a ruler", () => {
  const width = (reading: Reading): number => likelyRange(reading).high - likelyRange(reading).low;
  expect(width({ ...ruler(0, 12), method: "comparison" })).toBeGreaterThan(width(ruler(0, 12)));
});

test("a method that states its own uncertainty is believed", () => {
  const range = likelyRange({ ...ruler(0, 20), uncertainty_mm: 0.5 });
  expect(range.high - range.low).toBeCloseTo(1.96, 1);
});

test("two readings draw no trend", () => {
  expect(trendBand([ruler(0, 12), ruler(30, 14)])).toEqual([]);
});

test("the band rises with the readings and holds its own middle", () => {
  const band = trendBand([ruler(0, 12), ruler(14, 15), ruler(28, 18), ruler(42, 21)]);
  expect(band.at(-1)?.middle).toBeGreaterThan(band[0]?.middle ?? Infinity);
  expect(band.every((point) => point.low < point.middle && point.middle < point.high)).toBe(true);
});

test("the size axis begins at zero and reaches the largest value", () => {
  expect(ticksUpTo(26)).toEqual([0, 10, 20, 30]);
});
