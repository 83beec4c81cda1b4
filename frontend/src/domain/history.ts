/** The history document of one lump (contract section 3), from what this phone holds: what the judgement reads. */
import type { Care, Lump, Observation, Person } from "./record";

export interface HistoryDocument {
  person: Person;
  lump: Lump;
  observations: (Observation & { received_at: string | null })[];
  care: readonly Care[];
}

export interface Kept {
  person: Person;
  lump: Lump;
  observations: readonly Observation[];
  care: readonly Care[];
}

/**
 * Where the phone's clock was set back meanwhile, a check may lie ahead of now. It was made, so it counts as made now:
 * a wrong clock hides nothing.
 */
export const historyOf = ({ observations, ...kept }: Kept, now: Date): HistoryDocument => ({
  ...kept,
  observations: observations.map((check) => ({
    ...check,
    received_at: Date.parse(check.observed_at) > now.getTime() ? now.toISOString() : null,
  })),
});
