import type { ApiError, Problem } from "../api/problem";
import type { Server } from "../api";
import type { SyncAnswer, SyncChange, SyncOperation, SyncResult } from "../api/types";
import { fresh, isSame } from "../domain/fields";
import { newId } from "../domain/ids";
import { RECORD_TYPES, type Id } from "../domain/record";
import { keyOf, markOutdated } from "./assessments";
import type { Database, Operation, Row } from "./db";
import { dropUnheard, openDropping, parentsOf, withBelow } from "./deletions";
import { joined, shownFrom } from "./outbox";

const BATCH = 50;

/**
 * What may go out now, oldest first, at most one operation a record: the second needs the `rev` that the first gets.
 * What was said about something that is being deleted, or below it, waits: it goes with it, or out after Undo.
 */
export async function nextBatch(db: Database, now: number): Promise<Operation[]> {
  const tx = openDropping(db);
  const outbox = tx.objectStore("outbox");
  let all = (await outbox.getAll()).filter((op) => op.problem === null);
  const isDeleting = all.some((op) => op.fields === null);
  if (isDeleting) {
    await dropUnheard(tx, now);
    all = (await outbox.getAll()).filter((op) => op.problem === null);
  }
  const deleted = all.filter((op) => op.fields === null).map((op) => op.id);
  const going = withBelow(isDeleting ? await tx.objectStore("records").getAll() : [], deleted);
  const seen = new Set<Id>();
  const batch: Operation[] = [];
  for (const op of all) {
    const isHeld = op.fields !== null && !op.sent && going.has(op.id);
    if (batch.length === BATCH || seen.has(op.id) || isHeld) continue;
    seen.add(op.id);
    if (op.not_before <= now) batch.push(op);
  }
  for (const op of batch) if (!op.sent) await outbox.put({ ...op, sent: true });
  await tx.done;
  return batch;
}

const onTheWire = (op: Operation): SyncOperation => ({
  op_id: op.op_id,
  type: op.type,
  id: op.id,
  base_rev: op.base_rev,
  ...(op.fields === null ? { deleted: true as const } : { fields: op.fields }),
});

const DELETED: Problem = { status: 409, code: "deleted", message: "", fields: {}, retry_after: null };

const problemOf = (result: SyncResult): Problem => ({
  status: result.error?.status ?? 400,
  code: result.error?.code ?? "rejected",
  message: result.error?.message ?? "",
  fields: result.error?.fields ?? {},
  retry_after: null,
});

type Tx = ReturnType<typeof openTx>;
const openTx = (db: Database) =>
  db.transaction(["records", "outbox", "pictures", "clashes", "meta", "cache", "drafts"], "readwrite");

/** The server took it (or refused it): the outbox forgets it, or keeps it with the reason, or with what was said since. */
async function settle(tx: Tx, op: Operation, result: SyncResult): Promise<void> {
  const [outbox, records] = [tx.objectStore("outbox"), tx.objectStore("records")];
  if (result.status === "rejected") {
    const isGone = op.fields === null && ["not_found", "deleted"].includes(result.error?.code ?? "");
    if (!isGone) {
      const later = (await outbox.index("id").getAll(op.id)).filter((next) => next.fields !== null && !next.sent);
      const mended = op.fields !== null && later.length > 0 ? joined([{ ...op, sent: true }, ...later]) : null;
      await outbox.put(mended ?? { ...op, sent: true, problem: problemOf(result) });
      if (mended) for (const next of later) await outbox.delete(next.seq);
      return;
    }
  }
  if (op.fields === null) return forget(tx, op.id);
  await outbox.delete(op.seq);
  const row = await records.get(op.id);
  if (!row) return;
  const rev = Math.max(row.rev, result.rev ?? row.rev);
  // Until the server's own copy comes with the changes, what it took is the base: what was shown must not flicker.
  const base = shownFrom({ ...row }, [op]).shown;
  const later = await outbox.index("id").getAll(op.id);
  for (const next of later) {
    if (!next.sent && result.status === "applied") await outbox.put({ ...next, base_rev: rev });
  }
  const next = shownFrom({ ...row, rev, base }, later);
  await records.put(next);
  await noteChange(tx, next);
  await noteClashes(tx, op, result);
}

/** Each answer that lost is put before the person, also where several lost against one another. The key says no field. */
async function noteClashes(tx: Tx, { id, type }: Operation, result: SyncResult): Promise<void> {
  const conflicts = Object.entries(result.conflicts ?? {});
  if (conflicts.length === 0) return;
  const clashes = tx.objectStore("clashes");
  const known = (await clashes.getAll()).filter((clash) => clash.id === id);
  for (const [field, { kept, other }] of conflicts) {
    const before = known.find((clash) => clash.field === field && isSame(clash.other, other));
    const key = before?.key ?? newId();
    await clashes.put({ key, type, id, field, kept, other, at: new Date().toISOString() });
  }
}

/**
 * Takes a record and what hangs on it off the phone. What was said before it was deleted here goes too; anything else that
 * was said about it and not sent is shown as refused, not lost.
 */
async function forget(tx: Tx, id: Id, deletedAfter = 0): Promise<void> {
  const [records, outbox] = [tx.objectStore("records"), tx.objectStore("outbox")];
  const row = await records.get(id);
  await records.delete(id);
  if (row && row.type !== "person") await noteChange(tx, row);
  await tx.objectStore("pictures").delete(id);
  await tx.objectStore("cache").delete(keyOf(id)); // where it was a lump
  const [clashes, drafts] = [tx.objectStore("clashes"), tx.objectStore("drafts")];
  for (const clash of await clashes.getAll()) if (clash.id === id) await clashes.delete(clash.key);
  for (const name of await drafts.getAllKeys()) if (name.includes(id)) await drafts.delete(name);
  const ops = await outbox.index("id").getAll(id);
  const until = Math.max(deletedAfter, ...ops.filter((op) => op.fields === null).map((op) => op.seq));
  for (const op of ops) {
    if (op.seq <= until) await outbox.delete(op.seq);
    else if (op.problem === null) await outbox.put({ ...op, problem: DELETED });
  }
  for (const child of await records.getAll()) if (parentsOf(child).includes(id)) await forget(tx, child.id, until);
}

/** What the server says about a record becomes its base; what still waits here stays on top of it. */
async function applyChange(tx: Tx, change: SyncChange): Promise<void> {
  const [records, outbox] = [tx.objectStore("records"), tx.objectStore("outbox")];
  if (change.deleted || !change.fields) return forget(tx, change.id);
  const row: Row | undefined = await records.get(change.id);
  if (row && row.base !== null && change.rev < row.rev) return; // an older answer that arrived late
  const base = fresh(change.type, change.id, change.fields);
  const waiting = await outbox.index("id").getAll(change.id);
  const next: Row = { id: change.id, type: change.type, rev: change.rev, base, shown: base, hidden: false };
  await records.put(shownFrom(next, waiting));
  await noteChange(tx, next);
  if (change.type === "photo") await noteArrivedPicture(tx, change.id, base as { state?: string });
}

/** The judgement of the lump that a record is about, or of all the person's lumps, is not the last word any more. */
async function noteChange(tx: Tx, row: Row): Promise<void> {
  const about = row.shown as { lump?: Id };
  const cache = tx.objectStore("cache");
  if (row.type !== "person") return markOutdated(cache, row.type === "lump" ? row.id : (about.lump ?? ""));
  for (const lump of await tx.objectStore("records").index("type").getAll("lump")) {
    if ((lump.shown as { person?: Id }).person === row.id) await markOutdated(cache, lump.id);
  }
}

async function noteArrivedPicture(tx: Tx, id: Id, photo: { state?: string }): Promise<void> {
  const picture = await tx.objectStore("pictures").get(id);
  if (picture && photo.state === "ready" && picture.state === "waiting") {
    await tx.objectStore("pictures").put({ ...picture, bytes: null, state: "sent" });
  }
}

/** One answer of the server, in one transaction together with the new cursor. */
export async function applyAnswer(db: Database, sent: readonly Operation[], answer: SyncAnswer): Promise<void> {
  const tx = openTx(db);
  const results = new Map(answer.results.map((result) => [result.op_id, result]));
  for (const op of sent) {
    const result = results.get(op.op_id);
    if (result) await settle(tx, op, result);
  }
  const order = (change: SyncChange): number => (change.deleted ? 9 : RECORD_TYPES.indexOf(change.type));
  for (const change of [...answer.changes].sort((a, b) => order(a) - order(b))) await applyChange(tx, change);
  const meta = tx.objectStore("meta");
  await meta.put(answer.cursor, "cursor");
  const seen = (await meta.get("resync")) as Id[] | undefined;
  if (seen) {
    const all = [...seen, ...answer.changes.map((change) => change.id)];
    if (answer.more) await meta.put(all, "resync");
    else await endResync(tx, new Set(all));
  }
  await tx.done;
}

/** After a full reading anew, what the server did not mention was deleted while this phone slept too long. */
async function endResync(tx: Tx, seen: ReadonlySet<Id>): Promise<void> {
  for (const row of await tx.objectStore("records").getAll()) {
    const waits = (await tx.objectStore("outbox").index("id").count(row.id)) > 0;
    if (row.base !== null && !seen.has(row.id) && !waits) await forget(tx, row.id);
  }
  await tx.objectStore("meta").delete("resync");
}

async function startResync(db: Database): Promise<void> {
  const tx = db.transaction("meta", "readwrite");
  await tx.store.delete("cursor");
  await tx.store.put([], "resync");
  await tx.done;
}

/** Takes what is new and sends nothing. */
export const pull = (db: Database, server: Pick<Server, "sync">): Promise<void> => talk(db, server, async () => []);

/** Sends what waits and takes what is new until both sides are done. Throws `ApiError` when it cannot go on. */
export const exchange = (db: Database, server: Pick<Server, "sync">, now: () => number = Date.now): Promise<void> =>
  talk(db, server, () => nextBatch(db, now()));

const MOST_TURNS = 500;

async function talk(db: Database, server: Pick<Server, "sync">, next: () => Promise<Operation[]>): Promise<void> {
  for (let turn = 0, resyncs = 0; turn < MOST_TURNS; turn += 1) {
    const batch = await next();
    const cursor = ((await db.get("meta", "cursor")) as string | undefined) ?? null;
    let answer: SyncAnswer;
    try {
      answer = await server.sync(cursor, batch.map(onTheWire));
    } catch (error) {
      if ((error as ApiError).status !== 410 || resyncs > 0) throw error;
      resyncs += 1;
      await startResync(db);
      continue;
    }
    await applyAnswer(db, batch, answer);
    const isSilent = batch.length > 0 && answer.results.length === 0; // it would be sent again for ever
    if (isSilent || (batch.length === 0 && !answer.more)) return;
  }
}
