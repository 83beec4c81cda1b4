import { LEVELS } from "../assessment";
import type { Level } from "../record";
import { book, type Value } from "./rulebook";
import { DEFAULT_REGION, messageOf, sourcesOf, titleOf, type Words } from "./words";

interface Condition {
  fact: string;
  op: string;
  value: Value | readonly Value[];
}

export interface RulebookPageRule {
  id: string;
  version: number;
  level: Level;
  family: string | null;
  criteria: string[];
  title: string;
  message: string;
  sites: string[] | null;
  not_sites: string[];
  from_months: number;
  under_months: number | null;
  sexes: string[] | null;
  all: Condition[];
  any: Condition[];
  unless: Condition[];
  sources: { title: string; url: string; section: string; accessed: string; confirmed: string }[];
}

/** The rule book for people: the shape of `/api/v1/rulebook/`. */
export interface RulebookPage {
  rulebook: string;
  language: string;
  region: string;
  reviewed_by_clinician: boolean;
  levels: readonly Level[];
  actions: Record<string, Record<Level, string>>;
  rules: RulebookPageRule[];
}

/** Every rule with its words, sources and conditions. `region`: whose numbers to call are in the messages. */
export function rulebookPage(words: Words, region: string | null): RulebookPage {
  const { said, read } = words;
  return {
    rulebook: book.digest,
    language: said.language,
    region: region ?? DEFAULT_REGION,
    reviewed_by_clinician: false,
    levels: LEVELS,
    actions: said.actions,
    rules: book.rules.map((rule) => ({
      id: rule.id,
      version: rule.version,
      level: rule.level,
      family: rule.family ?? null,
      criteria: read.rules[rule.id]?.criteria ?? [],
      title: titleOf(rule, words),
      message: messageOf(rule, words, region),
      sites: rule.sites ? [...rule.sites].sort() : null,
      not_sites: [...(rule.not_sites ?? [])].sort(),
      from_months: rule.from_months ?? 0,
      under_months: rule.under_months ?? null,
      sexes: rule.sexes ? [...rule.sexes].sort() : null,
      all: conditions(rule.all),
      any: conditions(rule.any),
      unless: conditions(rule.unless),
      sources: sourcesOf(rule, words).map(([title, url, section, accessed, confirmed]) => ({
        title,
        url,
        section,
        accessed,
        confirmed,
      })),
    })),
  };
}

const conditions = (numbers: readonly number[] = []): Condition[] =>
  numbers.flatMap((number) => {
    const found = book.conditions[number];
    return found ? [{ fact: found[0], op: found[1], value: found[2] }] : [];
  });
