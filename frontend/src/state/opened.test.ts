// @vitest-environment happy-dom
import { expect, test, vi } from "vitest";
import { unsentOf } from "./leave";
import { lock, outbox } from "./index";
import { sayOpened } from "./opened";

const NOW = new Date("2026-11-20T19:00:00Z");

test("who came in by a message has it said to the server, also where there is no network yet", async () => {
  vi.stubGlobal("fetch", vi.fn().mockRejectedValue(new TypeError("Failed to fetch")));
  const db = await lock.db;
  await sayOpened("due", NOW);
  expect(await db.get("meta", "opened due"), "nobody has an account here").toBeUndefined();
  await db.put("cache", { email: "ada@example.org" }, "me");
  for (const address of ["open", "due", "due"] as const) await sayOpened(address, NOW);
  expect(await db.get("meta", "opened due")).toBe("2026-11-20T19:00:00.000Z");
  await outbox.load();
  expect([outbox.waiting, outbox.attention, await unsentOf(db)], "nobody wrote it").toEqual([0, [], 0]);
  vi.unstubAllGlobals();
});
