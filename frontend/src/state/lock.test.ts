// @vitest-environment happy-dom
import { afterEach, expect, test, vi } from "vitest";
import { openRaw } from "../store/db";
import { opened } from "../store/opening";
import { Lock } from "./lock.svelte";

const PLAIN = { state: "on", device: null, minutes: 5, not_before: 0 };
let held = 0;

/** As the browser's: what is asked for together is held until its work is done. */
const request = vi.fn(async (_name: string, _options: object, work: () => Promise<void>) => {
  held += 1;
  await work().finally(() => (held -= 1));
});

async function started(lock?: object): Promise<Lock> {
  vi.stubGlobal("navigator", { locks: { request } });
  const raw = await openRaw(opened());
  if (lock) await raw.put("meta", lock, "lock");
  else await raw.delete("meta", "lock");
  raw.close();
  const door = new Lock();
  await door.known;
  return door;
}

afterEach(() => {
  held = 0;
  vi.unstubAllGlobals();
});

test("a page that may read keeps others from turning the lock, and asks once whether there is one", async () => {
  const reads = vi.spyOn(IDBObjectStore.prototype, "get");
  const door = await started();
  expect([door.status, held, reads.mock.calls.length]).toEqual(["open", 1, 1]);
  await door.db;
});

test("a page at the locked door stands in nobody's way", async () => {
  const door = await started(PLAIN);
  await vi.waitFor(() => {
    expect([door.status, held]).toEqual(["locked", 0]);
  });
});
