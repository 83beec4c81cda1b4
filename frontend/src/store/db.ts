import { wrap, type DBSchema, type IDBPDatabase } from "idb";
import type { Fields } from "../domain/fields";
import type { Id, RecordType, RecordTypes } from "../domain/record";
import type { Problem } from "../api/problem";
import { Keyring } from "./keyring";
import { opened } from "./opening";
import { sealedDatabase } from "./sealed";

/**
 * One record on this phone. `base` is what the server last said, `shown` is that with everything that still waits laid
 * over it; `base` is `null` until the server knows the record, and `rev` is 0 till then.
 */
export interface Row<T extends RecordType = RecordType> {
  id: Id;
  type: T;
  rev: number;
  base: RecordTypes[T] | null;
  shown: RecordTypes[T];
  hidden: boolean; // a deletion waits in the outbox
}

/** One thing said on this phone that the server has not taken yet. `fields: null` deletes. */
export interface Operation {
  seq: number;
  op_id: Id;
  type: RecordType;
  id: Id;
  base_rev: number;
  fields: Fields | null;
  sent: boolean; // it has been in a request, so it may have arrived and must be repeated word for word
  not_before: number; // deletions wait some seconds, so that Undo is possible
  problem: Problem | null; // refused: it stays until the person has seen to it
}

/** A picture's bytes. WebKit loses Blobs in IndexedDB, so they lie here as buffers with their type. */
export interface Picture {
  id: Id;
  observation: Id;
  taken_at: string;
  type: string;
  bytes: ArrayBuffer | null; // null once the server has them
  thumb: ArrayBuffer | null; // JPEG; null where this browser cannot decode the original
  sha256: string | null; // null where the page came without https: browsers then refuse to compute it
  state: "waiting" | "sent" | "refused";
  problem: Problem | null;
}

/** A field that was changed on two phones: the server kept one value, the other is shown until somebody decides. */
export interface Clash {
  key: Id; // random: the name of a field would tell what was asked
  type: RecordType;
  id: Id;
  field: string;
  kept: unknown;
  other: unknown;
  at: string;
}

/** A request other than a record's that has to get through some time, such as "I have booked". */
export interface Errand {
  seq: number;
  path: string;
  body: object;
  lump: Id | null;
  problem: Problem | null; // refused: it stays until the person has seen to it
}

interface Schema extends DBSchema {
  records: { key: Id; value: Row; indexes: { type: RecordType } };
  outbox: { key: number; value: Operation; indexes: { id: Id } };
  pictures: { key: Id; value: Picture; indexes: { state: string } };
  clashes: { key: string; value: Clash };
  errands: { key: number; value: Errand };
  drafts: { key: string; value: unknown };
  cache: { key: string; value: unknown }; // what the server said about other things: assessments, notifications, me
  meta: { key: string; value: unknown };
}

export type Database = IDBPDatabase<Schema>;
export type StoreName = "records" | "outbox" | "pictures" | "clashes" | "errands" | "drafts" | "cache" | "meta";
export const STORES: readonly StoreName[] = ["records", "outbox", "pictures", "clashes", "errands", "drafts", "cache", "meta"];

/** The database as it lies there; with what `opening` gave, or by a name of its own. */
export const openRaw = async (from?: Promise<IDBDatabase> | string): Promise<Database> =>
  wrap(await (from instanceof Promise ? from : opened(from))) as Database; // the stores are those that `opening` makes

/** The database as the app uses it; `keys` seals and opens what goes through while the app lock is on. */
export const openDatabase = async (name?: string, keys = new Keyring()): Promise<Database> => sealedDatabase(await openRaw(name), keys);

/** Forgets everything at sign-out: nothing of one account may be met by the next. */
export async function clearDatabase(db: Database): Promise<void> {
  const tx = db.transaction(STORES, "readwrite");
  await Promise.all([...STORES.map((store) => tx.objectStore(store).clear()), tx.done]);
}
