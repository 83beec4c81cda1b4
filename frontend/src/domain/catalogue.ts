import tables from "virtual:fields";
import { ageRange, type Day } from "./dates";
import type { Answer, Lump, Person } from "./record";

/** Every recordable field, from the one file the server reads too; the build turns it into data (build/texts.ts). */
export interface Field {
  kind: "flag" | "number" | "scale" | "choice" | "text" | "date";
  group: string;
  label: string;
  question: string;
  unit?: string;
  min?: number;
  max?: number;
  decimals?: number;
  choices?: Record<string, string>;
  sites?: string[];
  alarming?: Answer[];
  alarming_from?: number;
  reassuring?: Answer;
  stands: "until_changed" | "span";
  span_hours?: number;
}

export interface Group {
  label: string;
  ask: "any" | "each";
  scope: "signs" | "lump" | "person";
  sites?: string[];
  causes?: string[];
  kinds?: string[];
  sexes?: string[];
  under_age_years?: number;
}

export interface Site {
  label: string;
  area: string;
  views: ("front" | "back")[];
  intimate?: "always" | "unless_male";
}

export interface Comparison {
  label: string;
  mm: number;
  low_mm: number;
  high_mm: number;
}

type Labels = Record<string, string>;

interface Catalogue {
  groups: Record<string, Group>;
  signs: Record<string, Field>;
  lump_background: Record<string, Field>;
  person_background: Record<string, Field>;
  sizes: Record<string, { label: string; question: string; min: number; max: number }>;
  sites: Record<string, Site>;
  areas: Labels;
  sides: Labels;
  certainties: Labels;
  sexes: Labels;
  methods: Labels;
  care_kinds: Labels;
  closed_reasons: Labels;
  colours: Labels;
  comparisons: Record<string, Comparison>;
}

export const catalogue = tables as Catalogue; // the server's system check proves the file at its start

/** Words as nested as the catalogue's own tables. */
interface Wording {
  readonly [name: string]: string | Wording;
}

/** Writes the labels and questions of a language into the catalogue. */
export function label(words: Wording, into: object = catalogue): void {
  const rows = into as Record<string, unknown>; // tables of tables; the build took the words out of this very file
  for (const [name, said] of Object.entries(words)) {
    if (typeof said === "string") rows[name] = said;
    else if (typeof rows[name] === "object" && rows[name] !== null) label(said, rows[name]);
  }
}

export const siteLabel = (site: string): string => catalogue.sites[site]?.label ?? site;

const SCOPES = { signs: "signs", lump: "lump_background", person: "person_background" } as const;

export interface Ask {
  name: string;
  group: Group;
  fields: { name: string; field: Field }[];
}

const fits = <T>(allowed: readonly T[] | undefined, value: T | null | undefined): boolean =>
  allowed === undefined || value === null || value === undefined || allowed.includes(value);

function isAskedOf(group: Group, lump: Pick<Lump, "site" | "background">, person: Person | null, today: Day): boolean {
  const age = ageRange(person?.birth_date ?? null, today);
  return (
    fits(group.sites, lump.site) &&
    fits(group.causes, lump.background["cause"] as string | undefined) &&
    fits(group.kinds, lump.background["kind"] as string | undefined) &&
    fits(group.sexes, person?.sex) &&
    (group.under_age_years === undefined || age === null || age.least < group.under_age_years)
  );
}

/** The screens of questions for this lump, in the catalogue's order. An unknown condition asks rather than hides. */
export function questionsFor(
  scope: Group["scope"],
  lump: Pick<Lump, "site" | "background">,
  person: Person | null,
  today: Day,
): Ask[] {
  const fields = Object.entries(catalogue[SCOPES[scope]]);
  return Object.entries(catalogue.groups)
    .filter(([, group]) => group.scope === scope && isAskedOf(group, lump, person, today))
    .map(([name, group]) => ({
      name,
      group,
      fields: fields
        .filter(([, field]) => field.group === name && fits(field.sites, lump.site))
        .map(([fieldName, field]) => ({ name: fieldName, field })),
    }))
    .filter((ask) => ask.fields.length > 0);
}

export function isAlarming(name: string, answer: Answer | null | undefined): boolean {
  const field = catalogue.signs[name];
  if (!field || answer === null || answer === undefined) return false;
  if (field.alarming_from !== undefined && typeof answer === "number") return answer >= field.alarming_from;
  return field.alarming?.includes(answer) ?? false;
}

/** Photos of these places are off by default and blurred (contract section 5). */
export function isIntimate(site: string, person: Pick<Person, "sex"> | null): boolean {
  const intimate = catalogue.sites[site]?.intimate;
  return intimate === "always" || (intimate === "unless_male" && person?.sex !== "male");
}

/** Whether a photo of this place may be taken: `ask_age` where only the age could say. */
export function photoAllowed(site: string, person: Person | null, today: Day): "yes" | "no" | "ask_age" {
  if (!isIntimate(site, person)) return "yes";
  const age = ageRange(person?.birth_date ?? null, today);
  if (age === null) return "ask_age";
  if (age.most < 18) return "no";
  return age.least >= 18 ? "yes" : "ask_age";
}
