import { createHash } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { basename, join } from "node:path";
import { parse } from "smol-toml";
import type { Plugin } from "vite";

/**
 * The rule files as data for the phone, split by what is needed when: `virtual:rulebook` holds what decides (conditions,
 * levels, ages), `virtual:rule-words-LANGUAGE` what is said (titles, messages, regions) and `virtual:rule-sources` after
 * which sources. `virtual:rule-words` knows the languages there are. The server's start proves the files; see triage/.
 */

type Condition = { fact: string; op: string; value: unknown };
type RuleFile = Record<string, unknown> & {
  version: number;
  level: string;
  criteria: string[];
  title: string;
  message: string;
  sources: Record<"title" | "url" | "section" | "accessed" | "confirmed", string>[];
};
type Words = Record<string, Record<string, string>>;
type Translation = {
  rules?: Record<string, { title?: string; message?: string }>;
  regions?: Record<string, Record<string, string>>;
};

const FOLDER = join(import.meta.dirname, "../..");
const RULES = join(FOLDER, "triage/rules");
const REGIONS = join(FOLDER, "triage/regions.toml");
const TEXTS = join(FOLDER, "tracking/texts");
const ENGLISH = "en";

const tomlIn = (folder: string): string[] => readdirSync(folder).filter((name) => name.endsWith(".toml")).sort();
const parsed = new Map<string, { text: string; table: unknown }>();

/** A file's table; the four modules read the same files, and parsing them is what takes the time. */
function read(path: string): unknown {
  const text = readFileSync(path, "utf8");
  const known = parsed.get(path);
  if (known?.text === text) return known.table;
  const table = parse(text);
  parsed.set(path, { text, table });
  return table;
}

/** The same digest as Python's `read_rulebook` makes: of names and bytes, in the order of the names. */
function digest(paths: string[]): string {
  const hash = createHash("sha256");
  for (const path of paths) hash.update(basename(path)).update("\0").update(readFileSync(path)).update("\0");
  return `sha256:${hash.digest("hex")}`;
}

const ruleFiles = (): [string, RuleFile][] =>
  tomlIn(RULES).map((name) => [basename(name, ".toml"), read(join(RULES, name)) as RuleFile]);

/** Months of `3 months`, `25 years`. */
function months(age: string | undefined): number | undefined {
  if (age === undefined) return undefined;
  const [, count, unit] = /^(\d+) (month|year)s?$/.exec(age) ?? [];
  if (count === undefined) throw new Error(`not an age: ${age}`);
  return Number(count) * (unit === "year" ? 12 : 1);
}

/** Each distinct thing once, by number. */
class Numbered<T> {
  readonly list: T[] = [];
  private readonly known = new Map<string, number>();

  of(thing: T): number {
    const key = JSON.stringify(thing);
    const number = this.known.get(key) ?? this.list.push(thing) - 1;
    this.known.set(key, number);
    return number;
  }
}

/** Conditions are shared between rules, and answered once each: hence by number. */
function conditionsModule(): unknown {
  const conditions = new Numbered<[string, string, unknown]>();
  const numbers = (rows: unknown): number[] | undefined =>
    (rows as Condition[] | undefined)?.map(({ fact, op, value }) => conditions.of([fact, op, value]));
  const rules = ruleFiles().map(([id, file]) => {
    const ages = (file["ages"] ?? {}) as { from?: string; under?: string };
    return {
      id,
      version: file.version,
      level: file.level,
      family: file["family"],
      sites: file["sites"],
      not_sites: file["not_sites"],
      from_months: months(ages.from),
      under_months: months(ages.under),
      sexes: file["sexes"],
      all: numbers(file["all"]),
      any: numbers(file["any"]),
      unless: numbers(file["unless"]),
    };
  });
  const files = tomlIn(RULES).map((name) => join(RULES, name));
  return { digest: digest([...files, REGIONS]), conditions: conditions.list, rules };
}

/** Most sources stand behind several rules, hence by number too. Criteria go with them: both are read on the rules page. */
function sourcesModule(): unknown {
  const sources = new Numbered<string[]>();
  const rules = Object.fromEntries(
    ruleFiles().map(([id, file]) => [
      id,
      {
        criteria: file.criteria,
        sources: file.sources.map((one) => sources.of([one.title, one.url, one.section, one.accessed, one.confirmed])),
      },
    ]),
  );
  return { sources: sources.list, rules };
}

/** The same as Python's `region_actions`: the numbers to call put into the words of each region. */
function regionActions(words: Words, numbers: Words): Words {
  const { emergency_number = "", advice_line = "", ...plain } = words["international"] ?? {};
  const rows = [...new Set([...Object.keys(words), ...Object.keys(numbers)])].sort().map((region) => {
    const { emergency = emergency_number, advice = advice_line } = numbers[region] ?? {};
    const said = region === "international" ? plain : (words[region] ?? plain);
    const filled = (text: string): string => text.replace("{emergency}", emergency).replace("{advice}", advice);
    return [region, Object.fromEntries(Object.entries(said).map(([level, text]) => [level, filled(text)]))];
  });
  return Object.fromEntries(rows) as Words;
}

/** What is said in a language. What a translation lacks is said in English: never nothing. */
function wordsModule(language: string): unknown {
  const said = (language === ENGLISH ? {} : read(join(TEXTS, `${language}.toml`))) as Translation;
  const { actions, numbers } = read(REGIONS) as Record<"actions" | "numbers", Words>;
  const words = Object.entries(actions).map(([region, row]) => [region, { ...row, ...said.regions?.[region] }]);
  return {
    language,
    actions: regionActions(Object.fromEntries(words) as Words, numbers),
    rules: Object.fromEntries(
      ruleFiles().map(([id, file]) => [
        id,
        [said.rules?.[id]?.title ?? file.title, said.rules?.[id]?.message ?? file.message],
      ]),
    ),
  };
}

const languages = (): string[] => tomlIn(TEXTS).map((name) => basename(name, ".toml"));

function source(id: string): string | null {
  if (id === "virtual:rulebook") return data(conditionsModule());
  if (id === "virtual:rule-sources") return data(sourcesModule());
  if (id === "virtual:rule-words") {
    const loads = languages().map((name) => `${JSON.stringify(name)}: () => import("virtual:rule-words-${name}")`);
    return `export default { ${loads.join(", ")} };`;
  }
  const language = /^virtual:rule-words-(.+)$/.exec(id)?.[1];
  return language === undefined ? null : data(wordsModule(language));
}

/** Parsed from text: browsers read long JSON quicker than the same thing as a script. */
const data = (value: unknown): string => `export default JSON.parse(${JSON.stringify(JSON.stringify(value))});`;

export function rulebook(): Plugin {
  return {
    name: "rulebook",
    resolveId: (id) => (id.startsWith("virtual:rule") ? `\0${id}` : null),
    load(id) {
      if (!id.startsWith("\0virtual:rule")) return null;
      for (const folder of [RULES, TEXTS]) for (const name of tomlIn(folder)) this.addWatchFile(join(folder, name));
      this.addWatchFile(REGIONS);
      return source(id.slice(1));
    },
  };
}
