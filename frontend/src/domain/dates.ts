/** Days are calendar days where the phone is, written YYYY-MM-DD; moments are ISO 8601 with the phone's offset. */

export type Day = string;

const two = (n: number): string => String(n).padStart(2, "0");

export const dayOf = (moment: Date): Day =>
  `${String(moment.getFullYear()).padStart(4, "0")}-${two(moment.getMonth() + 1)}-${two(moment.getDate())}`;

/** The calendar day where somebody lives. Without a zone, or with one this browser does not know, it is that of UTC. */
export function dayIn(timeZone: string | null, moment: Date): Day {
  try {
    const parts = new Intl.DateTimeFormat("en-US", { timeZone: timeZone ?? "UTC", calendar: "gregory", numberingSystem: "latn", year: "numeric", month: "2-digit", day: "2-digit" });
    const part = new Map(parts.formatToParts(moment).map(({ type, value }) => [type, value]));
    return [part.get("year"), part.get("month"), part.get("day")].join("-");
  } catch {
    return moment.toISOString().slice(0, 10);
  }
}

/** Noon of that day: far from both midnights, so that a clock change never moves it to a neighbour. */
export function noonOf(day: Day): Date {
  const [year = 1970, month = 1, date = 1] = day.split("-").map(Number);
  return new Date(year, month - 1, date, 12);
}

export function addDays(day: Day, days: number): Day {
  const moment = noonOf(day);
  moment.setDate(moment.getDate() + days);
  return dayOf(moment);
}

const MS_A_DAY = 86_400_000;
const serial = (day: Day): number => {
  const [year = 1970, month = 1, date = 1] = day.split("-").map(Number);
  return Date.UTC(year, month - 1, date) / MS_A_DAY;
};

export const daysBetween = (from: Day, to: Day): number => serial(to) - serial(from);

/** "2026-09-21T19:04:00+01:00": what the person's own clock said, and what it meant. */
export function isoWithOffset(moment: Date): string {
  const offset = -moment.getTimezoneOffset();
  const [sign, minutes] = [offset < 0 ? "-" : "+", Math.abs(offset)];
  const time = `${two(moment.getHours())}:${two(moment.getMinutes())}:${two(moment.getSeconds())}`;
  return `${dayOf(moment)}T${time}${sign}${two(Math.floor(minutes / 60))}:${two(minutes % 60)}`;
}

/** The four chips of "When did you first notice it?" as a date with how sure it is. */
export type NoticedChip = "today" | "this_week" | "this_month" | "longer";
export function noticedOn(chip: NoticedChip, today: Day): { on: Day; certainty: "exact" | "about" } {
  if (chip === "today") return { on: today, certainty: "exact" };
  return { on: addDays(today, { this_week: -4, this_month: -17, longer: -60 }[chip]), certainty: "about" };
}

/** Whole years at `today` as a range, because a birth date may be known to the year only. */
export function ageRange(birthDate: string | null, today: Day): { least: number; most: number } | null {
  if (birthDate === null || !/^\d{4}(-\d\d){0,2}$/.test(birthDate)) return null;
  const [year, month, day] = birthDate.split("-");
  const years = (m: string, d: string): number => {
    const passed = today.slice(5) >= `${m}-${d}`;
    return Number(today.slice(0, 4)) - Number(year) - (passed ? 0 : 1);
  };
  return { least: years(month ?? "12", day ?? "31"), most: years(month ?? "01", day ?? "01") };
}

export function deviceTimeZone(): string {
  return Intl.DateTimeFormat().resolvedOptions().timeZone || "UTC";
}
