import { noteOpening, type OpenedAddress } from "../store/openings";
import { lock, outbox } from "./index";

/**
 * Somebody came in by a message. The server hears of it as soon as it can, so that no mail follows what was seen in time.
 * It names no message and answers none: the ladder goes on.
 */
export async function sayOpened(address: OpenedAddress, now = new Date()): Promise<void> {
  const db = await lock.db;
  if (!(await db.get("cache", "me"))) return; // nobody is told anything here
  await noteOpening(db, address, now);
  outbox.flush();
}
