import type { FieldWords, Rest, Words } from "./words";

/**
 * English as another language would look: `en-XA` with accents and four tenths longer, `ar-XB` running from the right.
 * Both in brackets, so that a cut end and a sentence outside the catalogue are seen. CLDR's names for such languages.
 */
export const pseudoWords = (words: Words, language: string): Words => ({
  ...pseudoRest(words, language),
  language,
  intl: "en",
  direction: isRight(language) ? "rtl" : "ltr",
});

export function pseudoRest(rest: Rest, language: string): Rest {
  const change = isRight(language) ? turned : lengthened;
  const rows = Object.entries(rest.sentences).map(([name, sentence]) => [name, change(sentence)]);
  return { sentences: Object.fromEntries(rows) as Rest["sentences"], fields: changed(rest.fields, change) };
}

const isRight = (language: string): boolean => language === "ar-XB";

function changed(fields: FieldWords, change: (text: string) => string): FieldWords {
  return Object.fromEntries(
    Object.entries(fields).map(([name, value]) => [name, typeof value === "string" ? change(value) : changed(value, change)]),
  );
}

const LETTERS = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ";
const ACCENTED = "àƀćđéƒğĥîĵķļɱñöƥǫŕšţûṽŵẋýžÀƁĆĐÉƑĞĤÎĴĶĻṀÑÖƤǪŔŠŢÛṼŴẊÝŽ";
const MORE = ["one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten"];
const LONGER = 0.4;

/** Whatever is no placeholder. */
const besides = (text: string, change: (part: string) => string): string =>
  text.split(/(\{\w+\})/).map((part) => (/^\{\w+\}$/.test(part) ? part : change(part))).join("");

const accented = (text: string): string =>
  text.replace(/[a-z]/gi, (letter) => ACCENTED[LETTERS.indexOf(letter)] ?? letter);

function lengthened(text: string): string {
  const wanted = Math.ceil(text.replace(/\{\w+\}/g, "").length * LONGER);
  let more = "";
  for (let next = 0; more.length < wanted; next += 1) more += ` ${MORE[next % MORE.length] ?? ""}`;
  return `⟦${besides(text, accented)}${more.slice(0, Math.max(wanted, 2)).trimEnd()}⟧`;
}

/** Letters that run from the right, by the marks that browsers know: each word is turned, what is put in is not. */
const turned = (text: string): string =>
  `⟦${besides(text, (part) => part.replace(/[^\s{}]+/g, (word) => `\u200f\u202e${word}\u202c\u200f`))}⟧`;
