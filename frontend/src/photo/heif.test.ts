import { expect, test } from "vitest";
import { withoutMetadata } from "./heif";

/** 64 × 48 pixels of one colour, with a maker and a place in EXIF and a word in XMP, as libheif writes them. */
const HEIC =
  "AAAAHGZ0eXBoZWljAAAAAG1pZjFoZWljbWlhZgAAAghtZXRhAAAAAAAAACFoZGxyAAAAAAAAAABwaWN0AAAAAAAAAAAAAAAAAAAAAEZpbG9jAAAAAERAAAMAAQAAAAACLAABAAAAAAAA" +
  "AB0AAgAAAAACSQABAAAAAAAAAJQAAwAAAAAC3QABAAAAAAAAADsAAABiaWluZgAAAAAAAwAAABVpbmZlAgAAAAABAABodmMxAAAAABVpbmZlAgAAAQACAABFeGlmAAAAACppbmZlAgAA" +
  "AQADAABtaW1lAGFwcGxpY2F0aW9uL3JkZit4bWwAAAAAAA5waXRtAAAAAAABAAAA/WlwcnAAAADdaXBjbwAAAHZodmNDAQNwAAAAkAAAAAAAHvAA/P34+AAADwNgAAEAGEABDAH//wNw" +
  "AAADAJAAAAMAAAMAHroCQGEAAQAqQgEBA3AAAAMAkAAAAwAAAwAeoCCBBZbq5Ka5uAhoMCAAAAMDIAAAAwAhYgABAAZEAcFzwIkAAAATY29scm5jbHgAAQANAAaAAAAAFGlzcGUAAAAA" +
  "AAAAQAAAAEAAAAAoY2xhcAAAAEAAAAABAAAAMAAAAAEAAAAAAAAAAv////AAAAACAAAAEHBpeGkAAAAAAwgICAAAABhpcG1hAAAAAAAAAAEAAQWBAgMFhAAAAChpcmVmAAAAAAAAAA5j" +
  "ZHNjAAIAAQABAAAADmNkc2MAAwABAAEAAAD0bWRhdAAAABkoAa8TgPgQ4ad/+gKj/9gbPDzZZvzopDPgAAAABkV4aWYAAE1NACoAAAAIAAMBDwACAAAADgAAADKIJQAEAAAAAQAAAECQ" +
  "AwACAAAAFAAAAHYAAAAATWFrZXJPZlBob25lcwAAAgABAAIAAAACTgAAAAACAAUAAAADAAAAXgAAAAAAAAAzAAAAAQAAAB4AAAABAAAAAAAAAAEyMDI2OjExOjIwIDEwOjAwOjAwADx4" +
  "OnhtcG1ldGEgeG1sbnM6eD0nYWRvYmU6bnM6bWV0YS8nPlNlY3JldFBsYWNlPC94OnhtcG1ldGE+";
const original = Uint8Array.from(atob(HEIC), (each) => each.charCodeAt(0)).buffer;
const text = (bytes: ArrayBuffer | null): string => (bytes ? String.fromCharCode(...new Uint8Array(bytes)) : "");
const at = (bytes: ArrayBuffer, type: string): number => text(bytes).indexOf(type);

/** The same file with other bytes from there on. */
function changed(from: number, bytes: string): ArrayBuffer {
  const copy = new Uint8Array(original.slice(0));
  for (let each = 0; each < bytes.length; each += 1) copy[from + each] = bytes.charCodeAt(each);
  return copy.buffer;
}

test("maker, place and words leave a HEIC file, the picture stays where it is", () => {
  expect(text(original)).toMatch(/MakerOfPhones[^]*SecretPlace|SecretPlace[^]*MakerOfPhones/);
  const clean = withoutMetadata(original);
  expect(text(clean)).not.toMatch(/MakerOfPhones|SecretPlace|Exif|xmp|rdf/);
  expect(clean?.byteLength).toBe(original.byteLength);
  const picture = (bytes: ArrayBuffer | null): string => text(bytes).slice(at(original, "mdat") + 4, at(original, "mdat") + 4 + 0x1d);
  expect(picture(clean)).toBe(picture(original));
});

test("the file it was made from is left as it was", () => {
  withoutMetadata(original);
  expect(text(original)).toContain("SecretPlace");
});

test("what follows the picture in a box of its own is wiped", () => {
  const motion = "\u0000\u0000\u0000\u0014mpvdhere I live";
  const longer = new Uint8Array(original.byteLength + 20);
  longer.set(new Uint8Array(original));
  longer.set(Uint8Array.from(motion, (each) => each.charCodeAt(0)), original.byteLength);
  expect(text(withoutMetadata(longer.buffer))).not.toContain("here I live");
});

test.each([
  ["a film", changed(at(original, "mdat"), "moov")],
  ["a file without its list of places", changed(at(original, "iloc"), "free")],
  ["a box that is longer than the file", changed(at(original, "mdat") - 4, "\u00ff")],
  ["anything else", new Uint8Array([255, 216, 255, 225, 0, 8, 69, 120, 105, 102]).buffer],
  ["nothing", new ArrayBuffer(0)],
])("%s is not let through", (_, bytes) => {
  expect(withoutMetadata(bytes)).toBeNull();
});
