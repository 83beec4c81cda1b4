import { overlay } from "../domain/fields";
import type { Id, Lump, Person } from "../domain/record";
import type { Database } from "./db";

/**
 * A phone that was used before signing in has made a nameless person of its own. Where the account has exactly one
 * person, that is who is meant; where it has several, nobody guesses and the nameless one is sent as one more.
 * Call it after everything was pulled and before anything is sent.
 */
export async function adoptPerson(db: Database): Promise<void> {
  const tx = db.transaction(["records", "outbox"], "readwrite");
  const [records, outbox] = [tx.objectStore("records"), tx.objectStore("outbox")];
  const people = await records.index("type").getAll("person");
  const [theirs, second] = people.filter((row) => row.base !== null);
  const [mine] = people.filter((row) => row.base === null && (row.shown as Person).name === "");
  if (mine && theirs && !second) {
    for (const op of await outbox.index("id").getAll(mine.id)) await outbox.delete(op.seq);
    await records.delete(mine.id);
    for (const row of await records.index("type").getAll("lump")) {
      if ((row.shown as Lump).person !== mine.id) continue;
      const fields = { person: theirs.id };
      await records.put({ ...row, shown: overlay(row.shown, fields) });
      for (const op of await outbox.index("id").getAll(row.id)) {
        if (op.fields && isOf(op.fields, mine.id)) await outbox.put({ ...op, fields: { ...op.fields, ...fields } });
      }
    }
  }
  await tx.done;
}

const isOf = (fields: Record<string, unknown>, person: Id): boolean => fields["person"] === person;
