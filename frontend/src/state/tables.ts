import type { Id, RecordType, RecordTypes } from "../domain/record";
import type { Row } from "../store/db";

/** The record by kind and id, in the order it was made. */
export type Tables = { [T in RecordType]: ReadonlyMap<Id, RecordTypes[T]> };

export const noTables = (): Tables => ({ person: new Map(), lump: new Map(), observation: new Map(), photo: new Map(), care: new Map() });

/** What is shown: nothing that is being deleted, nor what lies below it. */
export function tablesOf(rows: readonly Row[]): Tables {
  const tables = noTables();
  const hidden = new Set(rows.filter((row) => row.hidden).map((row) => row.id));
  const visible = (row: Row): boolean => {
    const parents = row.shown as { person?: Id; lump?: Id; observation?: Id };
    return !hidden.has(row.id) && ![parents.person, parents.lump].some((id) => id !== undefined && hidden.has(id));
  };
  for (const row of rows) if (visible(row)) (tables[row.type] as Map<Id, unknown>).set(row.id, row.shown);
  return tables;
}

/** Also what is being deleted: until the server has heard of it, its lump is another one there. */
export const wholeTablesOf = (rows: readonly Row[]): Tables => tablesOf(rows.map((row) => (row.hidden ? { ...row, hidden: false } : row)));

/** The lumps that a record tells something of: a person's answers count for all of theirs. */
export function lumpsAbout(tables: Tables, type: RecordType, id: Id): Id[] {
  if (type === "lump") return [id];
  if (type === "person") return [...tables.lump.values()].filter(({ person }) => person === id).map((lump) => lump.id);
  const check = type === "photo" ? tables.photo.get(id)?.observation : id;
  const lump = type === "care" ? tables.care.get(id)?.lump : tables.observation.get(check ?? "")?.lump;
  return lump ? [lump] : [];
}
