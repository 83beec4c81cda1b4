import { accounts } from "../api";
import { clearDatabase, openRaw, type Database } from "../store/db";
import { Keyring } from "../store/keyring";
import type { LockRecord, Tried } from "../store/lock";
import { openedEarly } from "../store/opening";
import { sealedDatabase } from "../store/sealed";
import { forgetPhone, unsentOf } from "./leave";

const BLANK = "blank"; // in this tab's session: a reload must not bring the screen back
const BUTTON = "hide-button";
const TABS = "tracker-open";
const SLOW_MS = 5_000; // nobody sees anything meanwhile
const ESCAPES_MS = 600;

/** What the app lock's ciphers need is loaded when there is a lock. */
const ciphers = () => import("../store/lock");
const authenticator = () => import("../store/authenticator");

/** A browser that keeps nothing for this site throws here. */
function kept(name: string): string | null {
  try {
    return sessionStorage.getItem(name) ?? localStorage.getItem(name);
  } catch {
    return null;
  }
}

/**
 * The door of the app. While it is locked, `db` waits, and with it everything that would read: the record is not in this
 * page at all. To lock is to load the page anew, so nothing that was opened stays in its memory.
 */
export class Lock {
  status = $state<"opening" | "open" | "locked" | "no_storage">("opening");
  on = $state(false);
  /** An empty page stands in the place of the app. */
  blank = $state(kept(BLANK) !== null);
  /** This phone's own fingerprint or face opens it too. */
  hasDevice = $state(false);
  minutes = $state(5);
  /** No try counts before this moment. */
  notBefore = $state(0);
  /** Whether a button that hides the app stands on every screen. */
  hasButton = $state(kept(BUTTON) !== null);

  /** What is on its way into the database: the page waits for it before it goes. */
  written: () => Promise<void> = () => Promise.resolve();
  readonly db: Promise<Database>;
  /** Once `status` is no longer "opening". */
  readonly known: Promise<void>;
  #keys = new Keyring();
  #raw: Promise<Database>;
  #opened!: (db: Database) => void;
  #tabs = "BroadcastChannel" in globalThis ? new BroadcastChannel("tracker-lock") : null;
  #letGo: () => void = () => undefined;
  #joined: Promise<unknown> = Promise.resolve();
  #hiddenAt = 0;
  #later: ReturnType<typeof setTimeout> | undefined;

  constructor() {
    this.db = new Promise((resolve) => (this.#opened = resolve));
    this.#raw = openRaw(openedEarly());
    // Nobody turns the lock between looking whether there is one and reading, for that needs to be alone.
    this.known = Promise.all([this.#raw, this.#join()]).then(
      ([raw]) => this.#begin(raw),
      () => {
        this.status = "no_storage";
      },
    );
  }

  /** The gate hears of other tabs, of the background, and of Esc twice. */
  listen(): void {
    this.#tabs?.addEventListener("message", ({ data }) => void this.#away({ blank: data === "hide", told: true }));
    document.addEventListener("visibilitychange", () => {
      if (document.visibilityState === "hidden") this.#left();
      else this.#returned();
    });
    let escaped = -Infinity;
    addEventListener("keydown", (event) => {
      if (event.key !== "Escape") return;
      if (event.timeStamp - escaped < ESCAPES_MS) void this.hide();
      escaped = event.timeStamp;
    });
  }

  async unlock(pin: string): Promise<Tried> {
    const { unlock } = await ciphers();
    return this.#enter(async (db) => unlock(db, this.#keys, pin, Date.now()));
  }

  /** With a finger or a face; false where it gave nothing. */
  async unlockWithDevice(): Promise<Tried> {
    const { readLock, unlockWithDevice } = await ciphers();
    const lock = await readLock(await this.#raw);
    const found = lock?.device ? await (await authenticator()).askDevice(lock.device.credential, lock.device.salt) : null;
    return found ? this.#enter(async (db) => unlockWithDevice(db, this.#keys, found)) : { isOpen: false, notBefore: 0 };
  }

  hasAuthenticator = async (): Promise<boolean> => (await authenticator()).hasAuthenticator();

  /** Seals the record. `device`: also opened by this phone's own authenticator. False while another tab is open. */
  async turnOn(pin: string, { device = false } = {}): Promise<boolean> {
    const secret = device ? await (await authenticator()).newDeviceSecret(document.title).catch(() => null) : null;
    return this.#alone(async (db) => {
      await (await ciphers()).turnOn(db, this.#keys, pin, { device: secret });
      [this.on, this.hasDevice] = [true, secret !== null];
    });
  }

  /** Opens the record for good. `null` while another tab is open. */
  async turnOff(pin: string): Promise<Tried | null> {
    let tried: Tried = { isOpen: false, notBefore: 0 };
    const isAlone = await this.#alone(async (db) => {
      tried = await (await ciphers()).turnOff(db, this.#keys, pin, Date.now());
      if (tried.isOpen) this.on = false;
    });
    return isAlone ? tried : null;
  }

  /** The same record behind another PIN. */
  async changePin(old: string, next: string): Promise<Tried> {
    const { changePin } = await ciphers();
    return changePin(await this.db, this.#keys, { old, next }, Date.now());
  }

  async setMinutes(minutes: number): Promise<void> {
    this.minutes = minutes;
    await (await ciphers()).keepMinutes(await this.db, minutes);
  }

  /** Locks now, in every tab. */
  lockNow = (): Promise<void> => this.#away({ blank: false, told: false });

  /** Takes the screen away at once, here and in every tab; what comes back is the lock, where there is one. */
  hide = (): Promise<void> => this.#away({ blank: true, told: false });

  showButton(wanted: boolean): void {
    this.hasButton = wanted;
    if (wanted) localStorage.setItem(BUTTON, "");
    else localStorage.removeItem(BUTTON);
  }

  /** A tap on the empty page. */
  show(): void {
    sessionStorage.removeItem(BLANK);
    this.blank = false;
  }

  /** What would be lost by `forget`; known without the PIN. */
  unsent = async (): Promise<number> => unsentOf(await this.#raw);

  /** The PIN is forgotten: signs out and takes everything off this phone. */
  async forget(): Promise<void> {
    await accounts.signOut().catch(() => undefined); // without a line the session ends by its own time
    await this.clear(await this.#raw);
    await forgetPhone();
    location.replace("/");
  }

  /** Empties the database and throws the key away: what is written later must not be sealed with a key nobody has. */
  async clear(db: Database): Promise<void> {
    [this.#keys.seals, this.#keys.key, this.on] = [false, null, false];
    await clearDatabase(db);
    this.#tabs?.postMessage("left");
  }

  async #begin(raw: Database): Promise<void> {
    const lock = (await raw.get("meta", "lock")) as LockRecord | undefined;
    if (!lock) {
      this.#show(raw);
      return;
    }
    this.#letGo();
    this.on = true;
    this.hasDevice = lock.device !== null;
    this.minutes = lock.minutes;
    this.notBefore = lock.not_before;
    this.status = "locked";
  }

  async #enter(unlock: (db: Database) => Promise<Tried>): Promise<Tried> {
    const raw = await this.#raw;
    const tried = await unlock(sealedDatabase(raw, this.#keys));
    this.notBefore = tried.notBefore;
    if (tried.isOpen && this.status === "locked") await this.#open(raw);
    return tried;
  }

  async #open(raw: Database): Promise<void> {
    await this.#join();
    this.on = (await raw.get("meta", "lock")) !== undefined; // turned off in another tab meanwhile
    this.#show(raw);
  }

  #show(raw: Database): void {
    this.status = "open";
    this.#opened(sealedDatabase(raw, this.#keys));
  }

  /** Tabs that read and write hold this together; who turns the lock needs it alone. */
  #join(): Promise<void> {
    const locks = navigator.locks as LockManager | undefined; // Safari before 15.4 has none
    if (!locks) return Promise.resolve();
    return new Promise((joined) => {
      this.#joined = locks.request(TABS, { mode: "shared" }, () => {
        joined();
        return new Promise<void>((release) => (this.#letGo = release));
      });
    });
  }

  /** Turning the lock while another tab writes would leave readable rows, or rows that nobody can read. */
  async #alone(work: (db: Database) => Promise<void>): Promise<boolean> {
    const db = await this.db;
    const locks = navigator.locks as LockManager | undefined;
    if (!locks) {
      await work(db);
      return true;
    }
    this.#letGo();
    await this.#joined; // gone only now
    try {
      return await locks.request(TABS, { ifAvailable: true }, async (held) => {
        if (held) await work(db);
        return held !== null;
      });
    } finally {
      await this.#join();
    }
  }

  /** Locks while nobody looks, where the system lets a page in the background run; else at the return. */
  #left(): void {
    this.#hiddenAt = Date.now();
    this.#later = setTimeout(() => {
      this.#returned();
    }, this.minutes * 60_000 + 100);
  }

  #returned(): void {
    clearTimeout(this.#later);
    const away = Date.now() - this.#hiddenAt;
    if (this.on && this.status === "open" && away >= this.minutes * 60_000) void this.lockNow();
  }

  async #away({ blank, told }: { blank: boolean; told: boolean }): Promise<void> {
    if (this.status !== "open" && !blank) return;
    if (blank) {
      sessionStorage.setItem(BLANK, "");
      history.replaceState(null, "", "/#/");
    }
    document.documentElement.hidden = true; // at once, before anything is waited for
    this.blank = true;
    if (!told) this.#tabs?.postMessage(blank ? "hide" : "lock");
    await Promise.race([this.#written(), new Promise((resolve) => setTimeout(resolve, SLOW_MS))]);
    location.reload();
  }

  /** Half-filled forms that are on their way into the database are there when this resolves. */
  async #written(): Promise<void> {
    if (this.status !== "open") return;
    await this.written();
    await this.#keys.last.catch(() => undefined);
    await (await this.#raw).transaction("drafts", "readwrite").done;
  }
}
