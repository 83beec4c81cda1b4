import { DAY, MILLISECOND, type DayNumber, type Instant } from "./instant";

/**
 * Which calendar day an instant falls on where somebody lives, and when a day begins there: as Python's zoneinfo has it,
 * clock changes included. The browser's own time zones answer; asking them is slow, so that what they said is kept.
 */

const BLOCK = 4 * DAY; // two changes of the clock that cancel each other are never this close: the closest were 7 days

/** One for a time zone and a session of the app. */
export class Zone {
  private readonly format: Intl.DateTimeFormat;
  private readonly atStart = new Map<number, number>(); // block → offset at its first instant

  constructor(name: string) {
    this.format = new Intl.DateTimeFormat("en-US", {
      timeZone: name,
      calendar: "gregory",
      numberingSystem: "latn",
      hourCycle: "h23",
      year: "numeric",
      month: "numeric",
      day: "numeric",
      hour: "numeric",
      minute: "numeric",
      second: "numeric",
    });
  }

  /** The calendar day where the person lives. */
  dayOf(instant: Instant): DayNumber {
    return Math.floor((instant + this.offset(instant)) / DAY);
  }

  /**
   * The instant a day begins. Midnight that the clock shows twice is the first; one that it leaps over is counted with
   * the offset before the leap.
   */
  startOf(day: DayNumber): Instant {
    const wall = day * DAY;
    const before = this.offset(wall - DAY);
    if (this.offset(wall - before) === before) return wall - before;
    const after = this.offset(wall + DAY);
    return this.offset(wall - after) === after ? wall - after : wall - before;
  }

  /** Local time minus UTC. Within a block that begins and ends alike it is taken as unchanged. */
  private offset(instant: Instant): number {
    const block = Math.floor(instant / BLOCK);
    const start = this.offsetAtStart(block);
    return start === this.offsetAtStart(block + 1) ? start : this.ask(instant);
  }

  private offsetAtStart(block: number): number {
    let known = this.atStart.get(block);
    if (known === undefined) this.atStart.set(block, (known = this.ask(block * BLOCK)));
    return known;
  }

  private ask(instant: Instant): number {
    const shown = Math.floor(instant / MILLISECOND / 1000) * 1000;
    const [month = 1, day = 1, year = 1970, hour = 0, minute = 0, second = 0] =
      this.format.format(shown).match(/\d+/g)?.map(Number) ?? [];
    return (Date.UTC(year, month - 1, day, hour, minute, second) - shown) * MILLISECOND;
  }
}

const zones = new Map<string, Zone>();

/** The zone of that name. A browser too old to know it judges by UTC, as for somebody who gave none. */
export function zoneNamed(name: string): Zone {
  let zone = zones.get(name);
  if (zone === undefined) zones.set(name, (zone = made(name)));
  return zone;
}

function made(name: string): Zone {
  try {
    return new Zone(name);
  } catch {
    return new Zone("UTC");
  }
}
