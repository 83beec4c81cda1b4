import { expect, test } from "vitest";
import { DAY, dayText, instantText, readDay, readInstant } from "./instant";
import { zoneNamed } from "./zone";

const dayIn = (zone: string, instant: string): string => dayText(zoneNamed(zone).dayOf(readInstant(instant)));
const startIn = (zone: string, day: string): string => instantText(zoneNamed(zone).startOf(readDay(day)));

test("a day is the one on the person's own calendar", () => {
  expect(dayIn("Europe/London", "2026-06-15T23:30:00Z")).toBe("2026-06-16");
  expect(dayIn("America/New_York", "2026-06-15T03:30:00Z")).toBe("2026-06-14");
  expect(dayIn("Pacific/Kiritimati", "2026-06-15T12:00:00Z")).toBe("2026-06-16");
  expect(dayIn("UTC", "1969-12-31T23:59:59.999999Z")).toBe("1969-12-31");
});

test("the day of an instant is right to the minute on the day the clock changes", () => {
  expect(dayIn("America/New_York", "2026-11-02T04:59:59Z")).toBe("2026-11-01");
  expect(dayIn("America/New_York", "2026-11-02T05:00:00Z")).toBe("2026-11-02");
  expect(dayIn("Australia/Lord_Howe", "2026-10-03T13:29:59Z")).toBe("2026-10-03");
  expect(dayIn("Australia/Lord_Howe", "2026-10-03T13:30:00Z")).toBe("2026-10-04");
});

test("a day begins with the offset that holds at its midnight, not at its noon", () => {
  expect(startIn("Europe/London", "2026-03-29")).toBe("2026-03-29T00:00:00Z");
  expect(startIn("Europe/London", "2026-03-30")).toBe("2026-03-29T23:00:00Z");
  expect(startIn("Europe/London", "2026-10-25")).toBe("2026-10-24T23:00:00Z");
});

test("where the clock leaps over midnight the day begins at the leap", () => {
  expect(startIn("America/Havana", "2022-03-13")).toBe("2022-03-13T05:00:00Z");
  expect(startIn("Asia/Beirut", "2022-03-27")).toBe("2022-03-26T22:00:00Z");
});

test("where the clock shows midnight twice the day begins at the first", () => {
  expect(startIn("America/Havana", "2022-11-06")).toBe("2022-11-06T04:00:00Z");
  expect(startIn("Atlantic/Azores", "2022-10-30")).toBe("2022-10-30T00:00:00Z");
});

test("a day that a country left out begins where the days before it end", () => {
  expect(startIn("Pacific/Apia", "2011-12-30")).toBe("2011-12-30T10:00:00Z");
  expect(startIn("Pacific/Apia", "2011-12-31")).toBe("2011-12-30T10:00:00Z");
});

test("every day of a year begins on that day and after the one before", () => {
  const zone = zoneNamed("America/Santiago");
  const first = readDay("2022-01-01");
  for (let day = first; day < first + 365; day += 1) {
    expect(zone.dayOf(zone.startOf(day))).toBe(day);
    expect(zone.startOf(day) - zone.startOf(day - 1)).toBeLessThanOrEqual(DAY + DAY / 24);
  }
});

test("a zone that this browser does not know reads as UTC", () => {
  expect(dayIn("Mars/Olympus_Mons", "2026-06-15T23:30:00Z")).toBe("2026-06-15");
});
