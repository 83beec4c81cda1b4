import { expect, test } from "vitest";
import { preparePicture } from ".";
import { Shot, sizeIn, type Measuring } from "./shot";

const AT = "2026-11-22T10:00:00Z";
const jpeg = new Uint8Array([255, 216, 1, 2, 3]).buffer;
const thumb = new Uint8Array([255, 216, 9]).buffer;
const measuring: Measuring = {
  mm_per_px: 0.12,
  marks: [{ kind: "length", points: [] }],
  size: { length_mm: 18, width_mm: 14, readings_mm: [], uncertainty_mm: 0.5 },
};

test("a picture this phone has drawn is kept byte for byte, with its thumbnail and its marks", async () => {
  const { picture, marked } = await preparePicture(new Shot(jpeg, thumb, measuring), "check", AT);
  expect(new Uint8Array(picture.bytes ?? new ArrayBuffer(0))).toEqual(new Uint8Array(jpeg));
  expect([picture.thumb, picture.type, picture.observation, picture.taken_at]).toEqual([thumb, "image/jpeg", "check", AT]);
  expect(marked).toEqual({ mm_per_px: 0.12, marks: measuring.marks });
});

test("a picture nobody measured says nothing about its scale", async () => {
  expect((await preparePicture(new Shot(jpeg, thumb), "check", AT)).marked).toBeNull();
});

test("the size of a check is that of the last picture that was measured", () => {
  const later = { ...measuring, size: { length_mm: 20, width_mm: null, readings_mm: [], uncertainty_mm: 0.4 } };
  const files = [new Shot(jpeg, thumb, measuring), new Shot(jpeg, thumb, later), new Shot(jpeg, thumb), new File([], "a.heic")];
  expect(sizeIn(files)?.length_mm).toBe(20);
  expect(sizeIn([new File([], "a.heic")])).toBeNull();
});
