import { beforeEach, expect, test } from "vitest";
import type { Lump, Observation } from "../domain/record";
import type { Database } from "./db";
import { newPhone, shown, waiting } from "./fake-phone";
import { FakeServer } from "./fake-server";
import { discard, retry, write } from "./outbox";
import { applyAnswer, exchange, pull } from "./sync";

let server: FakeServer;
let phone: Database;
const [lump, check] = ["lump-1", "check-1"];
const signs = async (db: Database, id: string): Promise<unknown> => ((await shown(db, id)) as Observation | undefined)?.signs;

beforeEach(async () => {
  server = new FakeServer();
  phone = await newPhone();
});

test("what is said is on the phone before any server is asked", async () => {
  await write(phone, [{ type: "lump", id: lump, fields: { person: "p", site: "calf" } }]);
  expect(((await shown(phone, lump)) as Lump).site).toBe("calf");
  expect(await waiting(phone)).toBe(1);
});

test("entries go out in the order in which they were said", async () => {
  await write(phone, [{ type: "person", id: "p", fields: { name: "" } }]);
  await write(phone, [{ type: "lump", id: lump, fields: { person: "p", site: "calf" } }]);
  await write(phone, [{ type: "observation", id: check, fields: { lump, length_mm: 12 } }]);
  await exchange(phone, server);
  expect(server.requests[0]?.map((operation) => operation.type)).toEqual(["person", "lump", "observation"]);
  expect(await waiting(phone)).toBe(0);
});

test("a form saved twice before it was sent travels once", async () => {
  await write(phone, [{ type: "observation", id: check, fields: { lump, length_mm: 12 } }]);
  await write(phone, [{ type: "observation", id: check, fields: { length_mm: 14, "signs.fever": false } }]);
  await exchange(phone, server);
  expect(server.requests[0]).toHaveLength(1);
  expect(server.field(check, "length_mm")).toBe(14);
});

test("an answer that is lost on its way does no harm: the same operation is sent again and counts once", async () => {
  server.faults = ["lost_answer"];
  await write(phone, [{ type: "observation", id: check, fields: { lump, length_mm: 12 } }]);
  await expect(exchange(phone, server)).rejects.toMatchObject({ status: 0 });
  await exchange(phone, server);
  const [first, second] = server.requests;
  expect(second).toEqual(first);
  expect(server.rows.get(check)?.rev).toBe(1);
  expect(await waiting(phone)).toBe(0);
});

test("what is said while a request is out is not slipped into it, and follows", async () => {
  server.faults = ["lost_answer"];
  await write(phone, [{ type: "observation", id: check, fields: { lump, length_mm: 12 } }]);
  await exchange(phone, server).catch(() => undefined);
  await write(phone, [{ type: "observation", id: check, fields: { length_mm: 15 } }]);
  await exchange(phone, server);
  expect(server.field(check, "length_mm")).toBe(15);
  expect((await phone.getAll("clashes")).length).toBe(0);
});

test("more than fifty entries go out in requests of at most fifty", async () => {
  for (let i = 0; i < 120; i += 1) await write(phone, [{ type: "observation", id: `c${String(i)}`, fields: { lump } }]);
  await exchange(phone, server);
  expect(server.rows.size).toBe(120);
  expect(Math.max(...server.requests.map((operations) => operations.length))).toBe(50);
});

test("what another phone said comes in, page by page", async () => {
  for (let i = 0; i < 25; i += 1) server.say("observation", `c${String(i)}`, { lump, length_mm: 10 + i });
  server.pageSize = 10;
  await exchange(phone, server);
  expect(await phone.count("records")).toBe(25);
});

test("a change from elsewhere does not wipe what still waits here", async () => {
  server.say("observation", check, { lump, length_mm: 12, "signs.fever": true, "signs.pain": 2 });
  await exchange(phone, server);
  await write(phone, [{ type: "observation", id: check, fields: { "signs.fever": false } }]);
  server.say("observation", check, { "signs.pain": 5 });
  await pull(phone, server);
  expect(await signs(phone, check)).toEqual({ fever: false, pain: 5 });
  expect(server.field(check, "signs.fever")).toBe(true);
  await exchange(phone, server);
  expect(await signs(phone, check)).toEqual({ fever: false, pain: 5 });
  expect(server.field(check, "signs.fever")).toBe(false);
});

test("a pulled change lies under an operation that the server has refused", async () => {
  server.reject = (operation) => (operation.fields?.["length_mm"] === 900 ? "invalid" : null);
  server.say("observation", check, { lump, length_mm: 12 });
  await exchange(phone, server);
  await write(phone, [{ type: "observation", id: check, fields: { length_mm: 900 } }]);
  await exchange(phone, server);
  server.say("observation", check, { note: "sore" });
  await exchange(phone, server);
  expect(await shown(phone, check)).toMatchObject({ length_mm: 900, note: "sore" });
});

test("two phones that answered the same question differently keep one answer and are told of the other", async () => {
  const other = await newPhone();
  server.say("observation", check, { lump, "signs.pain": 1 });
  await exchange(phone, server);
  await exchange(other, server);
  await write(phone, [{ type: "observation", id: check, fields: { "signs.pain": 3 } }]);
  await write(other, [{ type: "observation", id: check, fields: { "signs.pain": 7 } }]);
  await exchange(phone, server);
  await exchange(other, server);
  await exchange(phone, server);
  expect(await signs(phone, check)).toEqual({ pain: 7 });
  expect(await signs(other, check)).toEqual({ pain: 7 });
  expect(await other.getAll("clashes")).toMatchObject([{ field: "signs.pain", kept: 7, other: 3 }]);
});

test("one refused entry stops no other, and waits with its reason until somebody has seen to it", async () => {
  server.reject = (operation) => (operation.id === "bad" ? "invalid" : null);
  await write(phone, [{ type: "observation", id: "bad", fields: { lump } }]);
  await write(phone, [{ type: "observation", id: check, fields: { lump } }]);
  await exchange(phone, server);
  expect(server.rows.has(check)).toBe(true);
  const [refused] = await phone.getAll("outbox");
  expect(refused).toMatchObject({ id: "bad", problem: { code: "invalid" } });
  expect(await shown(phone, "bad")).toBeDefined();
});

test("a refused new entry can be mended by saying it again", async () => {
  server.reject = server.strict;
  await write(phone, [{ type: "observation", id: check, fields: { lump, length_mm: 900, note: "sore" } }]);
  await exchange(phone, server);
  expect(await phone.getAll("outbox")).toMatchObject([{ problem: { code: "invalid" } }]);
  await write(phone, [{ type: "observation", id: check, fields: { length_mm: 9 } }]);
  await exchange(phone, server);
  expect(server.rows.get(check)?.fields).toEqual({ lump, length_mm: 9, note: "sore" });
  expect(await shown(phone, check)).toMatchObject({ length_mm: 9, note: "sore" });
  expect(await waiting(phone)).toBe(0);
});

test("what was said of a new entry before its refusal came back mends it too", async () => {
  server.reject = server.strict;
  server.faults = ["lost_answer"];
  await write(phone, [{ type: "observation", id: check, fields: { lump, length_mm: 900 } }]);
  await exchange(phone, server).catch(() => undefined);
  await write(phone, [{ type: "observation", id: check, fields: { length_mm: 9 } }]);
  await exchange(phone, server);
  expect(server.rows.get(check)?.fields).toEqual({ lump, length_mm: 9 });
  expect(await waiting(phone)).toBe(0);
});

test("a refused entry can be tried again or given up", async () => {
  server.reject = () => "invalid";
  await write(phone, [{ type: "observation", id: "a", fields: { lump } }, { type: "observation", id: "b", fields: { lump } }]);
  await exchange(phone, server);
  server.reject = () => null;
  const [a, b] = await phone.getAll("outbox");
  await retry(phone, a?.seq ?? 0);
  await discard(phone, b?.seq ?? 0);
  await exchange(phone, server);
  expect(server.rows.has("a")).toBe(true);
  expect(await phone.get("records", "b")).toBeUndefined();
  expect(await waiting(phone)).toBe(0);
});

test("what was deleted elsewhere goes, and what was written here meanwhile is shown as refused", async () => {
  server.say("lump", lump, { person: "p", site: "calf" });
  await exchange(phone, server);
  await write(phone, [{ type: "observation", id: check, fields: { lump, note: "sore" } }]);
  server.delete(lump);
  server.reject = (operation) => (operation.id === check ? "not_found" : null);
  await exchange(phone, server);
  expect(await phone.get("records", lump)).toBeUndefined();
  expect(await phone.getAll("outbox")).toMatchObject([{ id: check, fields: { note: "sore" }, problem: { code: "not_found" } }]);
});

test("after too long a sleep everything is read anew, what is gone goes and what waits stays", async () => {
  server.say("observation", "kept", { lump, length_mm: 12 });
  server.say("observation", "purged", { lump, length_mm: 9 });
  await exchange(phone, server);
  server.purge("purged");
  await write(phone, [{ type: "observation", id: "mine", fields: { lump } }]);
  server.faults = ["resync"];
  await exchange(phone, server);
  expect((await phone.getAllKeys("records")).sort()).toEqual(["kept", "mine"]);
  expect(server.rows.has("mine")).toBe(true);
});

test("three phones that talk through a bad line end with the same record", async () => {
  const phones = [phone, await newPhone(), await newPhone()];
  let seed = 7;
  const roll = (sides: number): number => (seed = (seed * 48271) % 2147483647) % sides;
  for (let step = 0; step < 120; step += 1) {
    const db = phones[roll(3)] ?? phone;
    const id = `c${String(roll(6))}`;
    if (roll(4) === 0) {
      if (roll(3) === 0) server.faults = [roll(2) ? "lost_answer" : "lost_request"];
      await exchange(db, server).catch(() => undefined);
    } else await write(db, [{ type: "observation", id, fields: { lump, [`signs.s${String(roll(3))}`]: roll(10) } }]);
  }
  server.faults = [];
  for (const db of [...phones, ...phones]) await exchange(db, server);
  const records = await Promise.all(phones.map(async (db) => (await db.getAll("records")).map((row) => row.shown)));
  expect(records[1]).toEqual(records[0]);
  expect(records[2]).toEqual(records[0]);
  expect(await Promise.all(phones.map(waiting))).toEqual([0, 0, 0]);
});

test("what is no longer shared leaves this phone whole, and nothing of anybody else with it", async () => {
  server.say("person", "theirs", { name: "Our child", role: "logger" });
  server.say("lump", lump, { person: "theirs", site: "calf" });
  server.say("observation", check, { lump, length_mm: 12, note: "sore" });
  server.say("care", "visit", { lump, kind: "seen", on: "2026-10-02" });
  server.say("photo", "photo-1", { observation: check, state: "ready" });
  server.say("person", "mine", { name: "", role: "owner" });
  server.say("lump", "my-lump", { person: "mine", site: "thigh" });
  await pull(phone, server);
  await phone.put("pictures", { id: "photo-1", observation: check, taken_at: "", type: "image/jpeg", bytes: null, thumb: new ArrayBuffer(8), sha256: null, state: "sent", problem: null });
  await phone.put("drafts", { note: "half said" }, `check ${lump} new`);
  await phone.put("drafts", { note: "my own" }, "check my-lump new");
  await phone.put("clashes", { key: "c", type: "observation", id: check, field: "note", kept: "a", other: "b", at: "" });
  server.delete("theirs"); // as the feed says it when the share has ended
  await pull(phone, server);
  expect((await phone.getAllKeys("records")).toSorted()).toEqual(["mine", "my-lump"]);
  expect(await phone.getAllKeys("drafts")).toEqual(["check my-lump new"]);
  for (const store of ["pictures", "clashes", "outbox"] as const) expect(await phone.count(store), store).toBe(0);
});

test("another role comes with the person, though nothing about them has moved", async () => {
  server.say("person", "theirs", { name: "Our child", role: "logger" });
  await pull(phone, server);
  const row = await phone.get("records", "theirs");
  const answer = { results: [], cursor: "9", more: false, changes: [{ type: "person" as const, id: "theirs", rev: row?.rev ?? 0, fields: { name: "Our child", role: "viewer" } }] };
  await applyAnswer(phone, [], answer);
  expect(await shown(phone, "theirs")).toMatchObject({ role: "viewer" });
});
