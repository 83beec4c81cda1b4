import { expect, test } from "vitest";
import { byUrgency, LEVELS, mostUrgent } from "./assessment";

test("levels sort most urgent first", () => {
  expect([...LEVELS].reverse().sort(byUrgency)).toEqual([...LEVELS]);
});

test("the most urgent of some is the level, and of none it is watch", () => {
  expect(mostUrgent(["routine", "same_day", "this_week"])).toBe("same_day");
  expect(mostUrgent([])).toBe("watch");
});
