import { ApiError } from "../api/problem";
import type { SyncAnswer, SyncChange, SyncOperation, SyncResult } from "../api/types";
import { flatten } from "../domain/fields";
import type { Id, RecordType } from "../domain/record";

interface Stored {
  type: RecordType;
  fields: Record<string, unknown>;
  fieldRevs: Record<string, number>;
  rev: number;
  deleted: boolean;
}

/** The contract's `sync/` in a page, for tests: operations once, merging per answer, a counter, tombstones, a cursor. */
export class FakeServer {
  rows = new Map<Id, Stored>();
  answers = new Map<Id, SyncResult>();
  requests: SyncOperation[][] = [];
  /** What goes wrong with the next requests, in turn. */
  faults: ("lost_request" | "lost_answer" | "resync")[] = [];
  reject: (operation: SyncOperation) => string | null = () => null;
  pageSize = 200;
  #rev = 0;

  sync = async (cursor: string | null, operations: SyncOperation[]): Promise<SyncAnswer> => {
    const fault = this.faults.shift();
    if (fault === "lost_request") throw noAnswer();
    if (fault === "resync") throw new ApiError({ status: 410, code: "resync", message: "", fields: {}, retry_after: null });
    this.requests.push(structuredClone(operations));
    const results = operations.map((operation) => this.#once(operation));
    if (fault === "lost_answer") throw noAnswer();
    const from = Number(cursor ?? 0);
    const changes = [...this.rows]
      .filter(([, row]) => row.rev > from)
      .sort(([, a], [, b]) => a.rev - b.rev)
      .map(([id, row]): SyncChange =>
        row.deleted
          ? { type: row.type, id, rev: row.rev, deleted: true }
          : { type: row.type, id, rev: row.rev, fields: nested(row.fields) },
      );
    const page = changes.slice(0, this.pageSize);
    return structuredClone({
      results,
      changes: page,
      cursor: String(page.at(-1)?.rev ?? from),
      more: changes.length > page.length,
    });
  };

  /** What another phone said. */
  say(type: RecordType, id: Id, fields: Record<string, unknown>): void {
    this.#once({ op_id: crypto.randomUUID(), type, id, base_rev: this.rows.get(id)?.rev ?? 0, fields });
  }

  delete(id: Id): void {
    const row = this.rows.get(id);
    if (row) this.#once({ op_id: crypto.randomUUID(), type: row.type, id, base_rev: row.rev, deleted: true });
  }

  /** Drops a row without a tombstone, as if that was purged long ago. */
  purge(id: Id): void {
    this.rows.delete(id);
  }

  field = (id: Id, name: string): unknown => this.rows.get(id)?.fields[name];

  /** A refusal as the real one makes it: a new check without its lump is not whole, and 900 mm is no size. */
  strict = (operation: SyncOperation): string | null => {
    if (operation.fields?.["length_mm"] === 900) return "invalid";
    return this.rows.has(operation.id) || operation.fields?.["lump"] ? null : "incomplete";
  };

  #once(operation: SyncOperation): SyncResult {
    const known = this.answers.get(operation.op_id);
    if (known) return known;
    const answer = this.#apply(operation);
    this.answers.set(operation.op_id, answer);
    return answer;
  }

  #apply({ op_id, type, id, base_rev, fields, deleted }: SyncOperation): SyncResult {
    const refusal = this.reject({ op_id, type, id, base_rev, fields, deleted });
    if (refusal) return { op_id, status: "rejected", error: { code: refusal, message: refusal } };
    const row = this.rows.get(id) ?? { type, fields: {}, fieldRevs: {}, rev: 0, deleted: false };
    if (row.deleted) return { op_id, status: deleted ? "unchanged" : "rejected", rev: row.rev, error: { code: "deleted" } };
    this.#rev += 1;
    const given = flatten(fields ?? {});
    const foreign = Object.keys(given).filter((name) => (row.fieldRevs[name] ?? 0) > base_rev);
    const clashes = foreign.filter((name) => row.fields[name] !== given[name]);
    const conflicts = Object.fromEntries(clashes.map((name) => [name, { kept: given[name], other: row.fields[name] }]));
    const revs = Object.fromEntries(Object.keys(given).map((name) => [name, this.#rev]));
    this.rows.set(id, {
      type,
      fields: { ...row.fields, ...given },
      fieldRevs: { ...row.fieldRevs, ...revs },
      rev: this.#rev,
      deleted: deleted ?? false,
    });
    return { op_id, status: row.rev > base_rev ? "merged" : "applied", rev: this.#rev, conflicts };
  }
}

const noAnswer = (): ApiError => new ApiError({ status: 0, code: "no_answer", message: "", fields: {}, retry_after: null });

function nested(flat: Record<string, unknown>): Record<string, unknown> {
  const result: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(flat)) {
    const [outer, key] = name.split(".", 2) as [string, string?];
    if (key === undefined) result[outer] = value;
    else if (value !== null) result[outer] = { ...(result[outer] as object | undefined), [key]: value };
  }
  return result;
}
