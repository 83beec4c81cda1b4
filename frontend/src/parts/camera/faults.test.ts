import { expect, test } from "vitest";
import { paperIn, quality, type Grey } from "../../domain/camera";
import { drawnSheet } from "../../domain/camera/drawn-sheet";
import { BLANK, type Photo } from "../../domain/record";
import { UNMEASURED } from "../../photo/shot";
import { scaleAgainst, tellFaults, type Hint } from "./faults";
import { STRAIGHT } from "./laying";
import type { Taken } from "./taken";

const photo = (mm_per_px: number | null): Photo => ({ id: "old", ...BLANK.photo, mm_per_px, width: 750, height: 1000 });
const taken = (mm_per_px: number | null) => ({ width: 1000, height: 750, isCropped: false, measuring: { ...UNMEASURED, mm_per_px } });

test("what was measured in both pictures tells the distance, whatever hands did", () => {
  expect(scaleAgainst(taken(0.1), { last: photo(0.05), lies: { ...STRAIGHT, scale: 3 } })).toBeCloseTo(0.5, 9);
});

test("a picture of more pixels from the same place is not one from nearer", () => {
  const last = { ...photo(0.1), width: 2048, height: 1536 };
  expect(scaleAgainst({ ...taken(0.16), width: 1280, height: 960 }, { last, lies: STRAIGHT })).toBeCloseTo(1, 9);
});

test("what was cut out of a picture tells nothing of a distance", () => {
  expect(scaleAgainst({ ...taken(0.1), isCropped: true }, { last: photo(0.05), lies: { ...STRAIGHT, scale: 3 } })).toBeNull();
});

test("without two measures it is how the old picture had to be scaled", () => {
  expect(scaleAgainst(taken(null), { last: photo(0.05), lies: { ...STRAIGHT, scale: 0.6 } })).toBe(0.6);
});

test("nothing is known where nobody laid the pictures over each other, or there is only one", () => {
  expect(scaleAgainst(taken(0.1), { last: photo(null), lies: STRAIGHT })).toBeNull();
  expect(scaleAgainst(taken(0.1), { last: null, lies: { ...STRAIGHT, scale: 2 } })).toBeNull();
});

const [WIDTH, HEIGHT] = [320, 240];
const SKIN = Uint8Array.from({ length: WIDTH * HEIGHT }, (_, at) => ((Math.floor((at % WIDTH) / 44) + Math.floor(at / WIDTH / 44)) % 2 ? 150 : 110));
/** The sheet over the skin, its paper burnt out. Drawn once: that takes its time. */
const SHEET = drawnSheet([0.05, -0.04, 0.1, WIDTH / 2, HEIGHT / 2, Math.log(2.6), 0, 0.01, 0, 0], { width: WIDTH, height: HEIGHT }).data.map((value, at) =>
  value === 130 ? (SKIN[at] ?? 0) : value > 200 ? 255 : value,
);
const looked = (hasSheet: boolean): Grey => ({ data: hasSheet ? SHEET : SKIN, width: WIDTH, height: HEIGHT });
const shot = (hasSheet: boolean, more: Partial<Taken> = {}) => ({ ...taken(null), grey: looked(hasSheet), isCropped: false, ...more });
async function told(of: ReturnType<typeof shot>, last: Photo | null): Promise<Hint[][]> {
  const said: Hint[][] = [];
  await tellFaults(of, { last, lies: STRAIGHT }, { paperIn: (grey) => Promise.resolve(paperIn(grey)), tell: (hints) => said.push(hints) });
  return said;
}

test("the white paper of the sheet is no glare", async () => {
  expect(quality(looked(true), null, () => null).faults).toContain("glare");
  expect((await told(shot(true), null)).at(-1)).toEqual([]);
});

test("glare beside the sheet is still told", async () => {
  const { data, width, height } = looked(true);
  const burnt = { data: data.map((value, at) => (at < 0.1 * data.length ? 255 : value)), width, height };
  expect((await told(shot(true, { grey: burnt }), null)).at(-1)).toEqual(["glare"]);
});

test("after a measured photo a sheet in the next one is not called missing, and none is", async () => {
  expect((await told(shot(true), photo(0.1))).at(-1)).toEqual([]);
  expect((await told(shot(false), photo(0.1))).at(-1)).toEqual(["no_reference"]);
  expect((await told(shot(false, { isCropped: true }), photo(0.1))).at(-1)).toEqual([]);
  expect((await told(shot(false), photo(null))).at(-1)).toEqual([]);
});

test("what needs no search for the sheet is told before it", async () => {
  const dark = { ...looked(false), data: looked(false).data.map((value) => value / 6) };
  const said = await told(shot(false, { grey: dark }), photo(0.1));
  expect(said).toEqual([["dark"], ["dark", "no_reference"]]);
});
