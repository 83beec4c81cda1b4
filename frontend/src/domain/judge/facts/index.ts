import { growthOf, type Growth } from "../growth";
import type { History } from "../history";
import { monthsLater, type Instant } from "../instant";
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

const FACT_AGES = [6, 24, 16 * 12, 18 * 12, 60 * 12]; // months at which a named fact changes its mind

/** The facts of one history as of `at`, each worked out when first asked for. */
export class Facts {
  readonly record: Record;
  private readonly found = new Map<string, Fact>();
  private readonly answers: (Answer | undefined)[] = [];
  private readonly ages = new Map<number, boolean | null>();
  private growthFound: Growth | null = null;

  constructor(history: History, at: Instant) {
    this.record = new Record(history, at);
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
    return (this.growthFound ??= growthOf(growthReadings(this.record)));
  }

  /** Whether the person is that old today; not known while the birth date allows both. */
  ageAtLeastMonths(months: number): boolean | null {
    let old = this.ages.get(months);
    if (old === undefined) this.ages.set(months, (old = this.isAge(months)));
    return old;
  }

  private isAge(months: number): boolean | null {
    const born = this.record.history.bornOn;
    if (born === null) return null;
    if (monthsLater(born.latest, months) <= this.record.today) return true;
    return monthsLater(born.earliest, months) <= this.record.today ? null : false;
  }

  /** The next instant at which somebody turns, or may turn, one of these ages. */
  nextBirthday(months: readonly number[]): Instant | null {
    const born = this.record.history.bornOn;
    if (born === null) return null;
    const turns = [born.earliest, born.latest].flatMap((day) => [...months, ...FACT_AGES].map((age) => monthsLater(day, age)));
    const next = Math.min(...turns.filter((day) => day > this.record.today));
    return Number.isFinite(next) ? this.record.startOf(next) : null;
  }
}

const background = (name: string, field: string, value: Value | null | undefined): Fact =>
  value === undefined || value === null || value === UNSURE ? unknown(field) : known(value, [part(name, value)]);
