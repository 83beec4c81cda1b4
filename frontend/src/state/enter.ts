import { accounts, ApiError } from "../api";
import type { Signed } from "../api/accounts";
import type { Database } from "../store/db";
import { unsubscribe } from "./leave";

/** What of the session signing in needs; here, because only the doors load it. */
export interface House {
  db: Database;
  unsent: () => Promise<number>;
  clear: (db: Database) => Promise<void>;
  /** Reads who is signed in now, and begins to send and fetch. */
  arrived: () => Promise<void>;
}

/** Why signing in stopped short: the phone holds unsent entries of another account. */
export class OtherAccount extends Error {
  constructor(readonly unsent: number) {
    super("other_account");
  }
}

/** Another account's record leaves the phone before anything of this one comes; nothing unsent is lost without a word. */
async function makeRoom({ db, unsent, clear }: House, email: string): Promise<void> {
  const owner = (await db.get("meta", "owner")) as string | undefined;
  if (!owner || owner === email.trim().toLowerCase()) return;
  const waiting = await unsent();
  if (waiting > 0) throw new OtherAccount(waiting);
  await clear(db);
  await unsubscribe(); // whoever comes now has not asked to be told here
}

/**
 * Through one door, or one step further. Empty: signed in. Else the kinds of proof that are still asked for ("totp",
 * "webauthn", "recovery_codes"; "code" for a mailed one). A passkey says only afterwards whose it is.
 */
export async function enter(house: House, door: () => Promise<Signed>, email = ""): Promise<string[]> {
  if (email) await makeRoom(house, email);
  const before = await accounts.current(); // also for the CSRF cookie, which a fresh phone does not have yet
  if (before.signedIn) await accounts.signOut();
  const { signedIn, pending, types, user } = await door();
  if (!signedIn && types.length > 0) return types;
  if (!signedIn && pending.includes("login_by_code")) return ["code"];
  if (!signedIn) throw new ApiError({ status: 401, code: pending[0] ?? "not_signed_in", message: "", fields: {}, retry_after: null });
  if (!email && user) {
    await makeRoom(house, user.email).catch(async (error: unknown) => {
      await accounts.signOut();
      throw error;
    });
  }
  await house.db.put("meta", true, "arriving");
  await house.arrived();
  return [];
}
