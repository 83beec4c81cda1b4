import type en from "./en.json";

export type Text = keyof typeof en;

/** The words of the fields, in the tables of `fields.toml`. */
export interface FieldWords {
  [name: string]: string | FieldWords;
}

/** Everything the app says in one language. */
export interface Words {
  language: string;
  /** The locale for numbers, dates and plurals. */
  intl: string;
  direction: "ltr" | "rtl";
  sentences: Record<Text, string>;
  fields: FieldWords;
}
