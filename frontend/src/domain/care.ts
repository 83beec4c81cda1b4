import { dayOf, type Day } from "./dates";
import { madeAt, namedId } from "./ids";
import type { Care, CareKind, Id } from "./record";

/** What is written and what is told when care is entered while advice stands open. */
export interface Answering {
  /** The new entry's name, or `null` where the server writes the entry by itself. */
  entry: { id?: Id } | null;
  answer: "booked" | "seen" | "read";
}

/**
 * The answer to advice is also written into the record, by the server under a name made from the advice. The entry made
 * here carries the same name, so both are one event and what was heard stays with it. Where no name can be made, the
 * server's entry is enough, unless more was said than that holds: then it is an entry of its own, which ends the
 * reminders too.
 */
export async function answering(notice: Id, kind: "booked" | "seen", hasMore: boolean): Promise<Answering> {
  const id = await namedId(notice, kind);
  if (id) return { entry: { id }, answer: kind };
  return hasMore ? { entry: {}, answer: "read" } : { entry: null, answer: kind };
}

export const CARE_STEPS = ["told", "booked", "seen", "tests", "result", "done"] as const;
export type CareStep = (typeof CARE_STEPS)[number];

const STEP_OF: Record<CareKind, CareStep> = {
  told: "told",
  booked: "booked",
  seen: "seen",
  imaging: "tests",
  biopsy: "tests",
  result: "result",
  diagnosis: "result",
  treated: "done",
  removed: "done",
  discharged: "done",
};
/** Appointments and tests are entered before their day; anything else has happened, so its day has come. */
export const mayLieAhead = (kind: CareKind): boolean => ["booked", "tests"].includes(STEP_OF[kind]);

const NEXT: Record<CareStep, readonly CareKind[]> = {
  told: ["booked", "seen"],
  booked: ["seen", "booked"],
  seen: ["imaging", "biopsy", "result", "treated", "discharged"],
  tests: ["result", "diagnosis"],
  result: ["treated", "removed", "discharged", "booked"],
  done: ["booked", "seen"],
};

export interface CarePath {
  /** Each step with the day it was reached in this round, or null. */
  steps: { step: CareStep; on: string | null }[];
  at: CareStep;
  next: readonly CareKind[];
  /** The next look that was agreed, where it is still to come: until then it is watched. */
  review_on: string | null;
}

const rank = (step: CareStep): number => CARE_STEPS.indexOf(step);

/** An appointment is a step on the day it was made, not on the day it is for: somebody may be seen before it comes. */
function bookedOn({ id, on }: Care, today: Day): Day {
  const made = madeAt(id);
  const entered = made === null ? today : dayOf(new Date(made));
  return on < entered ? on : entered;
}

/** How far the care of a lump has come. A step back, such as a new appointment after a result, begins a new round. */
export function carePath(care: readonly Care[], today: Day): CarePath | null {
  const when = (event: Care): Day => (event.kind === "booked" ? bookedOn(event, today) : event.on);
  const events = care
    .filter(({ confirmed }) => confirmed)
    .toSorted((a, b) => when(a).localeCompare(when(b)) || rank(STEP_OF[a.kind]) - rank(STEP_OF[b.kind]));
  const last = events.at(-1);
  if (!last) return null;
  const reached = new Map<CareStep, string>();
  for (const event of events) {
    const step = STEP_OF[event.kind];
    for (const known of [...reached.keys()]) if (rank(known) > rank(step)) reached.delete(known);
    reached.set(step, event.on);
  }
  const at = STEP_OF[last.kind];
  const review = events.findLast(({ review_on }) => review_on !== null)?.review_on ?? null;
  return {
    steps: CARE_STEPS.map((step) => ({ step, on: reached.get(step) ?? null })),
    at,
    next: NEXT[at],
    review_on: review !== null && review >= today ? review : null,
  };
}
