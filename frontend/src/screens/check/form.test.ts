// @vitest-environment happy-dom
import { beforeEach, expect, test, vi } from "vitest";
import type { Lump } from "../../domain/record";
import { keepFiles, layFile } from "../../parts/camera/tray";
import { Shot, type Measuring } from "../../photo/shot";
import { drafts, record, start } from "../../state";
import { beginForm, dropForm, keepForm, saveForm, type CheckForm } from "./form.svelte";

const NOW = new Date("2026-11-20T10:00:00Z");
const hours = (count: number): Date => new Date(NOW.getTime() + count * 3_600_000);
let lump: Lump;

beforeEach(async () => {
  await start();
  ({ saved: lump } = await record.saveLump({ site: "calf", side: "left" }));
});

/** Opens the form, says something, and leaves it. */
async function leave(check: string | null, say: (form: CheckForm) => void, at = NOW): Promise<void> {
  const { start, form } = await beginForm(lump, check, at);
  say(form);
  await keepForm(lump, check, { start, form }, at);
}
const nothing = (): void => undefined;

test("a check that was opened and left empty does not take Bigger out of a later one", async () => {
  await leave(null, nothing);
  const { saved: bigger } = await record.saveObservation({ lump: lump.id, signs: { trend: "bigger" } });
  const { form } = await beginForm(lump, bigger.id, hours(7 * 24));
  expect(form.signs).toEqual({ trend: "bigger" });
  await saveForm(lump, bigger.id, form, []);
  expect(record.observation(bigger.id)?.signs).toEqual({ trend: "bigger" });
});

test("ticks of a check that was left do not lie over a saved one", async () => {
  await leave(null, (form) => (form.signs = { fever: true, trend: "same" }));
  const { saved: bigger } = await record.saveObservation({ lump: lump.id, signs: { trend: "bigger" } });
  expect((await beginForm(lump, bigger.id, hours(1))).form.signs).toEqual({ trend: "bigger" });
});

test("one check half mended does not lie over another", async () => {
  const { saved: first } = await record.saveObservation({ lump: lump.id, signs: { trend: "same" }, note: "first" });
  const { saved: second } = await record.saveObservation({ lump: lump.id, signs: { trend: "bigger" }, note: "second" });
  await leave(first.id, (form) => (form.note = "first, mended"));
  expect((await beginForm(lump, second.id, hours(1))).form.note).toBe("second");
  expect((await beginForm(lump, first.id, hours(1))).form.note).toBe("first, mended");
});

test("what was said in a draft is laid over what the check says by then, answer by answer", async () => {
  const { saved: check } = await record.saveObservation({ lump: lump.id, signs: { trend: "bigger", fever: true } });
  await leave(check.id, (form) => {
    delete form.signs["fever"];
    form.signs["pain"] = 4;
  });
  await record.saveObservation({ id: check.id, signs: { trend: "bigger", fever: true, chills: true } });
  expect((await beginForm(lump, check.id, hours(1))).form.signs).toEqual({ trend: "bigger", chills: true, pain: 4 });
});

test("a check left for more than a day is offered, and is not laid over today's by itself", async () => {
  await leave(null, (form) => (form.signs = { fever: true }));
  const begun = await beginForm(lump, null, hours(25));
  expect(begun.left).toBe(NOW.toISOString());
  expect(begun.start.signs).toEqual({});
  expect((await beginForm(lump, null, hours(23))).left).toBeNull();
});

test("starting again forgets what was left", async () => {
  await leave(null, (form) => (form.note = "half"));
  await dropForm(lump, null);
  expect((await beginForm(lump, null, hours(1))).form.note).toBe("");
});

test("taking everything back leaves no draft", async () => {
  await leave(null, (form) => (form.note = "half"));
  await leave(null, (form) => (form.note = ""));
  expect(await beginForm(lump, null, hours(48))).toMatchObject({ left: null, form: { note: "" } });
});

test("a saved check leaves no draft, also when the last word is still on its way", async () => {
  const { start, form } = await beginForm(lump, null, NOW);
  form.note = "all";
  void keepForm(lump, null, { start, form }, NOW);
  await saveForm(lump, null, form, []);
  expect((await beginForm(lump, null, hours(1))).form.note).toBe("");
});

test("what was said about a check that was undone goes when the next one is begun", async () => {
  const check = await record.saveObservation({ lump: lump.id, signs: { trend: "bigger" } });
  await leave(check.saved.id, (form) => (form.note = "half"));
  await leave(null, (form) => (form.note = "new"));
  await check.undo();
  expect((await beginForm(lump, null, hours(1))).form.note).toBe("new");
  expect(await drafts.names(`check ${lump.id}`)).toEqual([`check ${lump.id} new`]);
});

const jpeg = (size: number): ArrayBuffer => new Uint8Array(size).fill(7).buffer;
const measuring: Measuring = { mm_per_px: 0.1, marks: [], size: { length_mm: 18, width_mm: null, readings_mm: [], uncertainty_mm: 0.5 } };
const sizes = (files: readonly File[]): number[] => files.map(({ size }) => size);

test("photos of a check survive with it, and go into the check they were chosen in alone", async () => {
  await keepFiles(lump.id, null, [new Shot(jpeg(30), jpeg(3)), new Shot(jpeg(40), jpeg(4))]);
  const begun = await beginForm(lump, null, hours(1));
  expect(sizes(begun.files)).toEqual([30, 40]);
  expect(begun.files.every((file) => file instanceof Shot)).toBe(true);
  const { saved: other } = await record.saveObservation({ lump: lump.id, signs: {} });
  expect((await beginForm(lump, other.id, NOW)).files).toEqual([]);
});

test("a photo from the camera lies beside those that were there, and its size goes into the form once", async () => {
  await keepFiles(lump.id, null, [new Shot(jpeg(30), jpeg(3))]);
  await layFile(lump.id, null, new Shot(jpeg(50), jpeg(5), measuring));
  const begun = await beginForm(lump, null, NOW);
  expect(sizes(begun.files)).toEqual([30, 50]);
  expect(begun.form.size).toMatchObject({ mm: 18, method: "photo" });
  await keepFiles(lump.id, null, begun.files);
  expect((await beginForm(lump, null, NOW)).form.size.mm).toBeNull();
});

test("photos that were left for more than a day are offered with the form, and go when it is begun anew", async () => {
  await keepFiles(lump.id, null, [new Shot(jpeg(30), jpeg(3))]);
  const later = new Date(Date.now() + 25 * 3_600_000);
  expect((await beginForm(lump, null, later)).left).not.toBeNull();
  await dropForm(lump, null);
  expect((await beginForm(lump, null, later)).files).toEqual([]);
});

test("photos of a check that was saved or undone do not come back", async () => {
  const check = await record.saveObservation({ lump: lump.id, signs: {} });
  await keepFiles(lump.id, null, [new Shot(jpeg(30), jpeg(3))]);
  await layFile(lump.id, check.saved.id, new Shot(jpeg(40), jpeg(4)));
  const { form, files } = await beginForm(lump, null, NOW);
  await saveForm(lump, null, form, files);
  await check.undo();
  await beginForm(lump, null, NOW);
  expect(await drafts.names(`photos ${lump.id}`)).toEqual([]);
});

test("a photo lies with the form before it has been made small, and a list that came later stays", async () => {
  let read: (bytes: ArrayBuffer) => void = nothing;
  const slow = new Promise<ArrayBuffer>((resolve) => (read = resolve));
  const big = new File([jpeg(90)], "a.heic", { type: "image/heic" });
  vi.spyOn(big, "arrayBuffer").mockResolvedValueOnce(jpeg(90)).mockReturnValueOnce(slow);
  const keeping = keepFiles(lump.id, null, [new Shot(jpeg(30), jpeg(3)), big]);
  await drafts.written();
  expect(sizes((await beginForm(lump, null, NOW)).files)).toEqual([30, 90]);
  await keepFiles(lump.id, null, []);
  read(jpeg(9));
  expect(sizes((await keeping).files)).toEqual([30]);
  expect((await beginForm(lump, null, NOW)).files).toEqual([]);
});

test("what this phone can neither open nor clean is left out and counted", async () => {
  const kept = await keepFiles(lump.id, null, [new File([jpeg(9)], "a.bin"), new Shot(jpeg(30), jpeg(3))]);
  expect([sizes(kept.files), kept.unread]).toEqual([[30], 1]);
});
