import type { Answer, Answers, Sex, Side } from "../record";
import type { CareDocument, HistoryDocument, ObservationDocument } from "./document";
import { readDay, readInstant, readPartialDate, type DayNumber, type DayRange, type Instant } from "./instant";
import { median, rounded } from "./rounding";

/**
 * The document as values, observations and care oldest first, with what it leaves out filled in as Python's
 * `parse_history` does. It is not checked again here: the form was made of the catalogue, and the server checks.
 */
export interface History {
  bornOn: DayRange | null;
  sex: Sex | null;
  region: string | null;
  timeZone: string;
  person: KnownAnswers;
  lump: Lump;
  observations: readonly Observation[];
  care: readonly Care[];
}

/** Only what was answered: a missing name is "not known". */
export type KnownAnswers = Readonly<Record<string, Answer | undefined>>;

export interface Lump {
  id: string;
  site: string;
  side: Side | null;
  noticedOn: DayNumber | null;
  certainty: string | null;
  closedOn: DayNumber | null;
  closedReason: string | null;
  background: KnownAnswers;
}

export interface Observation {
  id: string;
  observedAt: Instant;
  /** The earlier of observed and received: a clock that runs ahead never hides an answer. */
  judgedAt: Instant;
  length_mm: number | null;
  width_mm: number | null;
  height_mm: number | null;
  readings_mm: readonly number[];
  uncertainty_mm: number | null;
  method: string | null;
  signs: KnownAnswers;
}

export interface Care {
  id: string;
  on: DayNumber;
  kind: string;
  reviewOn: DayNumber | null;
  confirmed: boolean;
}

export function readHistory(document: HistoryDocument): History {
  const { person, lump } = document;
  return {
    bornOn: person.birth_date ? readPartialDate(person.birth_date) : null,
    sex: person.sex ?? null,
    region: person.region ?? null,
    timeZone: person.time_zone ?? "UTC",
    person: known(person.background),
    lump: {
      id: lump.id.toLowerCase(),
      site: lump.site,
      side: lump.side ?? null,
      noticedOn: dayOrNull(lump.first_noticed_on),
      certainty: lump.first_noticed_certainty ?? null,
      closedOn: dayOrNull(lump.closed_on),
      closedReason: lump.closed_reason ?? null,
      background: known(lump.background),
    },
    observations: document.observations.map(observation).sort((a, b) => a.judgedAt - b.judgedAt),
    care: (document.care ?? []).map(care).sort((a, b) => a.on - b.on),
  };
}

function observation(raw: ObservationDocument): Observation {
  const observedAt = readInstant(raw.observed_at);
  const readings = (raw.readings_mm ?? []).map((reading) => rounded(reading, 1));
  return {
    id: raw.id.toLowerCase(),
    observedAt,
    judgedAt: raw.received_at ? Math.min(observedAt, readInstant(raw.received_at)) : observedAt,
    length_mm: tenths(raw.length_mm) ?? (readings.length > 0 ? rounded(median(readings), 1) : null),
    width_mm: tenths(raw.width_mm),
    height_mm: tenths(raw.height_mm),
    readings_mm: readings,
    uncertainty_mm: raw.uncertainty_mm ?? null,
    method: raw.method ?? null,
    signs: known(raw.signs),
  };
}

const care = (raw: CareDocument): Care => ({
  id: raw.id.toLowerCase(),
  on: readDay(raw.on),
  kind: raw.kind,
  reviewOn: dayOrNull(raw.review_on),
  confirmed: raw.confirmed ?? raw.by !== "clinician", // only a clinician's word waits to be confirmed
});

function known(answers: Answers | null | undefined): KnownAnswers {
  const given: Record<string, Answer> = {};
  for (const [name, answer] of Object.entries(answers ?? {})) {
    if (answer !== null) given[name] = typeof answer === "number" ? rounded(answer, 1) : answer;
  }
  return given;
}

const tenths = (value: number | null | undefined): number | null => (value == null ? null : rounded(value, 1));
const dayOrNull = (text: string | null | undefined): DayNumber | null => (text ? readDay(text) : null);
