import type { Method, Observation } from "../../domain/record";
import { sizeIn, type MeasuredSize } from "../../photo/shot";

/** A size while it is being entered. `thing` is the comparison that was touched, `unknown` an explicit "I don't know". */
export interface Size {
  mm: number | null;
  method: Method | null;
  readings: number[];
  thing: string | null;
  unknown?: boolean;
  /** What was measured in a photo, for as long as nobody types another number. */
  photo?: MeasuredSize;
}

export const NO_SIZE: Size = { mm: null, method: null, readings: [], thing: null };

/** What of it goes into the record. */
export const measured = (size: Size): Partial<Observation> => ({
  length_mm: size.mm,
  method: size.mm === null ? null : size.method,
  readings_mm: size.readings,
  ...(size.photo ? { width_mm: size.photo.width_mm, uncertainty_mm: size.photo.uncertainty_mm } : {}),
});

/** The size that the pictures on their way into a check were measured to; `null` where none was. */
export function sizeFrom(files: readonly Blob[]): Size | null {
  const photo = sizeIn(files);
  return photo && { mm: photo.length_mm, method: "photo", readings: photo.readings_mm, thing: null, photo };
}
