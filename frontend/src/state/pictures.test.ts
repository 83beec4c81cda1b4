import { afterEach, expect, test, vi } from "vitest";
import { newId } from "../domain/ids";
import { openDatabase } from "../store/db";
import { Pictures } from "./pictures.svelte";
import { RecordBook } from "./record.svelte";

afterEach(() => {
  vi.unstubAllGlobals();
  vi.useRealTimers();
});

test("a picture that a busy server did not give comes by itself once the server gives it", async () => {
  vi.useFakeTimers({ toFake: ["setTimeout"] });
  const answers = [new Response("", { status: 503 }), new Response("", { status: 404 }), new Response("bytes")];
  const request = vi.fn<typeof fetch>(async () => answers.shift() as Response);
  vi.stubGlobal("fetch", request);
  const pictures = new Pictures(openDatabase(newId()));
  const photo = newId();
  expect(pictures.large(photo)).toBeNull();
  await vi.waitFor(() => expect(request).toHaveBeenCalledTimes(1));
  await vi.advanceTimersByTimeAsync(2_000);
  await vi.waitFor(() => expect(request).toHaveBeenCalledTimes(2));
  await vi.advanceTimersByTimeAsync(8_000);
  await vi.waitFor(() => expect(pictures.large(photo)).toMatch(/^blob:/));
  await vi.advanceTimersByTimeAsync(60_000);
  expect(request).toHaveBeenCalledTimes(3);
});

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
