import { ApiError, type Server } from "../api";
import type { Assessment } from "../domain/assessment";
import type { Id } from "../domain/record";
import type { Database } from "./db";

/** The server's judgement of a lump as it was last fetched; `outdated` once something about the lump has changed. */
export interface KeptAssessment {
  assessment: Assessment;
  fetched_at: string;
  outdated: boolean;
}

const KEY = "assessment ";
/** Where the judgement of a lump is kept. */
export const keyOf = (lump: Id): string => KEY + lump;
const LONGEST_MS = 86_400_000;

interface Cache {
  get(key: string): Promise<unknown>;
  put(value: unknown, key: string): Promise<unknown>;
}

/** Something about this lump changed: the kept judgement still shows, as the earlier one. */
export async function markOutdated(cache: Cache, lump: Id): Promise<void> {
  const kept = (await cache.get(keyOf(lump))) as KeptAssessment | undefined;
  if (kept && !kept.outdated) await cache.put({ ...kept, outdated: true }, keyOf(lump));
}

export async function keptAssessments(cache: { getAll(range: IDBKeyRange): Promise<unknown[]> }): Promise<KeptAssessment[]> {
  return (await cache.getAll(IDBKeyRange.bound(KEY, `${KEY}\uffff`))) as KeptAssessment[];
}

function isCurrent(kept: KeptAssessment | undefined, now: number): boolean {
  if (!kept || kept.outdated || now - Date.parse(kept.fetched_at) > LONGEST_MS) return false;
  const { reassess_at } = kept.assessment;
  return reassess_at === null || Date.parse(reassess_at) > now;
}

/** Fetches what is missing, changed or past its time; returns how many came. */
export async function refreshAssessments(db: Database, server: Pick<Server, "assessment">, now: number): Promise<number> {
  const kept = new Map((await keptAssessments(db.transaction("cache").store)).map((each) => [each.assessment.lump, each]));
  const lumps = (await db.getAllFromIndex("records", "type", "lump")).filter((row) => row.base !== null && !row.hidden);
  let fetched = 0;
  for (const { id } of lumps) {
    if (isCurrent(kept.get(id), now)) continue;
    try {
      const assessment = await server.assessment(id);
      const fresh: KeptAssessment = { assessment, fetched_at: new Date(now).toISOString(), outdated: false };
      await db.put("cache", fresh, keyOf(id));
      fetched += 1;
    } catch (error) {
      if (!(error instanceof ApiError) || error.passing || error.status === 401) throw error;
      // This one cannot be judged (deleted meanwhile); the others can.
    }
  }
  return fetched;
}
