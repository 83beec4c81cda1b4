import { expect, test } from "vitest";
import { quality } from "./quality";
import type { Grey } from "./types";

const side = 384;

/** Patches of different shade, their edges as soft as `blur` pixels, with a little grain. */
function picture({ blur = 0.5, light = 1, burnt = 0 }: { blur?: number; light?: number; burnt?: number }): Grey {
  const data = Uint8Array.from({ length: side * side }, (_, index) => {
    const [x, y] = [index % side, Math.floor(index / side)];
    if (y < burnt * side) return 255;
    const edge = 40 - Math.hypot((x % 128) - 64, (y % 128) - 64);
    const grain = ((Math.sin(index * 12.9898) * 43758.5453) % 1) * 1.5;
    return Math.max(0, Math.min(255, light * (120 + 60 / (1 + Math.exp(-edge / blur))) + grain));
  });
  return { data, width: side, height: side };
}

test("a sharp, well lit picture has nothing wrong with it", () => {
  expect(quality(picture({}), null).faults).toEqual([]);
  expect(quality(picture({}), 1.1).faults).toEqual([]);
});

test("a shaken picture is called blurred", () => {
  expect(quality(picture({ blur: 3 }), null).faults).toEqual(["blurred"]);
});

test("dim light is called dark, and is not taken for blur", () => {
  expect(quality(picture({ light: 0.32 }), null).faults).toEqual(["dark"]);
});

test("a burnt out part is called glare", () => {
  expect(quality(picture({ burnt: 0.1 }), null).faults).toEqual(["glare"]);
});

test("another distance than last time is said, a little of it is not", () => {
  expect(quality(picture({}), 0.6).faults).toEqual(["farther"]);
  expect(quality(picture({}), 1.6).faults).toEqual(["nearer"]);
  expect(quality(picture({}), 1.25).faults).toEqual([]);
});

test("one flat shade does not pass as sharp", () => {
  expect(quality({ data: new Uint8Array(side * side).fill(120), width: side, height: side }, null).faults).toEqual(["blurred"]);
});
