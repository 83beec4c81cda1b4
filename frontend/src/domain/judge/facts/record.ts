import type { Answer } from "../../record";
import { catalogue, isAlarming } from "../../catalogue";
import type { Care, History, Observation } from "../history";
import { firstInstant, HOUR, type DayNumber, type Instant } from "../instant";
import { zoneNamed, type Zone } from "../zone";
import { known, part, unknown, type Fact } from "./fact";

/**
 * The history as it stood at an instant: which checks and care count, the last answer to each question, the calendar.
 * What lies after `at` is ignored, a clock that runs ahead hides nothing, answers stand until answered again, an alarming
 * answer past its span is not known any more.
 */

export const UNSURE = "unsure"; // an answer that says nothing: it fires nothing and takes nothing back
export const VISITS: readonly string[] = ["seen", "diagnosis", "discharged"];
export const RESTARTS: readonly string[] = ["treated", "removed"];

/** The answer that stands for one question. */
export interface LastAnswer {
  value: Answer;
  observation: Observation;
}

const byText = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

export class Record {
  readonly zone: Zone;
  readonly today: DayNumber;
  nextArrival: Instant | null = null; // when something already in the document begins to count
  readonly observations: readonly Observation[];
  readonly care: readonly Care[];
  readonly answers: ReadonlyMap<string, LastAnswer>;

  /** `like` is another record of the lump: where the same checks count, so do the same answers. */
  constructor(
    readonly history: History,
    readonly at: Instant,
    like: Record | null = null,
  ) {
    this.zone = zoneNamed(history.timeZone);
    this.today = this.dayOf(at);
    this.observations = this.observationsSoFar();
    this.care = this.careSoFar();
    this.answers = like && isSame(like.observations, this.observations) ? like.answers : lastAnswers(this.observations);
  }

  dayOf(instant: Instant): DayNumber {
    return this.zone.dayOf(instant);
  }

  startOf(day: DayNumber): Instant {
    return this.zone.startOf(day);
  }

  private observationsSoFar(): Observation[] {
    const counted: Observation[] = [];
    for (const one of this.history.observations) {
      if (one.judgedAt <= this.at) counted.push(one);
      else this.nextArrival = firstInstant(this.nextArrival, one.judgedAt);
    }
    return counted.sort((a, b) => a.judgedAt - b.judgedAt || a.observedAt - b.observedAt || byText(a.id, b.id));
  }

  private careSoFar(): Care[] {
    const counted: Care[] = [];
    for (const event of this.history.care) {
      if (event.on <= this.today) counted.push(event);
      else this.nextArrival = firstInstant(this.nextArrival, this.startOf(event.on));
    }
    return counted.sort((a, b) => a.on - b.on || byText(a.id, b.id));
  }

  /** The answer that stands, unless it alarmed and its span has passed: then it is not known and asked again. */
  sign(name: string): Fact {
    const last = this.answers.get(name);
    if (last === undefined || last.value === UNSURE) return unknown(name);
    const hours = catalogue.signs[name]?.span_hours;
    let until: Instant | null = null;
    if (hours !== undefined && isAlarming(name, last.value)) {
      until = last.observation.judgedAt + hours * HOUR;
      if (until <= this.at) return unknown(name);
    }
    return known(last.value, [part(`sign.${name}`, last.value, [last.observation.id])], until);
  }

  /** The day the lump was first noticed: the day given or, if nothing earlier is known, the first entry's. */
  get noticedOn(): DayNumber | null {
    const given = this.history.lump.noticedOn;
    const first = this.observations[0];
    if (!first) return given;
    const entered = this.dayOf(first.judgedAt);
    return given === null ? entered : Math.min(given, entered);
  }

  /** Whole calendar days since `day`, with the instant at which it reaches any later number. */
  daysSince(day: DayNumber, name: string): Fact {
    const crossing = (number: number): Instant | null => {
      const reached = this.startOf(day + Math.round(number));
      return reached > this.at ? reached : null;
    };
    const count = this.today - day;
    return { ...known(count, [part(name, count)]), crossing };
  }

  /** The last time a clinician looked at it and said what to do, once confirmed. The longer rest of one day. */
  get lastVisit(): Care | null {
    const visits = this.care.filter((event) => VISITS.includes(event.kind) && event.confirmed);
    const later = (a: Care, b: Care): number =>
      a.on - b.on || (a.reviewOn ?? a.on) - (b.reviewOn ?? b.on) || byText(a.id, b.id);
    return visits.reduce<Care | null>((last, event) => (last === null || later(event, last) > 0 ? event : last), null);
  }

  /** Closed by the person, or last seen gone; any later check other than "gone" opens it again. */
  get closed(): boolean {
    const last = this.observations.at(-1);
    if (last?.signs["trend"] === "gone") return true;
    const { closedOn } = this.history.lump;
    if (closedOn === null || closedOn > this.today) return false;
    return last === undefined || this.dayOf(last.judgedAt) <= closedOn;
  }

  /** When a closing that lies ahead begins to count. */
  get closesAt(): Instant | null {
    const { closedOn } = this.history.lump;
    return closedOn !== null && closedOn > this.today ? this.startOf(closedOn) : null;
  }
}

const isSame = (one: readonly Observation[], other: readonly Observation[]): boolean =>
  one.length === other.length && one.every((observation, index) => observation === other[index]);

function lastAnswers(observations: readonly Observation[]): Map<string, LastAnswer> {
  const answers = new Map<string, LastAnswer>();
  for (const observation of observations) {
    for (const name in observation.signs) {
      const value = observation.signs[name];
      if (value === undefined) continue;
      if (value === UNSURE && isAlarming(name, answers.get(name)?.value)) continue;
      answers.set(name, { value, observation });
    }
  }
  return answers;
}
