/** Every sentence the app says, by name. A name that is not in the catalogue does not compile. */
import en from "./en.json";

export type Text = keyof typeof en;
type Values = Record<string, string | number>;

export const locale = "en";
const plural = new Intl.PluralRules(locale);

export function t(text: Text, values: Values = {}): string {
  return en[text].replace(/\{(\w+)\}/g, (whole, name: string) => String(values[name] ?? whole));
}

type Counted<T> = T extends `${infer Stem}.one` ? Stem : never;

/** A sentence that counts something: `name.one` and `name.other`, chosen by the language's own rules. */
export function tn(text: Counted<Text>, count: number, values: Values = {}): string {
  const form = `${text}.${plural.select(count)}`;
  const known = (form in en ? form : `${text}.other`) as Text; // every counted name has its `.other`
  return t(known, { count: new Intl.NumberFormat(locale).format(count), ...values });
}
