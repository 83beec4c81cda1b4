import { fresh, isSame, leafOf, overlay, type Fields } from "../domain/fields";
import { newId } from "../domain/ids";
import type { Id, RecordType } from "../domain/record";
import type { Database, Operation, Picture, Row } from "./db";

/** How long a deletion stays on the phone, so that Undo can take it back: the server deletes for good. */
export const UNDO_MS = 8_000;

/** What the person sees: the server's copy with everything that still waits laid over it, oldest first. */
export function shownFrom<T extends RecordType>(row: Row<T>, waiting: readonly Operation[]): Row<T> {
  const start = row.base ?? fresh(row.type, row.id, {});
  const shown = waiting.reduce((record, op) => (op.fields ? overlay<T>(record, op.fields) : record), start);
  return { ...row, shown, hidden: waiting.some((op) => op.fields === null && op.problem === null) };
}

const WRITE_STORES = ["records", "outbox", "pictures"] as const;

/**
 * Says something about one or more records: rows, operations and pictures in one transaction, so that what is on the
 * screen is either kept or was never there. A field said twice before it was sent travels once, what the server has
 * refused is mended by what is said next, and a deletion that has not gone out is taken back by it. Returns the rows as
 * they stand now.
 */
export async function write(
  db: Database,
  said: readonly { type: RecordType; id: Id; fields: Fields }[],
  pictures: readonly Picture[] = [],
): Promise<Row[]> {
  const written: Row[] = [];
  const tx = db.transaction(WRITE_STORES, "readwrite");
  const [records, outbox] = [tx.objectStore("records"), tx.objectStore("outbox")];
  for (const picture of pictures) await tx.objectStore("pictures").put(picture);
  for (const { type, id, fields } of said) {
    const [known, waiting] = await Promise.all([records.get(id), outbox.index("id").getAll(id)]);
    const row: Row = known ?? { id, type, rev: 0, base: null, shown: fresh(type, id, {}), hidden: false };
    const open = waiting.filter((op) => op.fields !== null && (!op.sent || op.problem !== null));
    const whole = joined(open, fields);
    const unsaid = waiting.filter((op) => op.fields === null && !op.sent);
    const isGoing = waiting.some((op) => op.fields === null && op.sent && op.problem === null);
    const next = { ...row, shown: overlay(row.shown, fields), hidden: isGoing };
    // Asked for together: each answer of the database takes as long as all of them.
    await Promise.all([
      whole ? outbox.put(whole) : outbox.add(operation(type, id, row.rev, fields) as Operation),
      ...[...unsaid, ...open.filter((op) => op.seq !== whole?.seq)].map((op) => outbox.delete(op.seq)),
      records.put(next),
    ]);
    written.push(next);
  }
  await tx.done;
  return written;
}

/**
 * Operations on one record and what is said after them as one, in the place of the first. The server keeps its answer to
 * an operation for ever, so whatever says something else goes out under a new name: the old one may have been refused, or
 * sent by a phone that this one was restored from. It goes whole: alone, the rest of a new entry would be incomplete.
 */
export function joined(ops: readonly Operation[], fields: Fields = {}): Operation | null {
  const [first] = ops;
  if (!first) return null;
  const before = ops.reduce<Fields>((all, op) => ({ ...all, ...op.fields }), {});
  return { ...first, op_id: newId(), fields: { ...before, ...fields }, sent: false, problem: null };
}

/** `seq` is left for the database to give. */
function operation(type: RecordType, id: Id, base_rev: number, fields: Fields | null): Omit<Operation, "seq"> {
  const not_before = fields === null ? Date.now() + UNDO_MS : 0;
  return { op_id: newId(), type, id, base_rev, fields, sent: false, not_before, problem: null };
}

/** Deletes a record. One that never left the phone is simply gone; the others wait a moment for Undo. */
export async function remove(db: Database, type: RecordType, id: Id): Promise<void> {
  const tx = db.transaction(WRITE_STORES, "readwrite");
  const [records, outbox] = [tx.objectStore("records"), tx.objectStore("outbox")];
  const row = await records.get(id);
  if (row) {
    await records.put({ ...row, hidden: true });
    await outbox.add(operation(type, id, row.rev, null) as Operation);
  }
  await tx.done;
}

/** Takes a deletion back; false when it has already gone out. */
export async function restore(db: Database, id: Id): Promise<boolean> {
  const tx = db.transaction(WRITE_STORES, "readwrite");
  const [records, outbox] = [tx.objectStore("records"), tx.objectStore("outbox")];
  const [row, waiting] = [await records.get(id), await outbox.index("id").getAll(id)];
  const deletion = waiting.find((op) => op.fields === null);
  const possible = row !== undefined && deletion !== undefined && !deletion.sent;
  if (possible) {
    await outbox.delete(deletion.seq);
    await records.put({ ...row, hidden: false });
  }
  await tx.done;
  return possible;
}

/** Gives up something the server refused; the record goes back to what the server knows. */
export async function discard(db: Database, seq: number): Promise<void> {
  const tx = db.transaction(WRITE_STORES, "readwrite");
  const [records, outbox, pictures] = [tx.objectStore("records"), tx.objectStore("outbox"), tx.objectStore("pictures")];
  const op = await outbox.get(seq);
  if (op) {
    await outbox.delete(seq);
    const row = await records.get(op.id);
    const waiting = await outbox.index("id").getAll(op.id);
    if (row && row.base === null && !waiting.some((other) => other.fields)) {
      await records.delete(op.id);
      await pictures.delete(op.id);
    } else if (row) await records.put(shownFrom(row, waiting));
  }
  await tx.done;
}

/** Sends a refused operation again, under a new name because the server remembers its answer to the old one. */
export async function retry(db: Database, seq: number): Promise<void> {
  const tx = db.transaction("outbox", "readwrite");
  const op = await tx.store.get(seq);
  if (op) await tx.store.put({ ...op, op_id: newId(), sent: false, problem: null });
  await tx.done;
}

/**
 * Two phones answered differently and the person has chosen. False where the answer that was shown as kept is not the one
 * that stands now: then nothing is overwritten, and the choice is put anew with what stands.
 */
export async function settleClash(db: Database, key: string, choice: "kept" | "other"): Promise<boolean> {
  const clash = await db.get("clashes", key);
  if (!clash) return true;
  const row = await db.get("records", clash.id);
  const now = row ? leafOf(row.shown, clash.field) : clash.kept;
  const stands = isSame(now, clash.kept);
  if (choice === "other" && !stands) {
    await db.put("clashes", { ...clash, kept: now });
    return false;
  }
  if (choice === "other" && row) await write(db, [{ type: clash.type, id: clash.id, fields: { [clash.field]: clash.other } }]);
  await db.delete("clashes", key);
  return true;
}
