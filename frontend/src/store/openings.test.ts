// @vitest-environment happy-dom
import { expect, test, vi } from "vitest";
import { ApiError } from "../api";
import { newId } from "../domain/ids";
import { openDatabase } from "./db";
import { noteOpening, sendOpenings } from "./openings";

const EARLY = new Date("2026-11-20T19:00:00Z");
const LATE = new Date("2026-11-20T20:00:00Z");
const answer = (status: number): ApiError => new ApiError({ status, code: "", message: "", fields: {}, retry_after: null });

test("of each address only the last time is said, and said once", async () => {
  const db = await openDatabase(newId());
  await noteOpening(db, "open", EARLY);
  await noteOpening(db, "open", LATE);
  await noteOpening(db, "due", EARLY);
  const post = vi.fn().mockResolvedValue(undefined);
  await sendOpenings(db, { post });
  await sendOpenings(db, { post });
  expect(post.mock.calls).toEqual([
    ["notifications/opened/", { at: EARLY.toISOString(), address: "due" }],
    ["notifications/opened/", { at: LATE.toISOString(), address: "open" }],
  ]);
});

test.each([
  [400, 1],
  [404, 1],
  [0, 2],
  [401, 2],
  [429, 2],
  [503, 2],
])("an answer of %i lets it be asked %i times, and stops nothing else", async (status, times) => {
  const db = await openDatabase(newId());
  await noteOpening(db, "due", EARLY);
  const post = vi.fn().mockRejectedValue(answer(status));
  await sendOpenings(db, { post });
  await sendOpenings(db, { post });
  expect(post).toHaveBeenCalledTimes(times);
});

test("who comes in again while it is said is heard again", async () => {
  const db = await openDatabase(newId());
  await noteOpening(db, "due", EARLY);
  const post = vi.fn().mockImplementationOnce(() => noteOpening(db, "due", LATE)).mockResolvedValue(undefined);
  await sendOpenings(db, { post });
  await sendOpenings(db, { post });
  expect(post.mock.calls.map((call) => (call as [string, { at: string }])[1].at)).toEqual([EARLY, LATE].map((at) => at.toISOString()));
});
