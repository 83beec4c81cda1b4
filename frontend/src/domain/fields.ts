import { BLANK, type Answers, type Id, type RecordType, type RecordTypes } from "./record";

/**
 * Part of a record, flat, as `sync/` carries it: an answer is named `signs.fever`, so that two phones that answered
 * different questions never overwrite one another.
 */
export type Fields = Record<string, unknown>;

const NESTED = ["signs", "background"] as const;
const isNested = (name: string): boolean => (NESTED as readonly string[]).includes(name);

/** `{signs: {fever: true}}` becomes `{"signs.fever": true}`. */
export function flatten(fields: object): Fields {
  const flat: Fields = {};
  for (const [name, value] of Object.entries(fields)) {
    if (isNested(name) && value !== null && typeof value === "object") {
      for (const [key, answer] of Object.entries(value as Answers)) flat[`${name}.${key}`] = answer;
    } else flat[name] = value;
  }
  return flat;
}

function withAnswer(answers: Answers, key: string, value: unknown): Answers {
  const rest = Object.fromEntries(Object.entries(answers).filter(([name]) => name !== key));
  // An answer is a boolean, number or string by the catalogue; null is "not asked", and that is not kept.
  return value === null || value === undefined ? rest : { ...rest, [key]: value as Answers[string] };
}

/** A record with some of its fields, flat or nested, laid over it. The record given is not changed. */
export function overlay<T extends RecordType>(record: RecordTypes[T], fields: Fields): RecordTypes[T] {
  const result: Record<string, unknown> = { ...record };
  for (const [name, value] of Object.entries(flatten(fields))) {
    const [outer, key] = name.split(".", 2) as [string, string?];
    if (key === undefined) result[name] = value;
    else result[outer] = withAnswer((result[outer] ?? {}) as Answers, key, value);
  }
  return result as unknown as RecordTypes[T]; // names come from the record's own type or from the server's copy of it
}

/** A whole record from nothing but what was said. */
export function fresh<T extends RecordType>(type: T, id: Id, fields: Fields): RecordTypes[T] {
  return overlay<T>({ ...structuredClone(BLANK[type]), id } as unknown as RecordTypes[T], fields);
}

/** One field of a record by its flat name; `null` where it was not answered. */
export const leafOf = (record: object, name: string): unknown => flatten(record)[name] ?? null;

/** Whether two answers say the same; not asked, `null` and missing are one. */
export const isSame = (a: unknown, b: unknown): boolean => JSON.stringify(a ?? null) === JSON.stringify(b ?? null);

/** What changed from `before` to `after`, flat; an answer taken back is `null`. */
export function changed(before: object, after: object): Fields {
  const [old, now] = [flatten(before), flatten(after)];
  const names = new Set([...Object.keys(now), ...Object.keys(old).filter((name) => name.includes("."))]);
  const result: Fields = {};
  for (const name of names) {
    const outer = name.split(".", 1)[0] ?? name;
    if (!(outer in after)) continue;
    if (!isSame(old[name], now[name])) result[name] = now[name] ?? null;
  }
  return result;
}
