import { expect, test } from "vitest";
import { LEVELS, urgency } from "./assessment";

test("an emergency is the most urgent and watching the least", () => {
  expect([...LEVELS].sort((a, b) => urgency(a) - urgency(b))).toEqual([...LEVELS].reverse());
});
