import type account from "./account/en.json";
import type camera from "./camera/en.json";
import type data from "./data/en.json";
import type en from "./en.json";
import type members from "./members/en.json";

export type Text = keyof typeof en | keyof typeof account | keyof typeof camera | keyof typeof data | keyof typeof members;

/** The words of the fields, in the tables of `fields.toml`. */
export interface FieldWords {
  [name: string]: string | FieldWords;
}

/** What only later screens say. */
export interface Rest {
  sentences: Partial<Record<Text, string>>;
  fields: FieldWords;
}

/** What the app says in one language, as far as its first screen may need it. */
export interface Words extends Rest {
  language: string;
  /** The locale for numbers, dates and plurals. */
  intl: string;
  direction: "ltr" | "rtl";
}
