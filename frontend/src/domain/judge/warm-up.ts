import { catalogue, type Field } from "../catalogue";
import { deviceTimeZone } from "../dates";
import type { Answer } from "../record";
import type { HistoryDocument } from "./document";
import { DAY, instantText, MILLISECOND } from "./instant";
import { judge } from "./judge";
import type { Words } from "./words";

const CHECKS = 60;
const AT = new Date((CHECKS * 7 * DAY) / MILLISECOND);
/** Between two pieces whoever fills in the form comes first. */
const PAUSE_MS = 20;
/** So many checks are judged in each piece. The first, in which most of the code runs for the first time, have the fewest. */
const PIECES = [1, 4, 12, 24, 36, 48, ...Array<number>(12).fill(CHECKS)];

/**
 * Judges nobody a few times. A browser pays for its time zones and for code that has hardly run; it pays here, in small
 * pieces while a form is filled in, and not at Save.
 */
export async function warmUp(words: Words): Promise<void> {
  const made = grownForAYear();
  const read = JSON.parse(JSON.stringify(made)) as HistoryDocument; // a browser keeps what was read otherwise than what was made
  for (const [turn, checks] of PIECES.entries()) {
    await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
    const nobody = turn % 2 === 0 ? read : made;
    judge({ ...nobody, observations: nobody.observations.slice(0, checks) }, AT, words);
  }
}

/** A lump that asks for most of what there is, of the very shape of the record: a year of checks, a visit, growth. */
function grownForAYear(): HistoryDocument {
  const signs = Object.fromEntries(Object.entries(catalogue.signs).flatMap(([name, field]) => answerTo(field, name)));
  const observations = Array.from({ length: CHECKS }, (_, week) => ({
    id: `${week}`,
    observed_at: instantText(week * 7 * DAY),
    received_at: null,
    length_mm: 10 + (week % 3) + week / 4,
    width_mm: 9 + (week % 2),
    height_mm: null,
    readings_mm: [10, 11],
    uncertainty_mm: null,
    method: "ruler" as const,
    signs: week % 4 === 0 ? signs : {},
  }));
  return {
    person: { birth_date: "1930", sex: "female", region: null, time_zone: deviceTimeZone(), background: { diabetes: false } },
    lump: { id: "nobody", site: "other", side: "left", first_noticed_on: "1970-01-01", first_noticed_certainty: "about", closed_on: null, closed_reason: null, background: {} },
    observations,
    care: [{ id: "visit", on: "1970-03-01", kind: "seen" }],
  };
}

/** No, the least of a scale, the first choice: what asks for nothing. */
function answerTo({ kind, choices, min }: Field, name: string): [string, Answer][] {
  if (kind === "flag") return [[name, false]];
  if (kind === "scale") return [[name, min ?? 0]];
  const [choice] = kind === "choice" ? Object.keys(choices ?? {}) : [];
  return choice === undefined ? [] : [[name, choice]];
}
