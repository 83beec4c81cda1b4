import { expect, test } from "vitest";
import { lensOf, project } from "./camera";
import { drawnSheet } from "./drawn-sheet";
import { findMarker } from "./marker";
import { measure } from "./measure";
import { planeFromMarker } from "./planes";
import { cornerOf, WORDS } from "./sheet";
import type { Grey, Measured } from "./types";

const frame = { width: 300, height: 260 };
const camera = [0.35, -0.2, 0.7, 120, 125, Math.log(3), 0, 0, 0, 0];
const drawn = drawnSheet(camera, frame);

/** What the app says of a length from (30, 0) to (30, 20) millimetres, beside the sheet. */
function measured(grey: Grey, numbers: readonly number[]): Measured | null {
  const found = findMarker(grey);
  const plane = found && planeFromMarker(found);
  if (!plane || "refused" in plane) return null;
  const lens = lensOf(numbers, grey);
  const result = measure(plane, [project(lens, { x: 30, y: 0 }), project(lens, { x: 30, y: 20 })], null, { touchSdPx: 0.5 });
  return "refused" in result ? null : result;
}

test("all corners of a tilted sheet are found to parts of a pixel", () => {
  const found = findMarker(drawn);
  expect(found?.squares.map(({ id }) => id).sort()).toEqual([0, 1, 2, 3]);
  const lens = lensOf(camera, frame);
  for (const { id, corners } of found?.squares ?? []) {
    corners.forEach((corner, index) => {
      const truth = project(lens, cornerOf(id, index, 0));
      expect(Math.hypot(corner.x - truth.x, corner.y - truth.y)).toBeLessThan(0.25);
    });
  }
});

test("a length beside a tilted sheet is true to a hundredth of it, and the tilt is known", () => {
  const result = measured(drawn, camera);
  expect(Math.abs((result?.length_mm ?? NaN) - 20)).toBeLessThan(0.2);
  expect(Math.abs((result?.tilt_degrees ?? NaN) - (Math.hypot(0.35, 0.2) * 180) / Math.PI)).toBeLessThan(2);
});

test("one square may be covered, three may not", () => {
  const grey = { ...drawn, data: drawn.data.slice() };
  const lens = lensOf(camera, frame);
  const cover = (id: number): void => {
    const [a, c] = [project(lens, cornerOf(id, 0, 0)), project(lens, cornerOf(id, 2, 0))];
    const [x, y] = [Math.round((a.x + c.x) / 2), Math.round((a.y + c.y) / 2)];
    for (let row = y - 16; row <= y + 16; row += 1) grey.data.fill(140, row * grey.width + x - 16, row * grey.width + x + 16);
  };
  cover(2);
  expect(findMarker(grey)?.squares).toHaveLength(3);
  expect(Math.abs((measured(grey, camera)?.length_mm ?? NaN) - 20)).toBeLessThan(0.3);
  cover(0);
  cover(1);
  expect(findMarker(grey)).toBeNull();
});

test("squares with other words, or in another order, are no marker", () => {
  expect(findMarker(drawnSheet(camera, frame, [0x1234, 0xbeef, 0x0ff0, 0x5a5a]))).toBeNull();
  expect(findMarker(drawnSheet(camera, frame, [2, 0, 3, 1].map((id) => WORDS[id] ?? 0)))).toBeNull();
});

test("a picture without a marker, or without anything, has none", () => {
  expect(findMarker({ data: new Uint8Array(0), width: 0, height: 0 })).toBeNull();
  expect(findMarker({ data: new Uint8Array(200 * 200).fill(140), width: 200, height: 200 })).toBeNull();
  const grain = Uint8Array.from({ length: 300 * 300 }, (_, index) => (Math.imul(index + 1, 2654435761) >>> 24) & 255);
  expect(findMarker({ data: grain, width: 300, height: 300 })).toBeNull();
});

test("any two words of the sheet differ in eight bits, however they are turned", () => {
  const turned = (word: number): number => {
    let result = 0;
    for (let bit = 0; bit < 16; bit += 1) {
      const [row, column] = [bit >> 2, bit & 3];
      if ((word >> (15 - bit)) & 1) result |= 1 << (15 - (column * 4 + 3 - row));
    }
    return result;
  };
  const all = WORDS.flatMap((word) => [word, turned(word), turned(turned(word)), turned(turned(turned(word)))]);
  const differences = all.flatMap((a, first) => all.slice(first + 1).map((b) => (a ^ b).toString(2).replaceAll("0", "").length));
  expect(differences).toHaveLength(120);
  expect(Math.min(...differences)).toBe(8);
});
