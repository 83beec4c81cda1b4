import type { Fields } from "../../domain/fields";
import { flatten } from "../../domain/fields";
import type { Id, RecordType } from "../../domain/record";
import { clearDatabase, openDatabase, type Database, type Picture, type StoreName } from "../db";
import { write } from "../outbox";
import { sendPictures } from "../pictures";
import { exchange } from "../sync";
import type { Line } from "./line";

const STORES: StoreName[] = ["records", "outbox", "pictures", "clashes", "errands", "drafts", "cache", "meta"];
export type Backup = Map<StoreName, [IDBValidKey, unknown][]>;

const NOW = Date.now;

/** A phone: the app's own store in a database of its own, and a clock that may be days off. */
export class Phone {
  backup: Backup | null = null;

  private constructor(
    readonly db: Database,
    readonly line: Line,
    readonly skewMs: number,
  ) {}

  static async bought(name: string, line: Line, skewDays = 0): Promise<Phone> {
    return new Phone(await openDatabase(name), line, skewDays * 86_400_000);
  }

  /** Its user types: everything read from the clock is this phone's time. */
  async say(said: { type: RecordType; id: Id; fields: Fields }[], pictures: Picture[] = []): Promise<void> {
    this.takeUp();
    await write(this.db, said, pictures);
  }

  /** From here on the clock is this phone's. */
  takeUp(): void {
    Date.now = () => NOW() + this.skewMs;
  }

  /** Talks to the server as the app does; what goes wrong on the line is left for the next time. `lateMs`: time passed. */
  async talk(lateMs = 0): Promise<void> {
    this.takeUp();
    const now = (): number => Date.now() + lateMs;
    await exchange(this.db, this.line, now);
    if ((await sendPictures(this.db, this.line)) > 0) await exchange(this.db, this.line, now);
  }

  async shown(): Promise<Map<Id, { type: RecordType; fields: Fields }>> {
    const rows = await this.db.getAll("records");
    return new Map(rows.filter((row) => !row.hidden).map((row) => [row.id, { type: row.type, fields: flatten(row.shown) }]));
  }

  /** Everything it holds, as a backup would. */
  async copied(): Promise<Backup> {
    const all: Backup = new Map();
    for (const store of STORES) {
      const [keys, values] = [await this.db.getAllKeys(store), await this.db.getAll(store)];
      all.set(store, keys.map((key, i) => [key, structuredClone(values[i])]));
    }
    return all;
  }

  /** Everything it held is gone, and what the backup held is there instead. */
  async takeOver(backup: Backup): Promise<void> {
    await clearDatabase(this.db);
    for (const [store, pairs] of backup) {
      const isKeyed = store === "drafts" || store === "cache" || store === "meta";
      for (const [key, value] of pairs) await this.db.put(store, value, isKeyed ? (key as string) : undefined);
    }
  }
}
