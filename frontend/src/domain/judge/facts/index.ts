import { growthOf, type Growth } from "../growth";
import type { Reading } from "../growth-model";
import type { History } from "../history";
import { monthsLater, wholeMonths, type DayNumber, type Instant } from "../instant";
import { book, type Value } from "../rulebook";
import { combined } from "./combined";
import { DERIVED } from "./derived";
import { answer, known, part, unknown, type Answer, type Fact } from "./fact";
import { growthReadings } from "./readings";
import { Record, UNSURE } from "./record";

/**
 * What is known about a lump at an instant, as named values: known or not, from which checks, and until when.
 * `facts.get("sign.fever")`; every recordable field is a fact of its own (`sign.`, `lump.`, `person.`), the rest have a
 * name and a function in `derived`.
 */

/** Months at which a named fact changes its mind. */
export const FACT_AGES: readonly number[] = [6, 24, 16 * 12, 18 * 12, 60 * 12];

/** The facts of one history as of `at`, each worked out when first asked for. */
export class Facts {
  readonly record: Record;
  private readonly found = new Map<string, Fact>();
  private readonly answers: (Answer | undefined)[] = [];
  private readingsFound: readonly Reading[] | null = null;
  private growthFound: Growth | null = null;
  private old: { least: number; most: number } | null = null;

  /** `like`: facts of the same lump at another instant or from fewer checks, which may have worked out the same before. */
  constructor(
    history: History,
    at: Instant,
    private readonly like: Facts | null = null,
  ) {
    this.record = new Record(history, at, like?.record);
  }

  get(name: string): Fact {
    let fact = this.found.get(name);
    if (fact === undefined) this.found.set(name, (fact = this.find(name)));
    return fact;
  }

  /** Whether the condition of that number holds. Many rules share one, and each is worked out once. */
  answer(condition: number): Answer {
    let found = this.answers[condition];
    if (found === undefined) {
      const asked = book.conditions[condition];
      if (!asked) throw new Error(`no condition ${condition}`);
      this.answers[condition] = found = answer(asked, this.get(asked[0]));
    }
    return found;
  }

  private find(name: string): Fact {
    const { history } = this.record;
    const derived = DERIVED[name];
    if (derived) return derived(this);
    const [scope = "", field = ""] = name.split(".", 2);
    if (scope === "sign") return this.record.sign(field);
    if (scope === "person") return background(name, field, history.person[field]);
    return combined(this, name) ?? background(name, field, name === "lump.side" ? history.lump.side : history.lump.background[field]);
  }

  /** What the sizes say; time alone never changes it. */
  get growth(): Growth {
    return (this.growthFound ??= this.like && isSame(this.readings, this.like.readings) ? this.like.growth : growthOf(this.readings));
  }

  private get readings(): readonly Reading[] {
    return (this.readingsFound ??= growthReadings(this.record));
  }

  /** Whether the person is that old today; not known while the birth date allows both. */
  ageAtLeastMonths(months: number): boolean | null {
    const old = this.monthsOld();
    if (old === null) return null;
    return old.least >= months ? true : old.most >= months ? null : false;
  }

  /** The fewest and the most whole months the person may be old today; null while nothing is known of it. */
  private monthsOld(): { least: number; most: number } | null {
    const { today, history } = this.record;
    const born = history.bornOn;
    if (born && this.old === null) this.old = { least: wholeMonths(born.latest, today), most: wholeMonths(born.earliest, today) };
    return this.old;
  }

  /** The next instant at which somebody turns, or may turn, one of these ages. */
  nextBirthday(ages: readonly number[]): Instant | null {
    const born = this.record.history.bornOn;
    const old = this.monthsOld();
    if (born === null || old === null) return null;
    const next = (day: DayNumber, months: number): DayNumber => {
      const age = Math.min(...ages.filter((one) => one > months));
      return Number.isFinite(age) ? monthsLater(day, age) : Infinity;
    };
    const day = Math.min(next(born.latest, old.least), next(born.earliest, old.most));
    return Number.isFinite(day) ? this.record.startOf(day) : null;
  }
}

const isSame = (one: readonly Reading[], other: readonly Reading[]): boolean =>
  one.length === other.length &&
  one.every((reading, index) => {
    const twin = other[index];
    return reading.observation === twin?.observation && reading.length === twin.length && reading.logError === twin.logError;
  });

const background = (name: string, field: string, value: Value | null | undefined): Fact =>
  value === undefined || value === null || value === UNSURE ? unknown(field) : known(value, [part(name, value)]);
