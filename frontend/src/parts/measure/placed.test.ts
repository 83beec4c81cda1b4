import { expect, test } from "vitest";
import { confirmed, isPlaced, moveOf, touchSdOf, UNTOUCHED, type Placed } from "./placed";

const FULL = 5;
const one = (placed: Placed, index: number, perScreenPx = FULL): Placed => moveOf(placed, index, { perScreenPx, fullPx: FULL, isAll: false });
const all = (placed: Placed, count: number): Placed =>
  Array.from({ length: count }).reduce<Placed>((so, _, index) => moveOf(so, index, { perScreenPx: FULL, fullPx: FULL, isAll: true }), placed);

test("points nobody moved are no measure, however well they fit a card", () => {
  expect(isPlaced(UNTOUCHED, 4)).toBe(false);
  expect(isPlaced(one(one(one(UNTOUCHED, 0), 1), 2), 4)).toBe(false);
  expect(isPlaced(one(one(one(one(UNTOUCHED, 0), 1), 2), 3), 4)).toBe(true);
});

test("a point moved twice does not stand for another one", () => {
  expect(isPlaced(one(one(UNTOUCHED, 0), 0), 2)).toBe(false);
});

test("moved all at once they are placed when somebody says so, until one moves again with all", () => {
  const moved = all(UNTOUCHED, 4);
  expect([moved.all, isPlaced(moved, 4)]).toEqual(["moved", false]);
  expect(isPlaced(confirmed(moved, true), 4)).toBe(true);
  expect(isPlaced(confirmed(confirmed(moved, true), false), 4)).toBe(false);
  expect(isPlaced(all(confirmed(moved, true), 4), 4)).toBe(false);
  expect(isPlaced(confirmed(UNTOUCHED, true), 4)).toBe(false);
});

test("the ends of the length are enough for a length; the width asks for its own", () => {
  const length = one(one(UNTOUCHED, 0), 1);
  expect([isPlaced(length, 2), isPlaced(length, 4)]).toEqual([true, false]);
});

test("the finger's error is two pixels of the magnified picture, at the point that was set most roughly", () => {
  const fine = FULL / 3;
  expect(touchSdOf(one(one(UNTOUCHED, 0, fine), 1, fine), 2)).toBeCloseTo((2 * FULL) / 3, 9);
  expect(touchSdOf(one(one(UNTOUCHED, 0, fine), 1, FULL), 2)).toBe(2 * FULL);
});

test("a point nobody touched counts as roughly as one set in the whole picture, never as exact", () => {
  expect(touchSdOf(one(UNTOUCHED, 3, FULL / 8), 4)).toBe(2 * FULL);
  expect(touchSdOf(confirmed(all(UNTOUCHED, 4), true), 4)).toBe(2 * FULL);
});

test("what was set finely is no surer after all were moved", () => {
  const fine = one(one(UNTOUCHED, 0, FULL / 8), 1, FULL / 8);
  expect(touchSdOf(fine, 2)).toBeCloseTo((2 * FULL) / 8, 9);
  expect(touchSdOf(all(fine, 2), 2)).toBe(2 * FULL);
  expect(isPlaced(all(fine, 2), 2)).toBe(true);
});
