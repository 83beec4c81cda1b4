import { catalogue } from "../catalogue";
import { deviceTimeZone } from "../dates";
import type { HistoryDocument } from "./document";
import { DAY, instantText, MILLISECOND } from "./instant";
import { judge } from "./judge";
import type { Words } from "./words";

const TIMES = 6;
const CHECKS = 60;
const AT = new Date((CHECKS * 7 * DAY) / MILLISECOND);

/**
 * Judges nobody a few times. A browser pays for its time zones and for code that has hardly run; it pays here, in small
 * pieces while a form is filled in, and not at Save.
 */
export async function warmUp(words: Words): Promise<void> {
  const nobody = grownForAYear();
  for (let time = 0; time < TIMES; time += 1) {
    await new Promise((resolve) => setTimeout(resolve));
    judge(nobody, AT, words);
  }
}

/** A lump that asks for most of what there is: a year of checks with every answer no, a visit, growth. */
function grownForAYear(): HistoryDocument {
  const flags = Object.entries(catalogue.signs).filter(([, field]) => field.kind === "flag");
  const signs = Object.fromEntries(flags.map(([name]) => [name, false]));
  const observations = Array.from({ length: CHECKS }, (_, week) => ({
    id: `${week}`,
    observed_at: instantText(week * 7 * DAY),
    length_mm: 10 + (week % 3) + week / 4,
    signs: week % 4 === 0 ? signs : {},
  }));
  return {
    person: { birth_date: "1930", time_zone: deviceTimeZone() },
    lump: { id: "nobody", site: "other" },
    observations,
    care: [{ id: "visit", on: "1970-03-01", kind: "seen" }],
  };
}
