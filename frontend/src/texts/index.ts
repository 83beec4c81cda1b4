/** Every sentence the app says, by name, in the language of this phone. A name that is not in the catalogue does not compile. */
import { label } from "../domain/catalogue";
import { announce } from "./begin";
import type { Text, Words } from "./words";

export type { Text } from "./words";
export { chosenLanguage, isPseudo, keepLanguage, languages, loadWords } from "./begin";
export { names as languageNames } from "virtual:languages";
type Values = Record<string, string | number>;

let words: Words;
let plural: Intl.PluralRules;
let figures: Intl.NumberFormat;

/** From now on everything is said in these words. What is on the screen already has to be drawn anew. */
export function speak(next: Words): void {
  words = next;
  plural = new Intl.PluralRules(next.intl);
  figures = new Intl.NumberFormat(next.intl);
  label(next.fields);
  if (typeof document !== "undefined") announce(next);
}

/** The locale for numbers, dates and plurals. */
export const intl = (): string => words.intl;

/** Some names are made of others' words, such as a fact's; not every one has a sentence. */
export const hasText = (name: string): name is Text => Object.hasOwn(words.sentences, name);

export function t(text: Text, values: Values = {}): string {
  return words.sentences[text].replace(/\{(\w+)\}/g, (whole, name: string) => String(values[name] ?? whole));
}

type Counted<T> = T extends `${infer Stem}.one` ? Stem : never;

/** A sentence that counts something: `name.one` and `name.other`, chosen by the language's own rules. */
export function tn(text: Counted<Text>, count: number, values: Values = {}): string {
  const form = `${text}.${plural.select(count)}`;
  const known = hasText(form) ? form : (`${text}.other` as Text); // every counted name has its `.other`
  return t(known, { count: figures.format(count), ...values });
}
