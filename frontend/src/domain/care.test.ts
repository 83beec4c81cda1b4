import { afterEach, expect, test, vi } from "vitest";
import { answering, carePath, mayLieAhead } from "./care";
import { fresh } from "./fields";
import type { Care, CareKind } from "./record";

const notice = "0192f0c1-2345-7890-abcd-ef0123456789";
const withoutSubtle = (): void => {
  vi.stubGlobal("crypto", { getRandomValues: crypto.getRandomValues.bind(crypto) });
};

afterEach(() => {
  vi.unstubAllGlobals();
});

test("the answer and the entry are one event by name, however much was said", async () => {
  const named = { entry: { id: "59767e9c-eaeb-5a9c-a088-814c9f4df67b" }, answer: "seen" };
  expect(await answering(notice, "seen", false)).toEqual(named);
  expect(await answering(notice, "seen", true)).toEqual(named);
});

test("over plain http the server alone writes the entry", async () => {
  withoutSubtle();
  expect(await answering(notice, "booked", false)).toEqual({ entry: null, answer: "booked" });
});

test("over plain http what was heard is kept in an entry of its own, and none is made beside it", async () => {
  withoutSubtle();
  expect(await answering(notice, "seen", true)).toEqual({ entry: {}, answer: "read" });
});

const event = (kind: CareKind, on: string, more: Partial<Care> = {}): Care => fresh("care", on + kind, { lump: "l", kind, on, ...more });
const reached = (care: Care[]): (string | null)[] | undefined => carePath(care, "2026-11-22")?.steps.map(({ on }) => on);

test("care is followed step by step, in the order of its days", () => {
  const path = carePath([event("seen", "2026-11-05"), event("booked", "2026-11-03"), event("told", "2026-11-01")], "2026-11-22");
  expect(path).toMatchObject({ at: "seen", review_on: null });
  expect(path?.next).toContain("result");
  expect(reached([event("told", "2026-11-01"), event("booked", "2026-11-03")])).toEqual(["2026-11-01", "2026-11-03", null, null, null, null]);
});

test("a new appointment after a result begins a new round", () => {
  const care = [event("seen", "2026-11-05"), event("result", "2026-11-09"), event("booked", "2026-11-20")];
  expect(reached(care)).toEqual([null, "2026-11-20", null, null, null, null]);
});

test("an agreed next look counts until its day has passed, and what is not confirmed counts for nothing", () => {
  expect(carePath([event("seen", "2026-11-05", { review_on: "2026-12-05" })], "2026-11-22")?.review_on).toBe("2026-12-05");
  expect(carePath([event("seen", "2026-11-05", { review_on: "2026-11-20" })], "2026-11-22")?.review_on).toBeNull();
  expect(carePath([event("seen", "2026-11-05", { confirmed: false })], "2026-11-22")).toBeNull();
});

test("who is seen before the appointment that was booked has been seen", () => {
  const path = carePath([event("booked", "2026-11-29"), event("seen", "2026-11-22")], "2026-11-22");
  expect(path?.at).toBe("seen");
});

test("only appointments and tests may be entered for a day still to come", () => {
  const kinds: CareKind[] = ["told", "booked", "seen", "imaging", "biopsy", "result", "diagnosis", "treated", "removed", "discharged"];
  expect(kinds.filter(mayLieAhead)).toEqual(["booked", "imaging", "biopsy"]);
});
