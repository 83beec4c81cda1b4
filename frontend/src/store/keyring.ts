import { open, seal, type Sealed } from "./cipher";
import type { StoreName } from "./db";

/** What stays readable while the lock is on: ids, and what the pump needs to know without knowing what was said. */
const PLAIN: Partial<Record<StoreName, readonly string[]>> = {
  records: ["id", "type", "rev", "hidden"],
  outbox: ["seq", "op_id", "type", "id", "base_rev", "sent", "not_before"],
  pictures: ["id", "observation", "state"],
  clashes: ["key", "id", "type"],
  errands: ["seq"],
};
/** Stores whose rows were opened before and are asked for again and again; pictures would take too much memory. */
const REMEMBERED = new Set<StoreName>(["records", "cache"]);

/** The record of the lock itself, in `meta`: never sealed, or nobody could open anything. */
export const LOCK = "lock";

/** The database was asked while nobody had unlocked it. */
export class Locked extends Error {
  constructor() {
    super("locked");
  }
}

type Bag = Record<string, unknown>;
const isSealed = (value: unknown): value is Bag & { sealed: Sealed } =>
  typeof value === "object" && value !== null && "sealed" in value && (value).sealed instanceof Object;

/** Holds the key while the app is unlocked, and seals and opens what goes in and out of the database. */
export class Keyring {
  key: CryptoKey | null = null;
  /** Whether what is written from now on is sealed. What lies there may be either while the lock is being turned. */
  seals = false;
  /** The latest write: when it has settled, all before it have. */
  last: Promise<unknown> = Promise.resolve();
  #opened = new Map<string, { iv: string; value: unknown }>();

  /** What is to be written, or the value itself where there is nothing to do. */
  sealing(store: StoreName, value: unknown, key?: IDBValidKey): Promise<unknown> | null {
    if (!this.seals || (store === "meta" && key === LOCK)) return null;
    return this.#sealed(store, value, key);
  }

  /** What was read, opened. `null` where nothing needs opening. */
  opening(store: StoreName, value: unknown, key?: IDBValidKey): Promise<unknown> | null {
    if (!isSealed(value)) return null;
    const about = aboutOf(store, value, key);
    const iv = value.sealed.iv.join();
    const known = this.#opened.get(about);
    if (known?.iv === iv) return Promise.resolve(known.value);
    return this.#open(store, value, about, iv);
  }

  async #sealed(store: StoreName, value: unknown, key?: IDBValidKey): Promise<unknown> {
    if (!this.key) throw new Locked();
    const names = PLAIN[store];
    if (!names) return { sealed: await seal(this.key, value, aboutOf(store, {}, key)) };
    const row = value as Bag;
    const plain = Object.fromEntries(Object.entries(row).filter(([name]) => names.includes(name)));
    const secret = Object.fromEntries(Object.entries(row).filter(([name]) => !names.includes(name)));
    return { ...plain, sealed: await seal(this.key, secret, aboutOf(store, row, key)) };
  }

  async #open(store: StoreName, row: Bag & { sealed: Sealed }, about: string, iv: string): Promise<unknown> {
    if (!this.key) throw new Locked();
    const secret = await open(this.key, row.sealed, about);
    const { sealed, ...plain } = row;
    const value = PLAIN[store] ? { ...plain, ...(secret as Bag) } : secret;
    if (sealed && REMEMBERED.has(store)) this.#opened.set(about, { iv, value });
    return value;
  }
}

function aboutOf(store: StoreName, row: Bag, key?: IDBValidKey): string {
  const name = row["id"] ?? row["key"] ?? key ?? "";
  return `${store} ${typeof name === "string" ? name : ""}`;
}
