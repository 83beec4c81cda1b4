import { expect, test } from "vitest";
import { fresh } from "../../domain/fields";
import { isJustChecked } from "./readings";

const check = fresh("observation", "o", { lump: "l", observed_at: "2026-11-03T09:00:00Z" });

test("right after a check nothing is asked again, later on the same day it is", () => {
  expect(isJustChecked(check, Date.parse("2026-11-03T09:05:00Z"))).toBe(true);
  expect(isJustChecked(check, Date.parse("2026-11-03T17:00:00Z"))).toBe(false);
  expect(isJustChecked(null, Date.parse("2026-11-03T17:00:00Z"))).toBe(false);
});
