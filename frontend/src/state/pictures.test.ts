import { expect, test, vi } from "vitest";
import { newId } from "../domain/ids";
import { openDatabase } from "../store/db";
import { Pictures } from "./pictures.svelte";
import { RecordBook } from "./record.svelte";

test("the memory of a photo is given back once the photo is gone, and that of the others is not", async () => {
  const db = openDatabase(newId());
  const record = new RecordBook(db, () => undefined);
  await record.load();
  const { saved: lump } = await record.saveLump({ site: "calf" });
  const { saved: check } = await record.saveObservation({ lump: lump.id });
  const blank = { observation: check.id, taken_at: null, sha256: null };
  const thumb = new Uint8Array([255, 216]).buffer;
  const [gone, stays] = [newId(), newId()];
  for (const id of [gone, stays]) {
    await (await db).put("records", { id, type: "photo", rev: 1, base: null, hidden: false, shown: { id, ...blank } as never }); // only what is looked up of it
    await (await db).put("pictures", { id, ...blank, taken_at: "", type: "image/jpeg", bytes: null, thumb, state: "sent", problem: null });
  }
  const pictures = new Pictures(db);
  await vi.waitFor(() => expect([pictures.thumb(gone), pictures.thumb(stays)]).not.toContain(null));
  const [first, second] = [pictures.thumb(gone), pictures.thumb(stays)];
  const revoked = vi.spyOn(URL, "revokeObjectURL");
  await (await db).delete("records", gone);
  await (await db).delete("pictures", gone);
  await pictures.retry();
  expect(revoked.mock.calls).toEqual([[first]]);
  expect(pictures.thumb(stays)).toBe(second);
});
