import { beforeEach, expect, test, vi } from "vitest";
import { newId } from "../domain/ids";
import { openDatabase, type Database } from "../store/db";
import { Shot } from "../photo/shot";
import { RecordBook } from "./record.svelte";

let db: Promise<Database>;
let record: RecordBook;
const onWrite = vi.fn();

beforeEach(async () => {
  db = openDatabase(newId());
  record = new RecordBook(db, onWrite);
  await record.load();
});

test("the first lump brings its person along, before any account exists", async () => {
  const { saved } = await record.saveLump({ site: "calf", side: "left" });
  expect(record.persons).toMatchObject([{ id: saved.person, name: "" }]);
  expect(record.openLumps).toEqual([saved]);
  expect(onWrite).toHaveBeenCalled();
});

test("a second lump belongs to the same person", async () => {
  await record.saveLump({ site: "calf" });
  await record.saveLump({ site: "neck" });
  expect(record.persons).toHaveLength(1);
});

test("checks of a lump are there newest first", async () => {
  const { saved: lump } = await record.saveLump({ site: "calf" });
  await record.saveObservation({ lump: lump.id, observed_at: "2026-09-21T19:04:00+01:00", length_mm: 12 });
  await record.saveObservation({ lump: lump.id, observed_at: "2026-10-21T19:04:00+01:00", length_mm: 15 });
  expect(record.observations(lump.id).map((check) => check.length_mm)).toEqual([15, 12]);
  expect(record.latest(lump.id)?.length_mm).toBe(15);
  expect(record.isWaiting(lump.id)).toBe(true);
});

test("what is deleted or said about the person waits for every lump it is about, and for no other", async () => {
  const bea = await record.savePerson({ id: newId(), name: "Bea" });
  const { saved: hers } = await record.saveLump({ site: "calf", person: bea.saved.id });
  const { saved: mine } = await record.saveLump({ site: "neck", person: newId() });
  const { saved: check } = await record.saveObservation({ lump: hers.id });
  const { saved: care } = await record.saveCare({ lump: hers.id, kind: "seen" });
  const isWaiting = (): boolean[] => [hers, mine].map(({ id }) => record.isWaiting(id));
  const sent = async (): Promise<void> => {
    await (await db).clear("outbox");
    await record.load();
  };
  for (const say of [() => record.delete("observation", check.id), () => record.delete("care", care.id), () => record.savePerson({ id: bea.saved.id, name: "B" })]) {
    await sent();
    expect(isWaiting()).toEqual([false, false]);
    await say();
    expect(isWaiting()).toEqual([true, false]);
    await record.load();
    expect(isWaiting()).toEqual([true, false]);
  }
});

test("undoing a new check takes it away, undoing an edit brings the old answers back", async () => {
  const { saved: lump } = await record.saveLump({ site: "calf" });
  const { saved: check } = await record.saveObservation({ lump: lump.id, signs: { fever: false } });
  const edit = await record.saveObservation({ id: check.id, signs: { fever: true, pain: 4 } });
  await edit.undo();
  expect(record.latest(lump.id)?.signs).toEqual({ fever: false });
  const second = await record.saveObservation({ lump: lump.id });
  await second.undo();
  expect(record.observations(lump.id)).toHaveLength(1);
});

test("a check that was undone while its form is open is saved whole with that form", async () => {
  const { saved: lump } = await record.saveLump({ site: "calf" });
  const { saved: check, undo } = await record.saveObservation({ lump: lump.id, signs: { trend: "bigger" } });
  await undo();
  await record.saveObservation({ id: check.id, lump: lump.id, length_mm: 33, signs: { trend: null as never } });
  const reopened = new RecordBook(db, onWrite);
  await reopened.load();
  expect(reopened.latest(lump.id)).toMatchObject({ id: check.id, length_mm: 33, signs: {} });
});

test("a deleted lump takes its checks off the screen, and undo brings all back", async () => {
  const { saved: lump } = await record.saveLump({ site: "calf" });
  await record.saveObservation({ lump: lump.id });
  const { undo } = await record.delete("lump", lump.id);
  expect(record.lumps).toEqual([]);
  await undo();
  expect(record.observations(lump.id)).toHaveLength(1);
});

test("closing moves a lump to the closed ones and reopening brings it back", async () => {
  const { saved: lump } = await record.saveLump({ site: "calf" });
  await record.closeLump(lump.id, "gone");
  expect(record.closedLumps.map((each) => each.closed_reason)).toEqual(["gone"]);
  await record.reopenLump(lump.id);
  expect(record.openLumps).toHaveLength(1);
});

test("everything is there again after the app was closed", async () => {
  const { saved: lump } = await record.saveLump({ site: "calf" });
  await record.saveObservation({ lump: lump.id, length_mm: 12 });
  const reopened = new RecordBook(db, onWrite);
  await reopened.load();
  expect(reopened.lumps).toEqual(record.lumps);
  expect(reopened.latest(lump.id)?.length_mm).toBe(12);
});

test("where there is no room for the picture, the entry is kept and that is said", async () => {
  const { saved: lump } = await record.saveLump({ site: "calf" });
  const full = new DOMException("", "QuotaExceededError");
  const add = vi.spyOn(IDBObjectStore.prototype, "put").mockImplementationOnce(() => {
    throw full;
  });
  await record.saveObservation({ lump: lump.id, length_mm: 12 }, [new Shot("bytes", new ArrayBuffer(2))]);
  expect(add).toHaveBeenCalled();
  expect(record.noRoom).toBe(true);
  expect(record.latest(lump.id)?.length_mm).toBe(12);
  expect(record.photos(lump.id)).toEqual([]);
  expect(await (await db).count("pictures")).toBe(0);
});

test("a check leaves the lists of other lumps as they were, so that nothing of them is drawn anew", async () => {
  const { saved: calf } = await record.saveLump({ site: "calf" });
  const { saved: neck } = await record.saveLump({ site: "neck" });
  await record.saveObservation({ lump: calf.id, length_mm: 12 });
  const before = record.observations(calf.id);
  await record.saveObservation({ lump: neck.id, length_mm: 9 });
  expect(record.observations(calf.id)).toBe(before);
  expect(record.observations(neck.id)).toHaveLength(1);
});

/** A phone whose storage is full until it is emptied. */
function fullPhone(opened: Database): { db: Database; empty: () => void } {
  let isFull = true;
  const db = new Proxy(opened, {
    get(target, name) {
      if (name === "transaction" && isFull) {
        return () => {
          throw new DOMException("no room", "QuotaExceededError");
        };
      }
      const found = Reflect.get(target, name) as unknown;
      return typeof found === "function" ? (found.bind(target) as unknown) : found;
    },
  });
  return { db, empty: () => (isFull = false) };
}

test("a full phone is said, nothing is shown as saved, and the same save counts once there is room", async () => {
  const { db: full, empty } = fullPhone(await db);
  const crowded = new RecordBook(Promise.resolve(full), onWrite);
  const id = newId();
  await expect(crowded.saveLump({ id, person: newId(), site: "calf" })).rejects.toThrow("no room");
  expect(crowded.full).toBe(true);
  expect(crowded.lumps).toEqual([]);
  empty();
  await crowded.saveLump({ id, person: newId(), site: "calf" });
  expect(crowded.full).toBe(false);
  expect(crowded.lumps.map((lump) => lump.id)).toEqual([id]);
});
