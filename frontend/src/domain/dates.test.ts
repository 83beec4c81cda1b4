import { expect, test } from "vitest";
import { addDays, ageRange, dayIn, dayOf, daysBetween, isoWithOffset, noonOf, noticedOn } from "./dates";

test("a day later is a day later on both days that the clock changes", () => {
  expect(addDays("2026-03-28", 1)).toBe("2026-03-29");
  expect(addDays("2026-03-29", 1)).toBe("2026-03-30");
  expect(addDays("2026-10-25", 1)).toBe("2026-10-26");
  expect(addDays("2026-03-01", -1)).toBe("2026-02-28");
});

test("days between two days do not depend on the hours they had", () => {
  expect(daysBetween("2026-03-28", "2026-03-30")).toBe(2);
  expect(daysBetween("2026-10-26", "2026-10-24")).toBe(-2);
});

test("a moment is written with the offset of the clock on the wall, and is the same moment", () => {
  const moment = new Date(2026, 8, 21, 19, 4, 5);
  const text = isoWithOffset(moment);
  expect(text).toMatch(/^2026-09-21T19:04:05[+-]\d\d:\d\d$/);
  expect(new Date(text).getTime()).toBe(moment.getTime());
});

test("a day survives the way to a moment and back", () => {
  expect(dayOf(noonOf("2026-12-31"))).toBe("2026-12-31");
});

test("a chip says a day and that it is about then", () => {
  expect(noticedOn("today", "2026-11-22")).toEqual({ on: "2026-11-22", certainty: "exact" });
  expect(noticedOn("longer", "2026-11-22")).toEqual({ on: "2026-09-23", certainty: "about" });
});

test("an age from a year alone is a range of two years", () => {
  expect(ageRange("2008", "2026-11-22")).toEqual({ least: 17, most: 18 });
  expect(ageRange("2008-11-22", "2026-11-22")).toEqual({ least: 18, most: 18 });
  expect(ageRange("2008-11-23", "2026-11-22")).toEqual({ least: 17, most: 17 });
  expect(ageRange(null, "2026-11-22")).toBeNull();
});

test("the day where somebody lives is theirs, and that of UTC where nobody knows their zone", () => {
  const moment = new Date("2026-11-07T23:30:00Z");
  expect(dayIn("Pacific/Auckland", moment)).toBe("2026-11-08");
  expect(dayIn("America/New_York", new Date("2026-01-01T02:00:00Z"))).toBe("2025-12-31");
  expect(dayIn(null, moment)).toBe("2026-11-07");
  expect(dayIn("Nowhere/Known", moment)).toBe("2026-11-07");
});
