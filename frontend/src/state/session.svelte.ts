import { accounts, ApiError, hasVisited, server } from "../api";
import type { Signed } from "../api/accounts";
import type { Me } from "../api/types";
import { deviceTimeZone } from "../domain/dates";
import { clearDatabase, type Database } from "../store/db";

export type SessionStatus = "unknown" | "anonymous" | "signed_in";

/** Why signing in stopped short: the phone holds unsent entries of another account. */
export class OtherAccount extends Error {
  constructor(readonly unsent: number) {
    super("other_account");
  }
}

/**
 * Who is signed in. The answer of last time is kept, so that the app opens offline as it was left; a session that ended
 * on the server only turns `expired` on, and everything stays on the phone.
 */
export class Session {
  status = $state<SessionStatus>("unknown");
  me = $state.raw<Me | null>(null);
  /** The server no longer knows this session: ask for the password, touch nothing. */
  expired = $state(false);
  readonly email = $derived(this.me?.email ?? null);

  #db: Promise<Database>;
  #onSignedIn: () => void;

  constructor(db: Promise<Database>, onSignedIn: () => void) {
    this.#db = db;
    this.#onSignedIn = onSignedIn;
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
    await this.#enter(() => accounts.signUp(email, password, invitation), email);
    await this.changeMe({ time_zone: deviceTimeZone() }).catch(() => undefined); // a nicety; the next start can do it
  }

  async signIn(email: string, password: string): Promise<void> {
    await this.#enter(() => accounts.signIn(email, password), email);
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
  async reset(email: string, code: string, password: string): Promise<void> {
    const { signedIn } = await accounts.reset(code.trim(), password);
    if (signedIn) await this.#loadMe().then(this.#onSignedIn);
    else await this.signIn(email, password);
  }

  /** After a `reauthentication_required` refusal. */
  async reauthenticate(password: string): Promise<void> {
    await accounts.reauthenticate(password);
  }

  async changeMe(fields: Partial<Me>): Promise<void> {
    await this.#keep(await server.changeMe(fields));
  }

  /** Waiting entries: how many would be lost by `signOut`. Ask before calling it when this is not 0. */
  async unsent(): Promise<number> {
    const db = await this.#db;
    return (await db.count("outbox")) + (await db.count("errands")) + (await db.countFromIndex("pictures", "state", "waiting"));
  }

  /** Ends the session and takes everything off this phone. */
  async signOut(): Promise<void> {
    const subscription = await navigator.serviceWorker?.getRegistration().then((found) => found?.pushManager?.getSubscription());
    if (subscription) {
      await server.unsubscribePush(subscription.endpoint).catch(() => undefined); // the server drops dead ones itself
      await subscription.unsubscribe();
    }
    await accounts.signOut();
    await this.#leave();
  }

  /** Erases the account and everything in it, for good. May answer `reauthentication_required`. */
  async erase(): Promise<void> {
    await server.eraseMe();
    await this.#leave();
  }

  async #leave(): Promise<void> {
    await clearDatabase(await this.#db);
    this.me = null;
    this.expired = false;
    this.status = "anonymous";
    location.assign("/");
  }

  async #enter(door: () => Promise<Signed>, email: string): Promise<void> {
    const db = await this.#db;
    const owner = (await db.get("meta", "owner")) as string | undefined;
    if (owner && owner !== email.trim().toLowerCase()) {
      const unsent = await this.unsent();
      if (unsent > 0) throw new OtherAccount(unsent);
      await clearDatabase(db);
    }
    const before = await accounts.current(); // also for the CSRF cookie, which a fresh phone does not have yet
    if (before.signedIn) await accounts.signOut();
    const { signedIn, pending } = await door();
    if (!signedIn) throw new ApiError({ status: 401, code: pending[0] ?? "not_signed_in", message: "", fields: {}, retry_after: null });
    await db.put("meta", true, "arriving");
    await this.#loadMe();
    this.#onSignedIn();
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
