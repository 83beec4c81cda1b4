/**
 * Instants are microseconds since 1970 in UTC: the server keeps that many digits, and a moment cut to milliseconds would
 * be another moment. A day is its number since 1970-01-01; what day an instant falls on is for a `Zone` to say.
 */
export type Instant = number;
export type DayNumber = number;

export const MILLISECOND = 1000;
export const SECOND = 1_000_000;
export const HOUR = 3600 * SECOND;
export const DAY = 24 * HOUR;

const INSTANT =
  /^(\d{4})-(\d\d)-(\d\d)[T ](\d\d):(\d\d)(?::(\d\d)(?:[.,](\d{1,6})\d*)?)?(?:Z|([+-])(\d\d)(?::?(\d\d)(?::?(\d\d))?)?)$/;

/** ISO 8601 with an offset. Throws where it is none: a moment that nobody can read is not passed over in silence. */
export function readInstant(text: string): Instant {
  const match = INSTANT.exec(text);
  if (!match) throw new RangeError(`not an instant: ${text}`);
  const part = (index: number): number => Number(match[index] ?? 0);
  const wall = Date.UTC(part(1), part(2) - 1, part(3), part(4), part(5), part(6)) * MILLISECOND;
  const fraction = Number((match[7] ?? "").padEnd(6, "0"));
  const offset = (part(9) * 3600 + part(10) * 60 + part(11)) * SECOND;
  return wall + fraction - (match[8] === "-" ? -offset : offset);
}

/** In UTC with a Z; a fraction of a second only where there is one, then to the microsecond. */
export function instantText(instant: Instant): string {
  const seconds = Math.floor(instant / SECOND);
  const fraction = instant - seconds * SECOND;
  const text = new Date(seconds * 1000).toISOString().slice(0, 19);
  return fraction === 0 ? `${text}Z` : `${text}.${String(fraction).padStart(6, "0")}Z`;
}

export const dayNumber = (year: number, month: number, day: number): DayNumber =>
  Date.UTC(year, month - 1, day) / 86_400_000;

/** YYYY-MM-DD. */
export function readDay(text: string): DayNumber {
  const [year = NaN, month = NaN, day = NaN] = text.split("-").map(Number);
  const number = dayNumber(year, month, day);
  if (Number.isNaN(number)) throw new RangeError(`not a day: ${text}`);
  return number;
}

export const dayText = (day: DayNumber): string => new Date(day * 86_400_000).toISOString().slice(0, 10);

/** A birth date known to the year, the month or the day: the range of days it may be. */
export interface DayRange {
  earliest: DayNumber;
  latest: DayNumber;
}

export function readPartialDate(text: string): DayRange {
  const [year = NaN, month, day] = text.split("-").map(Number);
  if (day !== undefined) return { earliest: readDay(text), latest: readDay(text) };
  const first = month ?? 1;
  return { earliest: dayNumber(year, first, 1), latest: dayNumber(year, (month ?? 12) + 1, 1) - 1 };
}

/** The day somebody born on `day` is that many months old; where the month lacks the day, the next month's first. */
export function monthsLater(day: DayNumber, months: number): DayNumber {
  const born = new Date(day * 86_400_000);
  const month = born.getUTCMonth() + months;
  const last = dayNumber(born.getUTCFullYear(), month + 2, 1) - 1;
  return Math.min(dayNumber(born.getUTCFullYear(), month + 1, born.getUTCDate()), last + 1);
}

/** How many whole months somebody born on `day` is old: the most that `monthsLater` has not yet to come. */
export function wholeMonths(day: DayNumber, today: DayNumber): number {
  const [born, now] = [new Date(day * 86_400_000), new Date(today * 86_400_000)];
  const months = (now.getUTCFullYear() - born.getUTCFullYear()) * 12 + now.getUTCMonth() - born.getUTCMonth();
  return monthsLater(day, months) <= today ? months : months - 1;
}

/** The earlier of two, where null is never. */
export const firstInstant = (left: Instant | null, right: Instant | null): Instant | null =>
  left === null ? right : right === null ? left : Math.min(left, right);
