import { ApiError, type Server } from "../api";
import type { Database } from "./db";

/** The address that somebody came in by: that of a reminder to check, or that of everything else. */
export type OpenedAddress = "due" | "open";
const ADDRESSES: readonly OpenedAddress[] = ["due", "open"];
const nameOf = (address: OpenedAddress): string => `opened ${address}`;

/** Notes it, in place of an earlier time by the same address. Nobody wrote it, so it never counts as something unsent. */
export const noteOpening = (db: Database, address: OpenedAddress, at: Date): Promise<unknown> =>
  db.put("meta", at.toISOString(), nameOf(address));

/** Says it to the server if that can be: only what may pass waits for another time, and nobody hears of a refusal. */
export async function sendOpenings(db: Database, server: Pick<Server, "post">): Promise<void> {
  for (const address of ADDRESSES) {
    const at = (await db.get("meta", nameOf(address))) as string | undefined;
    if (!at) continue;
    try {
      await server.post("notifications/opened/", { at, address });
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      if (error.passing || error.status === 401) continue;
    }
    if ((await db.get("meta", nameOf(address))) === at) await db.delete("meta", nameOf(address)); // or it came in again meanwhile
  }
}
