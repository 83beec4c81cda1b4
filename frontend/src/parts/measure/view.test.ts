import { expect, test } from "vitest";
import { centred, LOUPE_ENLARGES, moved, onFrame, paceOf, perPixel, WHOLE, within } from "./view";

const frame = { width: 300, height: 400 };
const picture = { width: 1500, height: 2000 };

test("what lies under the fingers stays there while they pinch", () => {
  const before = { zoom: 2, x: -100, y: -150 };
  const after = moved(before, { dx: 10, dy: -5, scale: 1.5, x: 160, y: 195 }, frame);
  const under = { x: (150 - before.x) / before.zoom, y: (200 - before.y) / before.zoom };
  expect(after.zoom).toBe(3);
  expect(under.x * after.zoom + after.x).toBeCloseTo(160, 9);
  expect(under.y * after.zoom + after.y).toBeCloseTo(195, 9);
});

test("a picture never leaves its frame", () => {
  expect(within({ zoom: 0.2, x: 50, y: 50 }, frame)).toEqual(WHOLE);
  expect(within({ zoom: 2, x: -900, y: 20 }, frame)).toEqual({ zoom: 2, x: -300, y: 0 });
  expect(within({ zoom: 99, x: 0, y: 0 }, frame).zoom).toBe(8);
});

test("a place is brought to the middle, as far as the picture reaches", () => {
  const view = centred({ x: 0.5, y: 0.5 }, 4, frame);
  expect(onFrame({ x: 750, y: 1000 }, view, frame, picture)).toEqual({ x: 150, y: 200 });
  expect(centred({ x: 0, y: 0 }, 4, frame)).toEqual({ zoom: 4, x: 0, y: 0 });
});

test("enlarged four times, a pixel of the screen is a quarter as many of the picture", () => {
  expect(perPixel(WHOLE, frame, picture)).toBe(5);
  expect(perPixel({ ...WHOLE, zoom: 4 }, frame, picture)).toBe(1.25);
});

test("a finger that places a point moves it a third as fast, as the magnified picture does; a sweeping one takes it along", () => {
  expect(paceOf(0, 0)).toBe(1 / 3);
  expect(paceOf(2, -3)).toBe(1 / 3);
  expect(paceOf(-40, 9)).toBe(1);
  expect(LOUPE_ENLARGES * paceOf(1, 1)).toBe(1);
});

test("a point never moves less for a longer way of the finger", () => {
  const ways = Array.from({ length: 40 }, (_, px) => px * paceOf(px, 0));
  expect(ways).toEqual(ways.toSorted((a, b) => a - b));
});
