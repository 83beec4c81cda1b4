import type { Answers, CareKind, Certainty, ClosedReason, Id, Method, Sex, Side } from "../record";

/**
 * The history document as it is judged on the phone: one lump and everything logged about it, from what this phone holds.
 * Ids are needed; what an assessment does not read (names, photos, notes) may be there and is not looked at.
 */
export interface HistoryDocument {
  person: {
    birth_date?: string | null;
    sex?: Sex | null;
    region?: string | null;
    time_zone?: string | null;
    background?: Answers | null;
  };
  lump: {
    id: Id;
    site: string;
    side?: Side | null;
    first_noticed_on?: string | null;
    first_noticed_certainty?: Certainty | null;
    closed_on?: string | null;
    closed_reason?: ClosedReason | null;
    background?: Answers | null;
  };
  observations: readonly ObservationDocument[];
  care?: readonly CareDocument[] | null;
}

export interface ObservationDocument {
  id: Id;
  observed_at: string;
  received_at?: string | null;
  length_mm?: number | null;
  width_mm?: number | null;
  height_mm?: number | null;
  readings_mm?: readonly number[] | null;
  uncertainty_mm?: number | null;
  method?: Method | null;
  signs?: Answers | null;
}

export interface CareDocument {
  id: Id;
  on: string;
  kind: CareKind;
  review_on?: string | null;
  by?: "person" | "app" | "clinician" | null;
  confirmed?: boolean | null;
}
