import { expect, test } from "vitest";
import { withoutSameEnd } from "./message";

const messages = (...texts: string[]): string[] => withoutSameEnd(texts.map((message) => ({ message }))).map(({ message }) => message);

test("what several rules ask for in the same words is left to the heading", () => {
  expect(messages("It grows. Guidance says look. Call your GP. Ask soon.", "It is deep. Call your GP. Ask soon.")).toEqual([
    "It grows. Guidance says look.",
    "It is deep.",
  ]);
});

test("one rule alone keeps its words, and so do rules that end differently", () => {
  expect(messages("It grows. Call your GP.")).toEqual(["It grows. Call your GP."]);
  expect(messages("It grows. Call your GP.", "It is deep. Call 111.")).toEqual(["It grows. Call your GP.", "It is deep. Call 111."]);
});
