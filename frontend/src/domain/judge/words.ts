import loaders from "virtual:rule-words";
import type { Level } from "../record";
import type { RuleData } from "./rulebook";

type Actions = Record<Level, string>;

/** What is said in one language: what to do by region and level, and each rule's title and message. */
export interface WordsData {
  language: string;
  actions: Record<string, Actions>;
  rules: Record<string, [title: string, message: string]>;
}

export type SourceData = [title: string, url: string, section: string, accessed: string, confirmed: string];

/** Sources are numbered: many rules rest on the same. */
export interface SourcesData {
  sources: SourceData[];
  rules: Record<string, { criteria: string[]; sources: number[] }>;
}

/** Everything an assessment quotes. */
export interface Words {
  said: WordsData;
  read: SourcesData;
}

export const DEFAULT_REGION = "international";
const DEFAULT_LANGUAGE = "en";

/** The words of a language (`es`, `es-MX`), English where it is not there. */
export async function loadWords(language: string): Promise<Words> {
  const load = loaders[language] ?? loaders[language.split("-", 1)[0] ?? ""] ?? loaders[DEFAULT_LANGUAGE];
  if (!load) throw new Error("the app was built without words");
  const [said, read] = await Promise.all([load(), import("virtual:rule-sources")]);
  return { said: said.default, read: read.default };
}

/** What somebody in that region is asked to do at that level. `GB-SCT` reads as GB. */
function actionOf(level: Level, words: Words, region: string | null): string {
  const { actions } = words.said;
  const country = (region ?? "").split("-", 1)[0] ?? "";
  return (actions[country] ?? actions[DEFAULT_REGION])?.[level] ?? "";
}

export const titleOf = (rule: RuleData, words: Words): string => words.said.rules[rule.id]?.[0] ?? rule.id;

/** The rule's message in the words of a region. */
export const messageOf = (rule: RuleData, words: Words, region: string | null): string =>
  (words.said.rules[rule.id]?.[1] ?? "{action}").replaceAll("{action}", actionOf(rule.level, words, region));

/** The rule's sources, in the order of its file. */
export const sourcesOf = (rule: RuleData, words: Words): SourceData[] =>
  (words.read.rules[rule.id]?.sources ?? []).flatMap((number) => words.read.sources.slice(number, number + 1));
