import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { expect, test } from "vitest";
import { sources } from "../../../build/first-words";

const ROOT = join(import.meta.dirname, "../..");
const first = sources(join(ROOT, "app.ts"));
const MOST_BYTES = 2_000;

test("nothing of the camera, of measuring or of comparing is in the first load", () => {
  const files = [...first.keys()].map((file) => file.slice(ROOT.length + 1));
  expect(files.length).toBeGreaterThan(50);
  expect(files.filter((file) => /^(domain\/camera|parts\/(camera|measure|compare)|screens\/camera|texts\/camera|photo)\//.test(file))).toEqual([]);
});

test("what leads to it there weighs less than two kilobytes", () => {
  const lines = [...first.values()].flatMap((text) => text.split("\n")).filter((line) => /camera|measur|compar|marks/i.test(line));
  expect(lines.length).toBeGreaterThan(3);
  expect(gzipSync(lines.join("\n")).length).toBeLessThan(MOST_BYTES);
});
