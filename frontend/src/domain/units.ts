import { catalogue } from "./catalogue";
import { numberFormat } from "./formats";

/** Lengths are stored in millimetres with at most one decimal; the unit is only a way of showing and typing them. */

export type Unit = "mm" | "cm" | "in";

const MM_PER: Record<Unit, number> = { mm: 1, cm: 10, in: 25.4 };
/** Decimals worth showing: finer would pretend to a precision that a ruler does not have. */
const DECIMALS: Record<Unit, number> = { mm: 0, cm: 1, in: 2 };

/** Three quarters of an inch are 19.05 mm, which binary fractions make a hair less: that hair must not round it down. */
export const roundToTenth = (mm: number): number => Math.round(Number((mm * 10).toPrecision(12))) / 10;

export const toMm = (value: number, unit: Unit): number => roundToTenth(value * MM_PER[unit]);

export const fromMm = (mm: number, unit: Unit): number => mm / MM_PER[unit];

/** The number alone, for places where the unit is set smaller beside it. Tenths of a millimetre show when they are there. */
export function lengthNumber(mm: number, unit: Unit, locale = "en"): string {
  const tenth = unit === "mm" && roundToTenth(mm) % 1 !== 0 ? 1 : 0;
  return numberFormat(locale, { maximumFractionDigits: DECIMALS[unit] + tenth }).format(fromMm(mm, unit));
}

export const formatLength = (mm: number, unit: Unit, locale = "en"): string =>
  `${lengthNumber(mm, unit, locale)}\u00a0${unit}`;

/** Reads what a person typed ("1,5", " 15 "); `null` when it is no number or no size that a lump can have. */
export function parseLength(text: string, unit: Unit): number | null {
  const cleaned = text.trim().replace(",", ".");
  if (!/^\d+(\.\d+)?$|^\.\d+$/.test(cleaned)) return null;
  const mm = toMm(Number(cleaned), unit);
  const { min, max } = catalogue.sizes["length_mm"] ?? { min: 1, max: 500 };
  return mm >= min && mm <= max ? mm : null;
}

/** The longest diameter from repeated readings at one sitting (contract section 3: their median). */
export function medianMm(readings: readonly number[]): number | null {
  if (readings.length === 0) return null;
  const sorted = [...readings].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  const upper = sorted[middle] ?? 0;
  return roundToTenth(sorted.length % 2 ? upper : ((sorted[middle - 1] ?? 0) + upper) / 2);
}
