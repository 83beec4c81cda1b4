import { afterEach, expect, test, vi } from "vitest";
import { madeAt, namedId, newId } from "./ids";

afterEach(() => {
  vi.unstubAllGlobals();
});

test("an id is a UUID of version 7 that sorts by the time it was made", () => {
  const [earlier, later] = [newId(1_700_000_000_000), newId(1_700_000_000_001)];
  expect(earlier).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
  expect(earlier < later).toBe(true);
});

test("a thousand ids of one moment are a thousand", () => {
  expect(new Set(Array.from({ length: 1000 }, () => newId(1))).size).toBe(1000);
});

test("a named id is the one that Python's uuid5 makes", async () => {
  expect(await namedId("0192f0c1-2345-7890-abcd-ef0123456789", "seen")).toBe("59767e9c-eaeb-5a9c-a088-814c9f4df67b");
});

test("where the browser keeps its hashes from a page, there is no named id, and nothing breaks", async () => {
  vi.stubGlobal("crypto", { getRandomValues: crypto.getRandomValues.bind(crypto) });
  expect(await namedId("0192f0c1-2345-7890-abcd-ef0123456789", "seen")).toBeNull();
  expect(newId()).toHaveLength(36);
});

test("an id tells when it was made, a named one does not", () => {
  expect(madeAt(newId(1_795_365_000_123))).toBe(1_795_365_000_123);
  expect(madeAt("2ed6657d-e927-568b-95e1-2665a8aea6a2")).toBeNull();
});
