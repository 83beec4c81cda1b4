import { beforeEach, expect, test } from "vitest";
import { ApiError } from "../api/problem";
import { newId } from "../domain/ids";
import { openDatabase, type Database, type Errand, type Picture } from "./db";
import { FakeServer } from "./fake-server";
import { write } from "./outbox";
import { retryErrand, retryPicture, sendErrands, sendPictures } from "./pictures";
import { exchange } from "./sync";

let phone: Database;
let uploads: { id: string; form: FormData }[];
const failing = (status: number, code: string) => async () => {
  throw new ApiError({ status, code, message: "", fields: {}, retry_after: null });
};
const taking = { putPhoto: async (id: string, form: FormData) => uploads.push({ id, form }) };

const picture: Picture = {
  id: "photo-1",
  observation: "check-1",
  taken_at: "2026-09-21T19:04:00+01:00",
  type: "image/jpeg",
  bytes: new Uint8Array([1, 2, 3]).buffer,
  thumb: new Uint8Array([1]).buffer,
  sha256: "ab",
  state: "waiting",
  problem: null,
};

async function log(): Promise<void> {
  const { id, observation, taken_at, sha256 } = picture;
  const entry = { type: "observation" as const, id: observation, fields: { lump: "l" } };
  await write(phone, [entry, { type: "photo", id, fields: { observation, taken_at, sha256 } }], [picture]);
}

beforeEach(async () => {
  phone = await openDatabase(newId());
  uploads = [];
});

test("a picture waits until the entry that it belongs to has arrived", async () => {
  await log();
  expect(await sendPictures(phone, taking)).toBe(0);
  await exchange(phone, new FakeServer());
  expect(await sendPictures(phone, taking)).toBe(1);
  expect(uploads[0]?.form.get("observation")).toBe("check-1");
});

test("the bytes leave the phone once the server has them, the thumbnail stays", async () => {
  await log();
  await exchange(phone, new FakeServer());
  await sendPictures(phone, taking);
  expect(await phone.get("pictures", "photo-1")).toMatchObject({ bytes: null, thumb: picture.thumb, state: "sent" });
  expect(await sendPictures(phone, taking)).toBe(0);
});

test("a lost line leaves the picture waiting", async () => {
  await log();
  await exchange(phone, new FakeServer());
  await expect(sendPictures(phone, { putPhoto: failing(0, "no_answer") })).rejects.toMatchObject({ status: 0 });
  expect((await phone.get("pictures", "photo-1"))?.state).toBe("waiting");
});

test("a refused picture stays with its reason and can be tried again", async () => {
  await log();
  await exchange(phone, new FakeServer());
  await sendPictures(phone, { putPhoto: failing(415, "unsupported_image") });
  expect(await phone.get("pictures", "photo-1")).toMatchObject({ state: "refused", problem: { code: "unsupported_image" } });
  await retryPicture(phone, "photo-1");
  expect(await sendPictures(phone, taking)).toBe(1);
});

const errand = (): Omit<Errand, "seq"> => ({
  path: "notifications/n1/acknowledge/",
  body: { answer: "booked", on: "2026-09-22" },
  lump: "l",
  problem: null,
});

test("an answer to a notification gets through when the line is back, once", async () => {
  await phone.add("errands", errand() as Errand);
  await expect(sendErrands(phone, { post: failing(0, "no_answer") })).rejects.toMatchObject({ status: 0 });
  const sent: string[] = [];
  const post = async (path: string) => sent.push(path);
  expect(await sendErrands(phone, { post })).toBe(1);
  expect(await sendErrands(phone, { post })).toBe(0);
  expect(sent).toEqual(["notifications/n1/acknowledge/"]);
});

test("an answer that is refused stays with its reason, stops no other, and can be tried again", async () => {
  await phone.add("errands", errand() as Errand);
  await phone.add("errands", { ...errand(), path: "notifications/n2/acknowledge/" } as Errand);
  const sent: string[] = [];
  const late = new ApiError({ status: 400, code: "invalid", message: "A day from today on", fields: {}, retry_after: null });
  const post = async (path: string) => (path.includes("n1") ? Promise.reject(late) : sent.push(path));
  await sendErrands(phone, { post });
  await sendErrands(phone, { post: failing(500, "never_asked_again") });
  const [kept] = await phone.getAll("errands");
  expect(kept).toMatchObject({ path: "notifications/n1/acknowledge/", problem: { code: "invalid" } });
  expect(sent).toEqual(["notifications/n2/acknowledge/"]);
  await retryErrand(phone, kept?.seq ?? 0);
  expect(await sendErrands(phone, { post: async () => undefined })).toBe(1);
});

test("an answer to what was deleted meanwhile has nothing left to say", async () => {
  await phone.add("errands", errand() as Errand);
  await sendErrands(phone, { post: failing(404, "not_found") });
  expect(await phone.count("errands")).toBe(0);
});
