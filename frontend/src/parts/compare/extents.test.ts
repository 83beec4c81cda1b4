import { expect, test } from "vitest";
import { Extents } from "./extents.svelte";

const EXTENT = { width: 3, height: 4 };

test("a picture is decoded once for its size, however often it is asked for, before and after it is known", async () => {
  const decoded: string[] = [];
  const extents = new Extents((url) => Promise.resolve(decoded.push(url)).then(() => EXTENT));
  extents.ask("a", "blob:a");
  extents.ask("a", "blob:a");
  extents.ask("b", "blob:b");
  expect(extents.of("a")).toBeNull();
  await new Promise((done) => setTimeout(done));
  extents.ask("a", "blob:a");
  expect(decoded).toEqual(["blob:a", "blob:b"]);
  expect([extents.of("a"), extents.of("b"), extents.of("c")]).toEqual([EXTENT, EXTENT, null]);
});

test("one that could not be decoded may be asked for again", async () => {
  let tries = 0;
  const extents = new Extents(() => Promise.reject(new Error(`no picture ${(tries += 1)}`)));
  extents.ask("a", "blob:a");
  await new Promise((done) => setTimeout(done));
  extents.ask("a", "blob:a");
  expect([tries, extents.of("a")]).toEqual([2, null]);
});
