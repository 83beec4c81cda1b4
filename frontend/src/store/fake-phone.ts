/** A phone for tests: a database of its own, and what it shows. */
import { newId } from "../domain/ids";
import { openDatabase, type Database } from "./db";
import { UNDO_MS } from "./outbox";

export const newPhone = (): Promise<Database> => openDatabase(newId());
/** When what can be undone now no longer can. */
export const later = (): number => Date.now() + UNDO_MS + 1;
export const shown = async (db: Database, id: string): Promise<unknown> => (await db.get("records", id))?.shown;
export const waiting = (db: Database): Promise<number> => db.count("outbox");
