import type { Me } from "../api/types";
import { dayOf, noonOf, type Day } from "../domain/dates";
import { dateFormat, numberFormat } from "../domain/formats";
import { formatLength, lengthNumber, type Unit } from "../domain/units";
import type { Database } from "../store/db";
import { chosenLanguage, intl, isPseudo, keepLanguage, loadRest, loadWords, speak, whole } from "../texts";

type Choices = Partial<Pick<Me, "language" | "units">>;

/** Where lengths are given in inches. */
const IN_INCHES = ["US", "LR", "MM"];
const UNTOLD = "untold";
/** Unicode's left-to-right isolate, and its end; by number, since they are not seen in the source. */
const [ISOLATE, END] = [String.fromCharCode(0x2066), String.fromCharCode(0x2069)];

/** Kept, since it is asked for each lump and working it out takes longer than drawing one. */
const regions = new Map<string, string | null>();

function regionOf(tag: string): string | null {
  const known = regions.get(tag);
  if (known !== undefined) return known;
  const region = likelyRegion(tag);
  regions.set(tag, region);
  return region;
}

function likelyRegion(tag: string): string | null {
  try {
    return new Intl.Locale(tag).maximize().region ?? null;
  } catch {
    return null;
  }
}

/**
 * In which language, units and numbers this phone speaks. Works without an account and follows it when there is one;
 * what was chosen here and the account has not heard of yet is told before the account is followed.
 */
export class Locale {
  /** What is on the screen now; drawn anew where it changes. */
  language = $state(chosenLanguage());
  units = $state<Unit>("mm");

  #db: Promise<Database>;
  #tell: (choices: Choices) => Promise<void>;
  #tag: { languages: readonly string[]; language: string; tag: string } | null = null;

  /** `tell` rejects where there is no account or no answer. */
  constructor(db: Promise<Database>, tell: (choices: Choices) => Promise<void>) {
    this.#db = db;
    this.#tell = tell;
  }

  async load(): Promise<void> {
    const db = await this.#db;
    const kept = (await db.get("cache", "units")) as Unit | undefined;
    if (kept) this.units = kept;
    else if (IN_INCHES.includes(this.region ?? "")) await this.#choose({ units: "in" });
  }

  /** After signing in and at each start. */
  async follow(me: Me): Promise<void> {
    const untold = await this.#untold();
    await this.#show({ language: me.language, units: me.units, ...untold });
    await this.#tellAll();
  }

  setUnits = (units: Unit): Promise<void> => this.#choose({ units });

  setLanguage = (language: string): Promise<void> => this.#choose({ language });

  async #choose(choices: Choices): Promise<void> {
    await (await this.#db).put("cache", { ...(await this.#untold()), ...choices }, UNTOLD);
    await this.#show(choices);
    await this.#tellAll();
  }

  async #untold(): Promise<Choices> {
    return ((await (await this.#db).get("cache", UNTOLD)) as Choices | undefined) ?? {};
  }

  async #show({ language, units }: Choices): Promise<void> {
    if (units) {
      this.units = units;
      await (await this.#db).put("cache", units, "units");
    }
    if (!language || language === this.language || isPseudo(this.language)) return;
    const [words, rest] = await Promise.all([loadWords(language), loadRest(language)]);
    speak(words, async () => rest);
    await whole();
    keepLanguage(words.language);
    this.language = words.language;
  }

  async #tellAll(): Promise<void> {
    const untold = await this.#untold();
    if (Object.keys(untold).length === 0) return;
    try {
      await this.#tell(untold);
      await (await this.#db).delete("cache", UNTOLD);
    } catch {
      // Nobody to tell yet, or no answer: told at the next start.
    }
  }

  /** The browser's regional form of the language ("en-GB") where it has one: it knows how dates are written here. */
  get tag(): string {
    const { languages } = navigator;
    const language = intl();
    // Kept, since each number and date asks, and the list stays the very same one until the phone's settings change.
    if (languages !== this.#tag?.languages || language !== this.#tag.language)
      this.#tag = { languages, language, tag: languages.find((tag) => tag.split("-")[0] === language) ?? language };
    return this.#tag.tag;
  }

  /** The device's own country, as a first guess for somebody who has not said. */
  get region(): string | null {
    return regionOf(navigator.language);
  }

  length = (mm: number): string => this.lengthIn(mm, this.units);
  /** A number and its unit stay in this order, also between words that run from the right. */
  lengthIn = (mm: number, unit: Unit): string => {
    const said = formatLength(mm, unit, this.tag);
    return document.documentElement.dir === "rtl" ? `${ISOLATE}${said}${END}` : said;
  };
  lengthNumber = (mm: number): string => lengthNumber(mm, this.units, this.tag);

  number = (value: number): string => numberFormat(this.tag).format(value);
  /** As somebody would type it: without marks between the thousands, which could be read as decimals. */
  typed = (value: number): string => numberFormat(this.tag, { useGrouping: false }).format(value);
  /** "a, b or c" */
  either = (list: readonly string[]): string => new Intl.ListFormat(this.tag, { type: "disjunction" }).format(list);

  /** "Tue 3 Nov", with the year where it is not this one. Takes a day or a moment. */
  date(value: Day | Date, options: Intl.DateTimeFormatOptions = { weekday: "short", day: "numeric", month: "short" }): string {
    const moment = typeof value !== "string" ? value : value.length === 10 ? noonOf(value) : new Date(value);
    const isThisYear = dayOf(moment).slice(0, 4) === dayOf(new Date()).slice(0, 4);
    return dateFormat(this.tag, isThisYear ? options : { ...options, year: "numeric" }).format(moment);
  }

  time = (value: string | Date): string =>
    dateFormat(this.tag, { hour: "numeric", minute: "2-digit" }).format(new Date(value));
}
