import type { Me } from "../api/types";
import { dayOf, noonOf, type Day } from "../domain/dates";
import { formatLength, lengthNumber, type Unit } from "../domain/units";
import type { Database } from "../store/db";

/** How this phone shows numbers, dates and lengths; works without an account and follows it when there is one. */
export class Locale {
  language = $state("en");
  units = $state<Unit>("mm");

  #db: Promise<Database>;

  constructor(db: Promise<Database>) {
    this.#db = db;
  }

  async load(): Promise<void> {
    const db = await this.#db;
    this.units = ((await db.get("cache", "units")) as Unit | undefined) ?? "mm";
  }

  follow(me: Me): void {
    void this.setUnits(me.units);
  }

  async setUnits(units: Unit): Promise<void> {
    this.units = units;
    await (await this.#db).put("cache", units, "units");
  }

  /** The browser's regional form of the language ("en-GB") where it has one: it knows how dates are written here. */
  get tag(): string {
    return navigator.languages.find((tag) => tag.split("-")[0] === this.language) ?? this.language;
  }

  length = (mm: number): string => formatLength(mm, this.units, this.tag);
  lengthNumber = (mm: number): string => lengthNumber(mm, this.units, this.tag);

  /** "Tue 3 Nov", with the year where it is not this one. Takes a day or a moment. */
  date(value: Day | Date, options: Intl.DateTimeFormatOptions = { weekday: "short", day: "numeric", month: "short" }): string {
    const moment = typeof value !== "string" ? value : value.length === 10 ? noonOf(value) : new Date(value);
    const isThisYear = dayOf(moment).slice(0, 4) === dayOf(new Date()).slice(0, 4);
    return new Intl.DateTimeFormat(this.tag, isThisYear ? options : { ...options, year: "numeric" }).format(moment);
  }

  time = (value: string | Date): string =>
    new Intl.DateTimeFormat(this.tag, { hour: "numeric", minute: "2-digit" }).format(new Date(value));
}
