import { afterEach, expect, test, vi } from "vitest";
import { answering } from "./care";

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
