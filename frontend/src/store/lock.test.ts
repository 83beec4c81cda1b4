import { beforeEach, expect, test } from "vitest";
import { newId } from "../domain/ids";
import type { Observation } from "../domain/record";
import { openDatabase, openRaw, STORES, type Database, type Picture } from "./db";
import { FakeServer } from "./fake-server";
import { Keyring, Locked } from "./keyring";
import { changePin, delayAfter, readLock, turnOff, turnOn, unlock, type LockRecord } from "./lock";
import { write } from "./outbox";
import { exchange } from "./sync";

const PIN = "271828";
const CANARY = "canary by the left knee";
const QUICK = { iterations: 1_000 };
let name: string;
let keys: Keyring;
let db: Database;

const picture: Picture = {
  id: "photo",
  observation: "check",
  taken_at: "2026-09-21T19:04:00+01:00",
  type: "image/jpeg",
  bytes: new TextEncoder().encode(CANARY).buffer,
  thumb: null,
  sha256: null,
  state: "waiting",
  problem: null,
};

beforeEach(async () => {
  name = newId();
  keys = new Keyring();
  db = await openDatabase(name, keys);
  await write(db, [{ type: "lump", id: "lump", fields: { person: "p", site: "knee", label: CANARY } }], [picture]);
  await write(db, [{ type: "observation", id: "check", fields: { lump: "lump", note: CANARY } }]);
  await db.put("drafts", { note: CANARY }, "check lump");
  await db.put("cache", { assessment: { lump: "lump", level: CANARY } }, "assessment lump");
  await db.put("meta", `${CANARY}@example.org`, "owner");
  await db.put("clashes", { key: "k", type: "observation", id: "check", field: "signs.fever", kept: CANARY, other: true, at: "" });
  await db.add("errands", { path: CANARY, body: {}, lump: "lump", problem: null } as never);
});

/** Every byte that lies in the database, as text. */
async function atRest(): Promise<string> {
  const raw = await openRaw(name);
  const rows = (await Promise.all(STORES.map((store) => raw.getAll(store)))).flat();
  raw.close();
  const bytes = (value: unknown): unknown => {
    if (Object.prototype.toString.call(value) === "[object ArrayBuffer]") return new TextDecoder("latin1").decode(value as ArrayBuffer);
    return ArrayBuffer.isView(value) ? new TextDecoder("latin1").decode(value) : value;
  };
  return JSON.stringify(rows, (_, value: unknown) => bytes(value));
}

async function reopened(): Promise<{ keys: Keyring; db: Database }> {
  const fresh = new Keyring();
  return { keys: fresh, db: await openDatabase(name, fresh) };
}

test("turned on, nothing that was said lies readable on the phone, and the app reads it all the same", async () => {
  expect(await atRest()).toContain(CANARY);
  await turnOn(db, keys, PIN, QUICK);
  const found = await atRest();
  for (const word of [CANARY, "knee", "signs.fever", "level"]) expect(found).not.toContain(word);
  expect(((await db.get("records", "check"))?.shown as Observation).note).toBe(CANARY);
  expect(await db.get("pictures", "photo")).toEqual(picture);
  expect(await db.get("drafts", "check lump")).toEqual({ note: CANARY });
  expect(await db.getAll("clashes")).toMatchObject([{ field: "signs.fever", kept: CANARY }]);
  expect(await db.getAll("errands")).toMatchObject([{ path: CANARY }]);
});

test("what is said while it is on is sealed too, and reaches the server", async () => {
  await turnOn(db, keys, PIN, QUICK);
  await write(db, [{ type: "observation", id: "second", fields: { lump: "lump", note: `${CANARY} again` } }]);
  await db.put("drafts", { note: CANARY }, "another");
  expect(await atRest()).not.toContain(CANARY);
  const server = new FakeServer();
  server.say("observation", "from another phone", { lump: "lump", note: CANARY });
  await exchange(db, server);
  expect(server.field("second", "note")).toBe(`${CANARY} again`);
  expect(await db.count("outbox")).toBe(0);
  expect(await db.getAllFromIndex("records", "type", "observation")).toHaveLength(3);
  expect(await atRest()).not.toContain(CANARY);
});

test("after a new start everything is closed until the PIN is given", async () => {
  await turnOn(db, keys, PIN, QUICK);
  const later = await reopened();
  await expect(later.db.get("records", "check")).rejects.toThrow(Locked);
  await expect(later.db.getAll("records")).rejects.toThrow(Locked);
  expect(await unlock(later.db, later.keys, PIN, 0)).toEqual({ isOpen: true, notBefore: 0 });
  expect(((await later.db.get("records", "check"))?.shown as Observation).note).toBe(CANARY);
  expect(later.keys.key?.extractable).toBe(false);
});

test("wrong PINs cost more and more time, also after a new start, and a right one ends that", async () => {
  await turnOn(db, keys, PIN, QUICK);
  for (let wrong = 1; wrong <= 3; wrong += 1) await unlock(db, new Keyring(), "000000", 1_000);
  const later = await reopened();
  expect(await unlock(later.db, later.keys, PIN, 2_000)).toEqual({ isOpen: false, notBefore: 1_000 + delayAfter(3) });
  expect(await unlock(later.db, later.keys, PIN, 1_000 + delayAfter(3))).toMatchObject({ isOpen: true });
  expect(await readLock(later.db)).toMatchObject({ failures: 0, not_before: 0 });
  expect([1, 2, 3, 4, 5, 30].map(delayAfter)).toEqual([0, 0, 5_000, 10_000, 20_000, 900_000]);
});

test("turned off, everything lies open as before and no key is left", async () => {
  const before = await db.getAll("records");
  await turnOn(db, keys, PIN, QUICK);
  expect(await turnOff(db, keys, "000000", 0)).toMatchObject({ isOpen: false });
  expect(await turnOff(db, keys, PIN, 0)).toMatchObject({ isOpen: true });
  const later = await reopened();
  expect(await later.db.getAll("records")).toEqual(before);
  expect(await readLock(later.db)).toBeNull();
  expect(await atRest()).toContain(CANARY);
});

test.each(["turning_on", "turning_off"] as const)("a crash while %s is mended at the next unlocking", async (state) => {
  const plain = await (await openRaw(name)).getAll("records");
  await turnOn(db, keys, PIN, QUICK);
  const raw = await openRaw(name);
  if (plain[0]) await raw.put("records", plain[0]); // one row had not been turned yet
  await raw.put("meta", { ...((await readLock(raw)) as LockRecord), state }, "lock");
  const later = await reopened();
  expect(await unlock(later.db, later.keys, PIN, 0)).toMatchObject({ isOpen: true });
  expect((await later.db.getAll("records")).map((row) => row.shown)).toEqual(plain.map((row) => row.shown));
  expect((await atRest()).includes(CANARY)).toBe(state === "turning_off");
  expect((await readLock(later.db))?.state).toBe(state === "turning_on" ? "on" : undefined);
});

test("a sealed row put in the place of another one does not open", async () => {
  await turnOn(db, keys, PIN, QUICK);
  const raw = await openRaw(name);
  const [one, other] = await raw.getAll("records");
  if (one && other) await raw.put("records", { ...one, id: other.id });
  const later = await reopened();
  await unlock(later.db, later.keys, PIN, 0);
  await expect(later.db.getAll("records")).rejects.toThrow();
});

test("of two versions of a form the later one stays", async () => {
  await turnOn(db, keys, PIN, QUICK);
  const long = "x".repeat(400_000);
  await Promise.all([db.put("drafts", { note: long }, "form"), db.put("drafts", { note: "short" }, "form")]);
  expect(await db.get("drafts", "form")).toEqual({ note: "short" });
});

test("another PIN opens the same record, the old one no longer does, and nothing is written anew", async () => {
  await turnOn(db, keys, PIN, QUICK);
  const before = await atRest();
  expect(await changePin(db, keys, { old: "000000", next: "314159" }, 1, 1_000)).toMatchObject({ isOpen: false });
  expect(await changePin(db, keys, { old: PIN, next: "314159" }, 1, 1_000)).toMatchObject({ isOpen: true });
  const later = await reopened();
  expect((await unlock(later.db, later.keys, PIN, 1)).isOpen).toBe(false);
  expect((await unlock(later.db, later.keys, "314159", 1)).isOpen).toBe(true);
  expect((await later.db.get("records", "lump"))?.shown).toMatchObject({ label: CANARY });
  expect(before).not.toContain(CANARY);
  expect(await atRest()).not.toContain(CANARY);
});
