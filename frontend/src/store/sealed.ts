import type { IDBPDatabase } from "idb";
import type { Database, StoreName } from "./db";
import type { Keyring } from "./keyring";

/**
 * The database with everything sealed on its way in and opened on its way out, while it looks like the plain one. Where
 * nothing is sealed it adds nothing.
 *
 * IndexedDB ends a transaction in which nothing is asked any more, and a cipher takes its time. So while one is at work
 * inside a transaction, cheap questions keep that open: it stays one transaction, for other tabs too.
 */
type Any = any; // eslint-disable-line @typescript-eslint/no-explicit-any -- `idb` is passed through; its types stand at the door, in `Database`
/* eslint-disable @typescript-eslint/no-unsafe-member-access, @typescript-eslint/no-unsafe-call, @typescript-eslint/no-unsafe-argument, @typescript-eslint/no-unsafe-assignment, @typescript-eslint/no-unsafe-return -- as above */

type Hold = <T>(work: Promise<T>) => Promise<T>;
const hold: Hold = (work) => work;

export function sealedDatabase(raw: IDBPDatabase<Any>, keys: Keyring): Database {
  /** One after the other: of two versions of a form the later one must stay, however long each took to seal. */
  const inTurn = (write: () => Promise<unknown>): Promise<unknown> => (keys.last = keys.last.then(write, write));
  const own: Record<string, unknown> = {
    get: async (store: StoreName, key: Any) => opened(keys, store, await raw.get(store, key), key, hold),
    getAll: async (store: StoreName, query?: Any) => all(keys, store, await keyed(keys, raw, store, query), hold),
    getAllFromIndex: async (store: StoreName, index: string, query?: Any) =>
      all(keys, store, unkeyed(await raw.getAllFromIndex(store, index as never, query)), hold),
    put: (store: StoreName, value: unknown, key?: Any) => {
      const sealing = keys.sealing(store, value, key);
      return sealing ? inTurn(async () => raw.put(store, await sealing, key)) : raw.put(store, value, key);
    },
    add: (store: StoreName, value: unknown, key?: Any) => {
      const sealing = keys.sealing(store, value, key);
      return sealing ? inTurn(async () => raw.add(store, await sealing, key)) : raw.add(store, value, key);
    },
    transaction: (stores: StoreName | StoreName[], mode: Any, options?: Any) => transaction(raw.transaction(stores as Any, mode, options), keys),
  };
  return over(raw, own) as Database;
}

function transaction(raw: Any, keys: Keyring): object {
  return over(raw, {
    objectStore: (name: StoreName) => objectStore(raw.objectStore(name), keys),
    get store() {
      return raw.store ? objectStore(raw.store, keys) : undefined;
    },
  });
}

function objectStore(raw: Any, keys: Keyring): object {
  const name = raw.name as StoreName;
  // Reading alone may end early: what was asked for has been answered.
  const holding: Hold = raw.transaction.mode === "readonly" ? hold : (work) => held(raw, work);
  const written = async (verb: "put" | "add", value: unknown, key?: Any): Promise<unknown> => {
    const sealing = keys.sealing(name, value, key);
    return raw[verb](sealing ? await holding(sealing) : value, key);
  };
  return over(raw, {
    get: async (key: Any) => opened(keys, name, await raw.get(key), key, holding),
    getAll: async (query?: Any) => all(keys, name, await keyed(keys, raw, null, query), holding),
    put: (value: unknown, key?: Any) => (keys.seals ? written("put", value, key) : raw.put(value, key)),
    add: (value: unknown, key?: Any) => (keys.seals ? written("add", value, key) : raw.add(value, key)),
    index: (index: string) => {
      const found = raw.index(index);
      return over(found, { getAll: async (query?: Any) => all(keys, name, unkeyed(await found.getAll(query)), holding) });
    },
  });
}

async function held<T>(store: Any, work: Promise<T>): Promise<T> {
  let isDone = false;
  const done = work.then(
    () => (isDone = true),
    () => (isDone = true),
  );
  while (!isDone) await store.count("");
  await done; // long since: this goes on within the last answer, so the transaction is still open
  return work;
}

type Pairs = [unknown, IDBValidKey | undefined][];
const KEYED = new Set<StoreName>(["cache", "meta", "drafts"]);

/** All values, with their names where those lie outside the value and a sealed one could be opened with it. */
async function keyed(keys: Keyring, from: Any, store: StoreName | null, query?: Any): Promise<Pairs> {
  const name = store ?? (from.name as StoreName);
  const named = store ? [store] : [];
  if (keys.key === null || !KEYED.has(name)) return unkeyed(await from.getAll(...named, query));
  const [values, names] = await Promise.all([from.getAll(...named, query), from.getAllKeys(...named, query)]);
  return (values as unknown[]).map((value, i) => [value, names[i]]);
}
const unkeyed = (values: unknown[]): Pairs => values.map((value) => [value, undefined]);

async function opened(keys: Keyring, store: StoreName, value: unknown, key: IDBValidKey | undefined, hold: Hold): Promise<unknown> {
  const opening = keys.opening(store, value, key);
  return opening ? hold(opening) : value;
}

async function all(keys: Keyring, store: StoreName, pairs: Pairs, hold: Hold): Promise<unknown[]> {
  const openings = pairs.map(([value, key]) => keys.opening(store, value, key));
  if (openings.every((opening) => opening === null)) return pairs.map(([value]) => value);
  return hold(Promise.all(pairs.map(([value], i) => openings[i] ?? value)));
}

/** The same thing with some verbs of our own. Methods keep their own `this`. */
function over(raw: Any, own: object): object {
  return new Proxy(raw, {
    get(target, name) {
      if (name in own) return Reflect.get(own, name) as unknown;
      const found = Reflect.get(target, name) as unknown;
      return typeof found === "function" ? found.bind(target) : found;
    },
  }) as object;
}
