import type { Method, Observation } from "../../domain/record";

/** A size while it is being entered. `thing` is the comparison that was touched, `unknown` an explicit "I don't know". */
export interface Size {
  mm: number | null;
  method: Method | null;
  readings: number[];
  thing: string | null;
  unknown?: boolean;
}

export const NO_SIZE: Size = { mm: null, method: null, readings: [], thing: null };

/** What of it goes into the record. */
export const measured = (size: Size): Pick<Observation, "length_mm" | "method" | "readings_mm"> => ({
  length_mm: size.mm,
  method: size.mm === null ? null : size.method,
  readings_mm: size.readings,
});
