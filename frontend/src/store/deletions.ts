import { RECORD_TYPES, type Id } from "../domain/record";
import { keyOf } from "./assessments";
import type { Database, Operation, Row } from "./db";

/** These records and all below them: a person's lumps, their checks and care, the pictures of those. */
export function withBelow(rows: readonly Row[], ids: Iterable<Id>): ReadonlySet<Id> {
  const all = new Set(ids);
  if (all.size === 0) return all;
  for (const type of RECORD_TYPES) {
    for (const row of rows) if (row.type === type && parentsOf(row).some((id) => all.has(id))) all.add(row.id);
  }
  return all;
}

export function parentsOf({ shown }: Row): Id[] {
  const { person, lump, observation } = shown as { person?: Id; lump?: Id; observation?: Id };
  return [person, lump, observation].filter((id) => id !== undefined);
}

export const openDropping = (db: Database) => db.transaction(["records", "outbox", "pictures", "cache"], "readwrite");

/**
 * Something made and deleted again before the server can have heard of it goes once its time for Undo is over, with all
 * that was said below it: none of that has ever travelled. What the server knows stays: it has moved here from elsewhere.
 */
export async function dropUnheard(tx: ReturnType<typeof openDropping>, now: number): Promise<void> {
  const [records, outbox] = [tx.objectStore("records"), tx.objectStore("outbox")];
  const waiting = await outbox.getAll();
  const rows = await records.getAll();
  const isUnheard = (id: Id): boolean =>
    !rows.some((row) => row.id === id && row.base !== null) && !waiting.some((op) => op.id === id && isOut(op));
  const due = waiting.filter((op) => op.fields === null && op.not_before <= now && isUnheard(op.id));
  for (const id of withBelow(rows, due.map((op) => op.id))) {
    if (!isUnheard(id)) continue;
    for (const op of waiting) if (op.id === id) await outbox.delete(op.seq);
    await Promise.all([records.delete(id), tx.objectStore("pictures").delete(id), tx.objectStore("cache").delete(keyOf(id))]);
  }
}

/** It may have arrived, whatever became of the answer. */
const isOut = ({ sent, problem }: Operation): boolean => sent && problem === null;
