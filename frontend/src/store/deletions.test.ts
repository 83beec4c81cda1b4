import { beforeEach, expect, test } from "vitest";
import type { SyncOperation } from "../api/types";
import type { Database } from "./db";
import { later, newPhone, waiting } from "./fake-phone";
import { FakeServer } from "./fake-server";
import { remove, restore, write } from "./outbox";
import { exchange } from "./sync";

let server: FakeServer;
let phone: Database;
const [lump, check] = ["lump-1", "check-1"];

beforeEach(async () => {
  server = new FakeServer();
  phone = await newPhone();
});

test("a deletion hides at once, goes out after the time for Undo, and takes what hangs on it along", async () => {
  await write(phone, [{ type: "lump", id: lump, fields: { person: "p", site: "calf" } }]);
  await write(phone, [{ type: "observation", id: check, fields: { lump } }]);
  await exchange(phone, server);
  await remove(phone, "lump", lump);
  expect((await phone.get("records", lump))?.hidden).toBe(true);
  await exchange(phone, server);
  expect(server.rows.get(lump)?.deleted).toBe(false);
  await exchange(phone, server, later);
  expect(server.rows.get(lump)?.deleted).toBe(true);
  expect(await phone.count("records")).toBe(0);
});

test("Undo brings a deleted lump back before the server hears of it", async () => {
  await write(phone, [{ type: "lump", id: lump, fields: { person: "p", site: "calf" } }]);
  await exchange(phone, server);
  await remove(phone, "lump", lump);
  expect(await restore(phone, lump)).toBe(true);
  await exchange(phone, server, later);
  expect(server.rows.get(lump)?.deleted).toBe(false);
  expect((await phone.get("records", lump))?.hidden).toBe(false);
});

test("something made and deleted again before it was sent never travels", async () => {
  await write(phone, [{ type: "observation", id: check, fields: { lump } }]);
  await remove(phone, "observation", check);
  await exchange(phone, server, later);
  expect(server.requests.flat()).toEqual([]);
  expect(await phone.count("records")).toBe(0);
  expect(await waiting(phone)).toBe(0);
});

test("what is written to an entry whose deletion still waits brings it back: saved is saved", async () => {
  await write(phone, [{ type: "observation", id: check, fields: { lump, "signs.trend": "bigger" } }]);
  await remove(phone, "observation", check);
  await write(phone, [{ type: "observation", id: check, fields: { lump, length_mm: 33, "signs.trend": "bigger" } }]);
  expect(await phone.get("records", check)).toMatchObject({ hidden: false, shown: { length_mm: 33 } });
  await exchange(phone, server, later);
  expect(server.rows.get(check)).toMatchObject({ deleted: false, fields: { lump, length_mm: 33, "signs.trend": "bigger" } });
  expect(await waiting(phone)).toBe(0);
});

test("so does what is written to one that the server has", async () => {
  server.say("observation", check, { lump, length_mm: 12 });
  await exchange(phone, server);
  await remove(phone, "observation", check);
  await write(phone, [{ type: "observation", id: check, fields: { length_mm: 33 } }]);
  await exchange(phone, server, later);
  expect(server.field(check, "length_mm")).toBe(33);
  expect(await phone.get("records", check)).toMatchObject({ hidden: false, shown: { length_mm: 33 } });
});

test("what is written once the deletion is on its way is shown as refused, not lost", async () => {
  server.say("observation", check, { lump, length_mm: 12 });
  await exchange(phone, server);
  await remove(phone, "observation", check);
  server.faults = ["lost_answer"];
  await exchange(phone, server, later).catch(() => undefined);
  await write(phone, [{ type: "observation", id: check, fields: { length_mm: 33 } }]);
  await exchange(phone, server, later);
  expect(await phone.getAll("outbox")).toMatchObject([{ id: check, fields: { length_mm: 33 }, problem: { code: "deleted" } }]);
});

/** As the server does: nothing is logged about what it does not know. */
const knowing = ({ id, fields }: SyncOperation): string | null => {
  const parents = [fields?.["person"], fields?.["lump"], fields?.["observation"]].filter((parent) => parent !== undefined);
  const isOrphan = parents.some((parent) => server.rows.get(parent as string)?.deleted ?? true);
  return fields && isOrphan && !server.rows.has(id) ? "not_found" : null;
};

async function firstLog(): Promise<void> {
  server.reject = knowing;
  server.say("person", "p", { name: "Ada" });
  await exchange(phone, server);
  await write(phone, [{ type: "lump", id: lump, fields: { person: "p", site: "calf" } }]);
  const picture = { observation: check, taken_at: "", type: "", bytes: null, thumb: null, sha256: null, state: "waiting", problem: null } as const;
  const photo = { type: "photo", id: "photo-1", fields: { observation: check } } as const;
  await write(phone, [{ type: "observation", id: check, fields: { lump } }, photo], [{ id: "photo-1", ...picture }]);
  await write(phone, [{ type: "care", id: "care-1", fields: { lump, kind: "told" } }]);
}

test("a first log that is undone goes with all that hangs on it, and none of it travels", async () => {
  await firstLog();
  const before = server.requests.flat().length;
  await remove(phone, "lump", lump);
  await exchange(phone, server);
  expect(await phone.count("records")).toBe(5);
  await exchange(phone, server, later);
  expect(server.requests.flat()).toHaveLength(before);
  expect(await phone.getAllKeys("records")).toEqual(["p"]);
  expect([await waiting(phone), await phone.count("pictures")]).toEqual([0, 0]);
});

test("Undo of that brings all of it back, and it is sent", async () => {
  await firstLog();
  await remove(phone, "lump", lump);
  await exchange(phone, server);
  await restore(phone, lump);
  await exchange(phone, server, later);
  expect([...server.rows.keys()].sort()).toEqual(["care-1", check, lump, "p", "photo-1"]);
  expect(await waiting(phone)).toBe(0);
});

test("an entry that the server refused and that is deleted then is not brought up again", async () => {
  server.reject = server.strict;
  await write(phone, [{ type: "observation", id: check, fields: { lump, length_mm: 900 } }]);
  await exchange(phone, server);
  await remove(phone, "observation", check);
  await exchange(phone, server, later);
  expect([await waiting(phone), await phone.count("records")]).toEqual([0, 0]);
});

test("what waits below something that is deleted waits with it, and goes with it", async () => {
  server.say("lump", lump, { person: "p", site: "calf" });
  await exchange(phone, server);
  await write(phone, [{ type: "observation", id: check, fields: { lump, note: "sore" } }]);
  await remove(phone, "lump", lump);
  await exchange(phone, server);
  expect(server.rows.has(check)).toBe(false);
  await exchange(phone, server, later);
  expect(server.rows.get(lump)?.deleted).toBe(true);
  expect([await waiting(phone), await phone.count("records")]).toEqual([0, 0]);
});

test("a deletion that the server refuses takes nothing along that waited below", async () => {
  server.reject = (operation) => (operation.deleted ? "forbidden" : null);
  server.say("lump", lump, { person: "p", site: "calf" });
  await exchange(phone, server);
  await write(phone, [{ type: "observation", id: check, fields: { lump, note: "sore" } }]);
  await write(phone, [{ type: "lump", id: lump, fields: { label: "old" } }]);
  await remove(phone, "lump", lump);
  await exchange(phone, server, later);
  expect(server.field(check, "note")).toBe("sore");
  expect(server.field(lump, "label")).toBe("old");
  expect(await phone.getAll("outbox")).toMatchObject([{ id: lump, fields: null, problem: { code: "forbidden" } }]);
});
