import { expect, test } from "vitest";
import type { Measured, Plane } from "../../domain/camera";
import { medianMm } from "../../domain/units";
import { asKnown, giveOrTake, measuringOf, sizeOf } from "./result";

const reading = (length_mm: number, width_mm: number | null = 10): Measured => ({
  length_mm,
  width_mm,
  uncertainty_mm: 0.42,
  plane_mm: 0.3,
  touch_mm: 0.3,
  interval: [length_mm - 1, length_mm + 1],
  mm_per_px: 0.123456789,
  tilt_degrees: 4,
});
const plane = { kind: "card", outline: [{ x: 1.23456, y: 2 }] } as unknown as Plane; // only what is kept of it
const cross = { length: [{ x: 0, y: 0 }, { x: 10, y: 0 }], width: [{ x: 5, y: -3 }, { x: 5, y: 3 }] } as const;

test("one reading is kept as a size without a list of readings", () => {
  expect(sizeOf([reading(18.234)])).toEqual({ length_mm: 18.2, width_mm: 10, readings_mm: [], uncertainty_mm: 0.4 });
});

test("of several readings the middle one counts, as the record asks", () => {
  const size = sizeOf([reading(18.24), reading(19.96), reading(18.51)]);
  expect(size?.readings_mm).toEqual([18.2, 20, 18.5]);
  expect(size?.length_mm).toBe(medianMm(size?.readings_mm ?? []));
});

test("no reading is no size", () => {
  expect(sizeOf([])).toBeNull();
});

test("a width that was not measured is not known, never nought", () => {
  expect(sizeOf([reading(18, null)])?.width_mm).toBeNull();
});

test("marks of other kinds stay with the picture, and old ones of its own kind go", () => {
  const over = { kind: "over", photo: "old", x: 0, y: 0, scale: 1, turn: 0 };
  const { marks, mm_per_px } = measuringOf([{ measured: reading(18), plane, cross }], [over, { kind: "length", points: [] }]);
  expect(marks.map(({ kind }) => kind)).toEqual(["over", "reference", "length", "width"]);
  expect(marks[1]).toEqual({ kind: "reference", reference: "card", points: [{ x: 1.2, y: 2 }] });
  expect(mm_per_px).toBe(0.123457);
});

test("the marks are those of the last reading, and no line is left from before it", () => {
  const other = { length: [{ x: 3, y: 3 }, { x: 9, y: 3 }], width: [{ x: 6, y: 1 }, { x: 6, y: 5 }] } as const;
  const { marks } = measuringOf([{ measured: reading(18), plane, cross }, { measured: reading(19), plane, cross: other }], []);
  expect(marks.slice(1)).toEqual([{ kind: "length", points: other.length }, { kind: "width", points: other.width }]);
});

test("a width that was not measured leaves no mark", () => {
  const { marks } = measuringOf([{ measured: reading(18, null), plane, cross }], [{ kind: "width", points: [] }]);
  expect(marks.map(({ kind }) => kind)).toEqual(["reference", "length"]);
});

test("a size is told no finer than it is known", () => {
  expect(giveOrTake(0.5)).toBe(1);
  expect(asKnown(18.24, 0.6)).toBe(18);
  expect(asKnown(18.24, 0.2)).toBe(18.2);
});
