import { expect, test } from "vitest";
import { dayText, instantText, monthsLater, readDay, readInstant, readPartialDate } from "./instant";

test.each([
  ["2026-09-21T19:04:00+01:00", "2026-09-21T18:04:00Z"],
  ["2026-09-21T19:04:00.5-03:30", "2026-09-21T22:34:00.500000Z"],
  ["2026-09-21 19:04Z", "2026-09-21T19:04:00Z"],
  ["2026-09-21T19:04:00.123456Z", "2026-09-21T19:04:00.123456Z"],
  ["2026-09-21T19:04:00,1234567+0100", "2026-09-21T18:04:00.123456Z"],
  ["2026-09-21T19:04:00+05", "2026-09-21T14:04:00Z"],
])("%s is %s, to the microsecond", (text, same) => {
  expect(instantText(readInstant(text))).toBe(same);
});

test.each(["", "yesterday", "2026-09-21", "2026-09-21T19:04:00"])("%j is no instant, and that is said aloud", (text) => {
  expect(() => readInstant(text)).toThrow(RangeError);
});

test("a birth date known in part is the range of days it may be", () => {
  const range = (text: string) => Object.values(readPartialDate(text)).map(dayText);
  expect(range("2024")).toEqual(["2024-01-01", "2024-12-31"]);
  expect(range("2024-02")).toEqual(["2024-02-01", "2024-02-29"]);
  expect(range("2024-02-29")).toEqual(["2024-02-29", "2024-02-29"]);
});

test("somebody born on a day that the month lacks has the birthday on the next month's first", () => {
  const later = (day: string, months: number) => dayText(monthsLater(readDay(day), months));
  expect(later("2024-02-29", 12)).toBe("2025-03-01");
  expect(later("2024-02-29", 48)).toBe("2028-02-29");
  expect(later("2024-08-31", 6)).toBe("2025-03-01");
  expect(later("2024-12-31", 2)).toBe("2025-03-01");
  expect(later("2024-11-30", 1)).toBe("2024-12-30");
});
