import { namedId } from "./ids";
import type { Id } from "./record";

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
