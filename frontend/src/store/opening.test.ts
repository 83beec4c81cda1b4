import { afterEach, expect, test, vi } from "vitest";
import { openDatabase, openRaw } from "./db";
import { opened, openEarly, openedEarly } from "./opening";

afterEach(async () => {
  await new Promise((resolve) => (indexedDB.deleteDatabase("tracker").onsuccess = resolve));
});

test("what the page's first script opened is what the app uses", async () => {
  const asked = vi.spyOn(indexedDB, "open");
  openEarly();
  const db = await openRaw(openedEarly());
  expect(asked).toHaveBeenCalledTimes(1);
  await db.put("meta", "1", "kept");
  db.close();
  const anew = await openRaw(openedEarly());
  expect([await anew.get("meta", "kept"), asked.mock.calls.length], "opened anew, since nobody did before").toEqual(["1", 2]);
  anew.close();
});

test("a connection gives way where the database is to be newer or to go", async () => {
  const held = await opened("tracker");
  await new Promise((resolve) => (indexedDB.deleteDatabase("tracker").onsuccess = resolve)); // else it would wait for ever
  expect(() => held.transaction("meta")).toThrow();
});

test("where the browser keeps nothing, whoever takes it hears of it", async () => {
  vi.spyOn(indexedDB, "open").mockImplementation(() => {
    throw new Error("not here");
  });
  openEarly();
  await expect(openRaw(openedEarly())).rejects.toThrow("not here");
});

test("names are asked for only where something sealed could be opened with them", async () => {
  const db = await openDatabase("tracker");
  const names = vi.spyOn(IDBObjectStore.prototype, "getAllKeys");
  await db.put("cache", { level: "watch" }, "assessment 1");
  expect(await db.getAll("cache")).toEqual([{ level: "watch" }]);
  expect(names).not.toHaveBeenCalled();
  db.close();
});
