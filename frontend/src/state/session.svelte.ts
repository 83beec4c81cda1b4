import { accounts, hasVisited, server } from "../api";
import type { Signed } from "../api/accounts";
import type { Me } from "../api/types";
import { deviceTimeZone } from "../domain/dates";
import type { Database } from "../store/db";
import { endPush, forgetPhone, unsentOf } from "./leave";

export type SessionStatus = "unknown" | "anonymous" | "signed_in";

/**
 * Who is signed in. The answer of last time is kept, so that the app opens offline as it was left; a session that ended
 * on the server only turns `expired` on, and everything stays on the phone.
 */
export class Session {
  status = $state<SessionStatus>("unknown");
  me = $state.raw<Me | null>(null);
  /** The server no longer knows this sign-in: ask for the password, touch nothing. */
  expired = $state(false);
  readonly email = $derived(this.me?.email ?? null);

  #db: Promise<Database>;
  #onSignedIn: () => void;
  #clear: (db: Database) => Promise<void>;

  /** `clear` empties the phone, the lock with it. */
  constructor(db: Promise<Database>, onSignedIn: () => void, clear: (db: Database) => Promise<void>) {
    this.#db = db;
    this.#onSignedIn = onSignedIn;
    this.#clear = clear;
  }

  /** First what the phone remembers, then what the server says. */
  async start(): Promise<void> {
    const db = await this.#db;
    this.me = ((await db.get("cache", "me")) as Me | undefined) ?? null;
    if (this.me) this.status = "signed_in";
    if (this.me || hasVisited()) await this.refresh();
    else this.status = "anonymous"; // a first visit asks the server nothing
  }

  async refresh(): Promise<void> {
    try {
      const { signedIn } = await accounts.current();
      if (signedIn) await this.#loadMe();
      else this.lost();
    } catch {
      if (this.status === "unknown") this.status = "anonymous"; // no answer: the phone works all the same
    }
  }

  /** The server answered 401. */
  lost(): void {
    this.expired = this.me !== null;
    this.status = "anonymous";
  }

  /** `invitation`: what the hoster handed out, where a field error asks for it. */
  async signUp(email: string, password: string, invitation = ""): Promise<void> {
    await this.enter(() => accounts.signUp(email, password, invitation), email);
    await this.changeMe({ time_zone: deviceTimeZone() }).catch(() => undefined); // a nicety; the next start can do it
  }

  /** What is still asked for; nothing where that was all. */
  signIn(email: string, password: string): Promise<string[]> {
    return this.enter(() => accounts.signIn(email, password), email);
  }

  /** Through a door that is not the password's, or one step further: see `enter.ts`. */
  async enter(door: () => Promise<Signed>, email?: string): Promise<string[]> {
    const arrived = (): Promise<void> => this.#loadMe().then(this.#onSignedIn);
    const { enter } = await import("./enter");
    return enter({ db: await this.#db, unsent: () => this.unsent(), clear: this.#clear, arrived }, door, email);
  }

  /** Enters the code that was mailed; then reminders may go to this address. */
  async verifyEmail(code: string): Promise<void> {
    await accounts.verifyEmail(code.trim());
    await this.#loadMe();
  }

  async resendVerification(): Promise<void> {
    if (this.me) await accounts.sendVerification(this.me.email);
  }

  async requestReset(email: string): Promise<void> {
    await accounts.requestReset(email);
  }

  /** The new password with the mailed code; signs in with it where the server did not already. */
  async reset(email: string, code: string, password: string): Promise<string[]> {
    const { signedIn } = await accounts.reset(code.trim(), password);
    if (!signedIn) return this.signIn(email, password);
    await this.#loadMe().then(this.#onSignedIn);
    return [];
  }

  /** After a `reauthentication_required` refusal, where a form has a field for it; elsewhere `whenSure` of parts/sure. */
  async reauthenticate(password: string): Promise<void> {
    const { proof } = await import("../api/factors");
    await proof.password(password);
  }

  /** After the address was changed. */
  reload(): Promise<void> {
    return this.#loadMe();
  }

  async changeMe(fields: Partial<Me>): Promise<void> {
    await this.#keep(await server.changeMe(fields));
  }

  /** Waiting entries: how many would be lost by `signOut`. Ask before calling it when this is not 0. */
  async unsent(): Promise<number> {
    return unsentOf(await this.#db);
  }

  /** Ends the session and takes everything off this phone. */
  async signOut(): Promise<void> {
    const pushAgain = await endPush();
    try {
      await accounts.signOut();
    } catch (error) {
      await pushAgain(); // still signed in, so reminders go on
      throw error;
    }
    await this.#leave();
  }

  /** Takes everything off this phone, also what the server does not have; for whoever cannot sign in to send it. */
  async clearPhone(): Promise<void> {
    await accounts.signOut().catch(() => undefined); // without a line the session ends by its own time
    await this.#leave();
  }

  /** Erases the account and everything in it, for good, and shows the receipt. May answer `reauthentication_required`. */
  async erase(): Promise<void> {
    await this.#leave(await server.eraseMe());
  }

  /** The number of the receipt of an account that was erased here; this tab keeps it until it was read. */
  get receipt(): string | null {
    return sessionStorage.getItem("receipt");
  }

  forgetReceipt(): void {
    sessionStorage.removeItem("receipt");
  }

  async #leave(receipt = ""): Promise<void> {
    this.me = null;
    this.expired = false;
    this.status = "anonymous"; // from here on nothing is fetched or sent
    await this.#syncEnded();
    await this.#clear(await this.#db);
    await forgetPhone();
    if (receipt) sessionStorage.setItem("receipt", receipt);
    location.replace(receipt ? "/?#/data/gone" : "/"); // the "?" makes it another page, or it would not be loaded anew
  }

  /** An answer that is still on its way must not be written after everything was cleared. */
  async #syncEnded(): Promise<void> {
    const locks = navigator.locks as LockManager | undefined; // Safari before 15.4 has none
    const signal = AbortSignal.timeout(5_000);
    await locks?.request("tracker-sync", { signal }, async () => undefined).catch(() => undefined); // it hangs: go on
  }

  async #loadMe(): Promise<void> {
    await this.#keep(await server.me());
    this.expired = false;
    this.status = "signed_in";
  }

  async #keep(me: Me): Promise<void> {
    this.me = me;
    const db = await this.#db;
    await db.put("cache", me, "me");
    await db.put("meta", me.email.toLowerCase(), "owner");
  }
}
