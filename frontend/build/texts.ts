import { existsSync, readdirSync, readFileSync } from "node:fs";
import { basename, join } from "node:path";
import { parse } from "smol-toml";
import type { Plugin } from "vite";
import { firstWords } from "./first-words.ts";

/**
 * What the app says, of which a phone loads one language: `virtual:texts-LANGUAGE` holds what the first screen may need of
 * `src/texts/LANGUAGE.json` and of the labels of the fields, `virtual:rest-LANGUAGE` the others; `virtual:languages` knows
 * which there are. `virtual:fields` is `fields.toml` without its words. What a translation lacks is said in English.
 */

type Table = { [key: string]: unknown };

const ENGLISH = "en";
const ROOT = join(import.meta.dirname, "../..");
const FIELDS = join(ROOT, "tracking/fields.toml");
const SERVER = join(ROOT, "tracking/texts");
const APP = join(import.meta.dirname, "../src/texts");
/** Keys of a field that are words; under `choices`, and in a list such as `[sides]`, every value is. */
const WORDS = new Set(["label", "question"]);
const FIRST = join(import.meta.dirname, "../src/app.ts");
/** Of the fields only said on screens that come later. */
const LATER = new Set(["question", "choices", "comparisons"]);
/** Notes for whoever reads the file. */
const NOTES = new Set(["source"]);

const isTable = (value: unknown): value is Table => typeof value === "object" && value !== null && !Array.isArray(value);
const isList = (path: readonly string[], table: Table): boolean =>
  path.at(-1) === "choices" || (path.length === 1 && Object.values(table).every((value) => typeof value === "string"));
const isWord = (name: string, path: readonly string[], table: Table): boolean => WORDS.has(name) || isList(path, table);

/** The same tables with nothing but their words. */
function wordsOf(table: Table, path: readonly string[] = []): Table {
  const rows = Object.entries(table).flatMap(([name, value]): [string, unknown][] => {
    if (isTable(value)) return [[name, wordsOf(value, [...path, name])]];
    return isWord(name, path, table) ? [[name, value]] : [];
  });
  return Object.fromEntries(rows.filter(([, value]) => !isTable(value) || Object.keys(value).length > 0));
}

/** The same tables with every word left blank. */
function blank(table: Table, path: readonly string[] = []): Table {
  const rows = Object.entries(table).filter(([name]) => !NOTES.has(name));
  return Object.fromEntries(
    rows.map(([name, value]) => [name, isTable(value) ? blank(value, [...path, name]) : isWord(name, path, table) ? "" : value]),
  );
}

function laidOver(under: Table, over: Table | undefined): Table {
  const rows = Object.entries(under).map(([name, value]): [string, unknown] => {
    const better = over?.[name];
    if (isTable(value)) return [name, laidOver(value, isTable(better) ? better : undefined)];
    return [name, better ?? value];
  });
  const added = Object.entries(over ?? {}).filter(([name]) => !(name in under));
  return Object.fromEntries([...rows, ...added]);
}

const toml = (path: string): Table => parse(readFileSync(path, "utf8"));
const sentences = (language: string): Record<string, string> => {
  const path = join(APP, `${language}.json`);
  return existsSync(path) ? (JSON.parse(readFileSync(path, "utf8")) as Record<string, string>) : {};
};
const languages = (): string[] =>
  readdirSync(SERVER).filter((name) => name.endsWith(".toml")).map((name) => basename(name, ".toml")).sort();

function about(language: string): { name: string; direction: string } {
  const said = toml(join(SERVER, `${language}.toml`))["language"] as Record<string, string>;
  return { name: said["name"] ?? language, direction: said["direction"] ?? "ltr" };
}

interface Said {
  sentences: Table;
  fields: Table;
}

function everything(language: string): Said {
  const english = { sentences: sentences(ENGLISH), fields: wordsOf(toml(FIELDS)) };
  const said = language === ENGLISH ? {} : { sentences: sentences(language), fields: toml(join(SERVER, `${language}.toml`))["fields"] };
  return laidOver(english, said) as unknown as Said; // as it was put in
}

/** Those rows of tables in tables whose own name, or a name above, is of the kind that comes later; or all others. */
function part(table: Table, isLater: boolean, isInside = false): Table {
  const rows = Object.entries(table).map(([name, value]): [string, unknown] => {
    const is = isInside || LATER.has(name);
    return [name, isTable(value) ? part(value, isLater, is) : is === isLater ? value : undefined];
  });
  return Object.fromEntries(rows.filter(([, value]) => value !== undefined && !(isTable(value) && Object.keys(value).length === 0)));
}

function texts(language: string, isLater: boolean): unknown {
  const { sentences, fields } = everything(language);
  const isFirst = firstWords(FIRST);
  const rows = Object.entries(sentences).filter(([name]) => isFirst(name) !== isLater);
  const said = { sentences: Object.fromEntries(rows), fields: part(fields, isLater) };
  return isLater ? said : { language, intl: language, direction: about(language).direction, ...said };
}

/** A paragraph for each language. */
const inAll = (text: string, more: string): string =>
  languages().map((name) => `<p lang="${name}"${more}>${sentences(name)[text] ?? ""}</p>`).join("");

/** Parsed from text: browsers read long JSON quicker than the same thing as a script. */
const data = (value: unknown): string => `export default JSON.parse(${JSON.stringify(JSON.stringify(value))});`;

function source(id: string): string | null {
  if (id === "virtual:fields") return data(blank(toml(FIELDS)));
  if (id === "virtual:languages") {
    const loads = (part: string): string =>
      languages().map((name) => `${JSON.stringify(name)}: () => import("virtual:${part}-${name}")`).join(", ");
    const names = Object.fromEntries(languages().map((name) => [name, about(name).name]));
    return `export const names = ${JSON.stringify(names)};\nexport const first = { ${loads("texts")} };\nexport const rest = { ${loads("rest")} };`;
  }
  const [, kind, language] = /^virtual:(texts|rest)-(.+)$/.exec(id) ?? [];
  return language === undefined ? null : data(texts(language, kind === "rest"));
}

const OURS = /^virtual:(fields|languages|texts-.+|rest-.+)$/;

export function words(): Plugin {
  return {
    name: "texts",
    resolveId: (id) => (OURS.test(id) ? `\0${id}` : null),
    load(id) {
      if (!id.startsWith("\0") || !OURS.test(id.slice(1))) return null;
      const files = [FIELDS, ...languages().flatMap((name) => [join(SERVER, `${name}.toml`), join(APP, `${name}.json`)])].filter(existsSync);
      for (const file of files) this.addWatchFile(file);
      return source(id.slice(1));
    },
    // The page itself is the same for all: what it says before the app is here stands there in every language.
    transformIndexHtml: (html) =>
      html
        .replace(/<noscript>.*<\/noscript>/s, `<noscript>${inAll("app.no_script", "")}</noscript>`)
        .replace('<div id="app"></div>', `<div id="app">${inAll("app.greeting", ' class="greeting" hidden')}</div>`),
  };
}
