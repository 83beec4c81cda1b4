import { STORES, type Database } from "./db";
import { LOCK, type Keyring } from "./keyring";

/**
 * The app lock. One random key seals everything on this phone; it lies here wrapped by what the PIN gives and, where the
 * person wants it, by what the phone's own authenticator gives. Loaded only when there is a lock to turn.
 */
export interface LockRecord {
  /** What a crash has interrupted is taken up again at the next unlocking. */
  state: "on" | "turning_on" | "turning_off";
  salt: Uint8Array<ArrayBuffer>;
  iterations: number;
  wrapped: Wrapped;
  device: (Wrapped & { credential: Uint8Array<ArrayBuffer>; salt: Uint8Array<ArrayBuffer> }) | null;
  failures: number;
  not_before: number; // no try counts before this moment
  minutes: number; // in the background before it locks by itself
}

interface Wrapped {
  iv: Uint8Array<ArrayBuffer>;
  bytes: ArrayBuffer;
}

/** What the authenticator gave: the same secret for the same salt, for this app on this phone alone. */
export interface DeviceSecret {
  credential: Uint8Array<ArrayBuffer>;
  salt: Uint8Array<ArrayBuffer>;
  secret: ArrayBuffer;
}

export const SHORTEST_PIN = 6;
const ITERATIONS = 600_000; // PBKDF2-SHA256: some tenths of a second on a phone, for each guess
const FREE_TRIES = 3;
const FIRST_DELAY_MS = 5_000;
const LONGEST_DELAY_MS = 900_000;
const CHUNK = 25;
const AES = { name: "AES-GCM", length: 256 } as const;

const random = (length: number): Uint8Array<ArrayBuffer> => crypto.getRandomValues(new Uint8Array(length));

export const readLock = async (db: Database): Promise<LockRecord | null> =>
  ((await db.get("meta", LOCK)) as LockRecord | undefined) ?? null;

async function keyOfPin(pin: string, salt: Uint8Array<ArrayBuffer>, iterations: number): Promise<CryptoKey> {
  const material = await crypto.subtle.importKey("raw", new TextEncoder().encode(pin.normalize("NFKC")), "PBKDF2", false, ["deriveKey"]);
  return crypto.subtle.deriveKey({ name: "PBKDF2", hash: "SHA-256", salt, iterations }, material, AES, false, ["wrapKey", "unwrapKey"]);
}

async function keyOfDevice(secret: ArrayBuffer, salt: Uint8Array<ArrayBuffer>): Promise<CryptoKey> {
  const material = await crypto.subtle.importKey("raw", secret, "HKDF", false, ["deriveKey"]);
  const info = new TextEncoder().encode("tracker lock");
  return crypto.subtle.deriveKey({ name: "HKDF", hash: "SHA-256", salt, info }, material, AES, false, ["wrapKey", "unwrapKey"]);
}

async function wrap(key: CryptoKey, by: CryptoKey): Promise<Wrapped> {
  const iv = random(12);
  return { iv, bytes: await crypto.subtle.wrapKey("raw", key, by, { name: "AES-GCM", iv }) };
}

/** The key, ready for use and never to be taken out again; `null` where `by` is not what wrapped it. */
async function unwrap({ iv, bytes }: Wrapped, by: CryptoKey): Promise<CryptoKey | null> {
  try {
    return await crypto.subtle.unwrapKey("raw", bytes, by, { name: "AES-GCM", iv }, AES, false, ["encrypt", "decrypt"]);
  } catch {
    return null;
  }
}

interface Turning {
  device?: DeviceSecret | null;
  iterations?: number;
}

/** Seals everything that lies here. Reads and writes go on meanwhile; a crash is mended at the next unlocking. */
export async function turnOn(db: Database, keys: Keyring, pin: string, { device = null, iterations = ITERATIONS }: Turning = {}): Promise<void> {
  const key = await crypto.subtle.generateKey(AES, true, ["encrypt", "decrypt"]);
  const salt = random(16);
  const byPin = await keyOfPin(pin, salt, iterations);
  const lock: LockRecord = {
    state: "turning_on",
    salt,
    iterations,
    wrapped: await wrap(key, byPin),
    device: device && { ...(await wrap(key, await keyOfDevice(device.secret, device.salt))), credential: device.credential, salt: device.salt },
    failures: 0,
    not_before: 0,
    minutes: 5,
  };
  const usable = await unwrap(lock.wrapped, byPin);
  await db.put("meta", lock, LOCK);
  keys.key = usable;
  await finishTurning(db, keys, lock);
}

/** Opens everything again; false where the PIN is another one. */
export async function turnOff(db: Database, keys: Keyring, pin: string, now: number): Promise<Tried> {
  const tried = await unlock(db, keys, pin, now);
  if (!tried.isOpen) return tried;
  const lock = await readLock(db);
  if (lock) {
    await db.put("meta", { ...lock, state: "turning_off" }, LOCK);
    await finishTurning(db, keys, { ...lock, state: "turning_off" });
  }
  return tried;
}

/** Wraps the same key anew, so that nothing that lies here is written again. What the authenticator opens, it opens still. */
export async function changePin(db: Database, keys: Keyring, pins: { old: string; next: string }, now: number, iterations = ITERATIONS): Promise<Tried> {
  const tried = await unlock(db, keys, pins.old, now);
  const lock = tried.isOpen ? await readLock(db) : null;
  if (!lock) return tried;
  const { iv, bytes } = lock.wrapped;
  const byOld = await keyOfPin(pins.old, lock.salt, lock.iterations);
  const key = await crypto.subtle.unwrapKey("raw", bytes, byOld, { name: "AES-GCM", iv }, AES, true, ["encrypt", "decrypt"]);
  const salt = random(16);
  const wrapped = await wrap(key, await keyOfPin(pins.next, salt, iterations));
  await db.put("meta", { ...lock, salt, iterations, wrapped }, LOCK);
  return tried;
}

/** Whether the app is open now, and if not, from when another try counts. */
export interface Tried {
  isOpen: boolean;
  notBefore: number;
}

/** Each try is counted before it is looked at: closing the app in the middle of one saves nothing. */
export async function unlock(db: Database, keys: Keyring, pin: string, now: number): Promise<Tried> {
  const lock = await countTry(db, now);
  if (!lock) return { isOpen: false, notBefore: (await readLock(db))?.not_before ?? 0 };
  return enter(db, keys, lock, await keyOfPin(pin, lock.salt, lock.iterations), lock.wrapped);
}

/** With what the authenticator gave. Such tries are not counted: the phone counts them itself. */
export async function unlockWithDevice(db: Database, keys: Keyring, { secret }: DeviceSecret): Promise<Tried> {
  const lock = await readLock(db);
  if (!lock?.device) return { isOpen: false, notBefore: 0 };
  return enter(db, keys, lock, await keyOfDevice(secret, lock.device.salt), lock.device);
}

async function enter(db: Database, keys: Keyring, lock: LockRecord, by: CryptoKey, wrapped: Wrapped): Promise<Tried> {
  const key = await unwrap(wrapped, by);
  if (!key) return { isOpen: false, notBefore: lock.not_before };
  keys.key = key;
  keys.seals = lock.state !== "turning_off";
  await db.put("meta", { ...lock, failures: 0, not_before: 0 }, LOCK);
  if (lock.state !== "on") await finishTurning(db, keys, lock);
  return { isOpen: true, notBefore: 0 };
}

/** The lock with one more failure on it, or `null` while it is too early. */
async function countTry(db: Database, now: number): Promise<LockRecord | null> {
  const tx = db.transaction("meta", "readwrite");
  const lock = (await tx.store.get(LOCK)) as LockRecord | undefined;
  const isTime = lock !== undefined && now >= lock.not_before;
  const counted = lock && { ...lock, failures: lock.failures + 1, not_before: now + delayAfter(lock.failures + 1) };
  if (isTime) await tx.store.put(counted, LOCK);
  await tx.done;
  return isTime ? (counted ?? null) : null;
}

/** Some slips are free; then each wrong PIN doubles the wait. */
export const delayAfter = (failures: number): number =>
  failures < FREE_TRIES ? 0 : Math.min(LONGEST_DELAY_MS, FIRST_DELAY_MS * 2 ** (failures - FREE_TRIES));

/** Writes everything once more, sealed or open; may be broken off at any point and begun again. */
async function finishTurning(db: Database, keys: Keyring, lock: LockRecord): Promise<void> {
  keys.seals = lock.state !== "turning_off";
  for (const store of STORES) {
    const names = (await db.getAllKeys(store)).filter((name) => name !== LOCK);
    for (let i = 0; i < names.length; i += CHUNK) await rewrite(db, store, names.slice(i, i + CHUNK));
  }
  if (lock.state === "turning_off") await db.delete("meta", LOCK);
  else await db.put("meta", { ...lock, state: "on", failures: 0, not_before: 0 }, LOCK);
  if (lock.state === "turning_off") keys.key = null;
}

async function rewrite(db: Database, store: (typeof STORES)[number], names: readonly IDBValidKey[]): Promise<void> {
  const tx = db.transaction(store, "readwrite");
  const isNamedOutside = tx.store.keyPath === null;
  for (const name of names) {
    const value = await tx.store.get(name as never); // each store has its own type of name
    if (value !== undefined) await tx.store.put(value, isNamedOutside ? (name as never) : undefined); // as above
  }
  await tx.done;
}

export async function keepMinutes(db: Database, minutes: number): Promise<void> {
  const lock = await readLock(db);
  if (lock) await db.put("meta", { ...lock, minutes }, LOCK);
}
