import { beforeEach, expect, test } from "vitest";
import type { Assessment } from "../domain/assessment";
import type { HistoryDocument } from "../domain/history";
import { newId } from "../domain/ids";
import { loadJudge } from "../domain/judge";
import type { Lump } from "../domain/record";
import { refreshAssessments, type KeptAssessment } from "../store/assessments";
import { openDatabase, type Database } from "../store/db";
import { Advice, type LoadJudge } from "./advice.svelte";
import { RecordBook } from "./record.svelte";

const PLACE = { language: "en", region: "GB" };
let db: Promise<Database>;
let record: RecordBook;
let advice: Advice;
let judged: HistoryDocument[];

/** The real rules, with a note of what was judged. */
const load: LoadJudge = async (language, region) => {
  const judge = await loadJudge(language, region);
  return {
    ...judge,
    judge: (history, at) => {
      judged.push(history);
      return judge.judge(history, at);
    },
  };
};

beforeEach(async () => {
  db = openDatabase(newId());
  judged = [];
  record = new RecordBook(db, () => undefined);
  await record.load();
  advice = new Advice(db, record, load, PLACE);
  await advice.load();
});

const logged = async (signs: Record<string, boolean>): Promise<Lump> => {
  const { saved } = await record.saveLump({ site: "neck" });
  await record.saveObservation({ lump: saved.id, signs });
  return saved;
};

/** As the server's answer is kept after a sync. */
async function told(lump: Lump, part: Partial<Assessment>, after = 1000): Promise<void> {
  const own = advice.of(lump.id)?.assessment;
  const kept: KeptAssessment = { assessment: { ...(own as Assessment), ...part }, fetched_at: new Date(Date.now() + after).toISOString(), outdated: false };
  await (await db).put("cache", kept, `assessment ${lump.id}`);
  await (await db).clear("outbox");
  await record.load();
}

test("an emergency is said from the phone itself, with its reason and source", async () => {
  const lump = await logged({ hard_to_breathe: true });
  await advice.judgeAll();
  const shown = advice.of(lump.id);
  expect(shown).toMatchObject({ level: "emergency", from: "phone", stale: false });
  expect(shown?.assessment.findings[0]?.because).toMatchObject([{ fact: "sign.hard_to_breathe", value: true }]);
  expect(shown?.assessment.findings[0]?.sources[0]?.url).toMatch(/^https:/);
});

test("what was not answered is asked, until it is", async () => {
  const lump = await logged({ fever: false });
  await advice.judgeAll();
  expect(advice.of(lump.id)?.ask).toContain("drooling");
  const latest = record.latest(lump.id);
  await record.saveObservation({ id: latest?.id ?? "", signs: { fever: false, drooling: false } });
  await advice.judgeAll();
  expect(advice.of(lump.id)?.ask).not.toContain("drooling");
});

test("an undone entry takes its advice along", async () => {
  const { saved: lump } = await record.saveLump({ site: "neck" });
  const { undo } = await record.saveObservation({ lump: lump.id, signs: { drooling: true } });
  await advice.judgeAll();
  expect(advice.level(lump.id)).toBe("emergency");
  await undo();
  await advice.judgeAll();
  expect(advice.level(lump.id)).toBe("watch");
});

test("what was judged is kept, and nothing is worked out twice for the same entries", async () => {
  const lump = await logged({ drooling: true });
  await advice.judgeAll();
  const again = new Advice(db, record, load, PLACE);
  await again.load();
  expect(again.level(lump.id)).toBe("emergency");
  await again.judgeAll();
  expect(judged).toHaveLength(1);
});

test("the server's word takes its place once it has seen the same entries", async () => {
  const lump = await logged({ fever: false });
  await advice.judgeAll();
  await told(lump, { level: "routine", rulebook: "sha256:server" });
  expect(advice.of(lump.id)).toMatchObject({ from: "server", level: "routine" });
});

test("the server's word stays in view when the phone judges the same entries once more after it came", async () => {
  const lump = await logged({ fever: false });
  await advice.judgeAll();
  await told(lump, { level: "routine" }, -60_000);
  expect(advice.of(lump.id)).toMatchObject({ from: "server", level: "routine" });
});

/** Each changes what the phone judges, and the server has not heard of it. */
const UNSENT: [string, (lump: Lump, alarming: string) => Promise<unknown>][] = [
  ["a deletion", (_, alarming) => record.delete("observation", alarming)],
  ["an answer about the person", ({ person }) => record.savePerson({ id: person, background: { immunosuppressed: true } })],
  ["an answer about the lump", ({ id }) => record.saveLump({ id, background: { kind: "under_skin" } })],
  ["a visit", ({ id }) => record.saveCare({ lump: id, kind: "seen" })],
];

test.each(UNSENT)("%s that waits is judged by the phone, and the server's word is not taken for later", async (_, change) => {
  const lump = await logged({ fever: false });
  const { saved: alarming } = await record.saveObservation({ lump: lump.id, signs: { drooling: true } });
  await advice.judgeAll();
  await told(lump, { level: "same_day" });
  await change(lump, alarming.id);
  await advice.judgeAll();
  expect(advice.of(lump.id)?.from).toBe("phone");
  const again = new RecordBook(db, () => undefined);
  await again.load();
  expect(again.assessment(lump.id)?.stale).toBe(true);
});

test("what is logged while the server is asked is not covered by its answer", async () => {
  const lump = await logged({ fever: false });
  await advice.judgeAll();
  await told(lump, { level: "routine" });
  const { assessment } = record.assessment(lump.id) ?? {};
  await (await db).delete("cache", `assessment ${lump.id}`);
  const [row] = await (await db).getAllFromIndex("records", "type", "lump");
  if (row) await (await db).put("records", { ...row, base: row.shown });
  const answer = async (): Promise<Assessment> => {
    await record.saveObservation({ lump: lump.id, signs: { drooling: true } });
    return assessment as Assessment;
  };
  expect(await refreshAssessments(await db, { assessment: answer }, Date.now())).toBe(1);
  await record.load();
  await advice.judgeAll();
  expect(advice.of(lump.id)).toMatchObject({ from: "phone", level: "emergency" });
});

test("where the two differ the more urgent one is shown", async () => {
  const lump = await logged({ drooling: true });
  await advice.judgeAll();
  await told(lump, { level: "watch", findings: [] });
  expect(advice.of(lump.id)).toMatchObject({ from: "phone", level: "emergency" });
});

test("an entry the server has not seen is judged by the phone, over the server's earlier word", async () => {
  const lump = await logged({ fever: false });
  await advice.judgeAll();
  await told(lump, { level: "routine" });
  await record.saveObservation({ lump: lump.id, signs: { drooling: true } });
  await advice.judgeAll();
  expect(advice.of(lump.id)).toMatchObject({ from: "phone", level: "emergency" });
});

test("earlier advice that the server holds to is shown, and counts for the level", async () => {
  const lump = await logged({ fever: false });
  await advice.judgeAll();
  const standing = { rule: "growing-adult", version: 1, level: "this_week" as const, title: "Growing", message: "", sources: [], since: "2026-10-04T09:00:00Z", answers: [] };
  await told(lump, { standing: [{ ...standing, why: "growth" }], ask: ["drooling"] });
  expect(advice.of(lump.id)).toMatchObject({ level: "this_week", standing: [{ rule: "growing-adult" }], ask: ["drooling"] });
  await record.saveObservation({ lump: lump.id, signs: { trend: "same" } });
  await advice.judgeAll();
  expect(advice.of(lump.id)).toMatchObject({ from: "phone", level: "this_week", standing: [{ rule: "growing-adult" }] });
});

test("a judgement that cannot be made is said, not passed over", async () => {
  const broken = new Advice(db, record, () => Promise.reject(new Error("offline")), PLACE);
  const lump = await logged({ fever: true });
  await broken.judgeAll();
  expect(broken.of(lump.id)).toBeNull();
  expect(broken.failed.has(lump.id)).toBe(true);
});
