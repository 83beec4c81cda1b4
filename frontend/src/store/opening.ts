/**
 * Opens the database, with nothing that is loaded for it: the page's first script asks for it while the app is still on
 * its way, and the browser opens it meanwhile.
 */
const VERSION = 1;
const DATABASE = "tracker";

function makeStores(db: IDBDatabase): void {
  db.createObjectStore("records", { keyPath: "id" }).createIndex("type", "type");
  db.createObjectStore("outbox", { keyPath: "seq", autoIncrement: true }).createIndex("id", "id");
  db.createObjectStore("pictures", { keyPath: "id" }).createIndex("state", "state");
  db.createObjectStore("clashes", { keyPath: "key" });
  db.createObjectStore("errands", { keyPath: "seq", autoIncrement: true });
  for (const store of ["drafts", "cache", "meta"]) db.createObjectStore(store);
}

/** `onLost`: the browser took the connection away, as iPhones do when short of memory. */
export async function opened(name = DATABASE, onLost: (() => void) | null = null): Promise<IDBDatabase> {
  const asked = indexedDB.open(name, VERSION);
  asked.onupgradeneeded = () => makeStores(asked.result);
  await new Promise((resolve, reject) => {
    asked.onsuccess = resolve;
    asked.onerror = () => reject(asked.error ?? new Error("the database does not open"));
  });
  const db = asked.result;
  db.onclose = onLost;
  db.onversionchange = () => db.close(); // another tab wants a newer version: give way instead of freezing it
  return db;
}

const again = (): void => location.reload(); // half-filled forms lie in `drafts`
let early: Promise<IDBDatabase> | null = null;

export function openEarly(): void {
  early = opened(DATABASE, again);
  early.catch(() => undefined); // whoever takes it hears of it
}

/** The app's own database, on its way already where that was asked for. */
export function openedEarly(): Promise<IDBDatabase> {
  const mine = early ?? opened(DATABASE, again);
  early = null;
  return mine;
}
