/** The record as this phone holds it: the history document's shapes. `null` means "not asked or not answered". */

export type Id = string;
export type Level = "emergency" | "same_day" | "next_day" | "this_week" | "routine" | "watch";
export type Side = "left" | "right" | "midline";
/** What an account may do with a person's record: all, log, or look. */
export type Role = "owner" | "logger" | "viewer";
export type Sex = "female" | "male" | "intersex";
export type ClosedReason = "gone" | "treated" | "removed" | "not_a_lump" | "stopped";
export type Certainty = "exact" | "about" | "unknown";
export type Method = "ruler" | "caliper" | "tape" | "photo" | "comparison" | "clinician" | "ultrasound";
export type CareKind =
  | "told"
  | "booked"
  | "seen"
  | "imaging"
  | "biopsy"
  | "result"
  | "diagnosis"
  | "treated"
  | "removed"
  | "discharged";

export type Answer = boolean | number | string;
/** Only what was answered, by catalogue name; `null` returns an answer to "not asked". */
export type Answers = Record<string, Answer | null>;

export interface Pin {
  view: "front" | "back";
  x: number;
  y: number;
}

export interface Person {
  id: Id;
  name: string;
  colour: string;
  birth_date: string | null;
  sex: Sex | null;
  region: string | null;
  time_zone: string | null;
  background: Answers;
  /** This account's; missing until the server has seen the person, who is one's own then. */
  role?: Role;
}

export interface Lump {
  id: Id;
  person: Id;
  label: string;
  site: string;
  side: Side | null;
  pin: Pin | null;
  first_noticed_on: string | null;
  first_noticed_certainty: Certainty | null;
  closed_on: string | null;
  closed_reason: ClosedReason | null;
  background: Answers;
}

export interface Observation {
  id: Id;
  lump: Id;
  observed_at: string;
  length_mm: number | null;
  width_mm: number | null;
  height_mm: number | null;
  readings_mm: number[];
  uncertainty_mm: number | null;
  method: Method | null;
  signs: Answers;
  note: string;
}

export interface Photo {
  id: Id;
  observation: Id;
  taken_at: string | null;
  sha256: string | null;
  width: number | null;
  height: number | null;
  mm_per_px: number | null;
  marks: object[];
  state: "waiting" | "ready";
}

export interface Care {
  id: Id;
  lump: Id;
  on: string;
  kind: CareKind;
  outcome: string | null;
  review_on: string | null;
  by: "person" | "app" | "clinician";
  confirmed: boolean;
  note: string;
}

export interface RecordTypes {
  person: Person;
  lump: Lump;
  observation: Observation;
  photo: Photo;
  care: Care;
}
export type RecordType = keyof RecordTypes;
export const RECORD_TYPES: readonly RecordType[] = ["person", "lump", "observation", "photo", "care"];

/** What a record is before anything was said about it; a new one is this with what was said laid over. */
export const BLANK: { readonly [T in RecordType]: Omit<RecordTypes[T], "id"> } = {
  person: { name: "", colour: "teal", birth_date: null, sex: null, region: null, time_zone: null, background: {} },
  lump: {
    person: "",
    label: "",
    site: "",
    side: null,
    pin: null,
    first_noticed_on: null,
    first_noticed_certainty: null,
    closed_on: null,
    closed_reason: null,
    background: {},
  },
  observation: {
    lump: "",
    observed_at: "",
    length_mm: null,
    width_mm: null,
    height_mm: null,
    readings_mm: [],
    uncertainty_mm: null,
    method: null,
    signs: {},
    note: "",
  },
  photo: {
    observation: "",
    taken_at: null,
    sha256: null,
    width: null,
    height: null,
    mm_per_px: null,
    marks: [],
    state: "waiting",
  },
  care: {
    lump: "",
    on: "",
    kind: "told",
    outcome: null,
    review_on: null,
    by: "person",
    confirmed: true,
    note: "",
  },
};
