/** Every sentence the app says, by name, in the language of this phone. A name that is not in the catalogue does not compile. */
import { label } from "../domain/catalogue";
import { numberFormat, pluralRules } from "../domain/formats";
import { announce } from "./begin";
import type { Rest, Text, Words } from "./words";

export type { Text } from "./words";
export { chosenLanguage, isPseudo, keepLanguage, languages, loadRest, loadWords } from "./begin";
export { names as languageNames } from "virtual:languages";
type Values = Record<string, string | number>;

let words: Words;
let loadMore: () => Promise<Rest>;
let more: Promise<void> | null = null;

/**
 * From now on everything is said in these words. What is on the screen already has to be drawn anew. `later` brings
 * what only later screens say, once the first of them is gone to.
 */
export function speak(next: Words, later: () => Promise<Rest>): void {
  words = { ...next };
  loadMore = later;
  more = null;
  label(next.fields);
  if (typeof document !== "undefined") announce(next);
}

/** Once every word of the language is here. Rejects where it cannot be had; asked again, it tries again. */
export function whole(): Promise<void> {
  const mine = words;
  more ??= loadMore().then(({ sentences, fields }) => {
    if (words !== mine) return; // another language was chosen meanwhile
    learn(sentences);
    label(fields);
  });
  more.catch(() => (more = null));
  return more;
}

/** Words that a part brings along itself, such as the camera: said from here on like all others. */
export function learn(sentences: Rest["sentences"]): void {
  words.sentences = { ...words.sentences, ...sentences };
}

/** The locale for numbers, dates and plurals. */
export const intl = (): string => words.intl;

/** Some names are made of others' words, such as a fact's; not every one has a sentence. */
export const hasText = (name: string): name is Text => Object.hasOwn(words.sentences, name);

export function t(text: Text, values: Values = {}): string {
  return (words.sentences[text] ?? "").replace(/\{(\w+)\}/g, (whole, name: string) => String(values[name] ?? whole));
}

type Counted<T> = T extends `${infer Stem}.one` ? Stem : never;

/** A sentence that counts something: `name.one` and `name.other`, chosen by the language's own rules. */
export function tn(text: Counted<Text>, count: number, values: Values = {}): string {
  const form = `${text}.${pluralRules(words.intl).select(count)}`;
  const known = hasText(form) ? form : (`${text}.other` as Text); // every counted name has its `.other`
  return t(known, { count: numberFormat(words.intl).format(count), ...values });
}
