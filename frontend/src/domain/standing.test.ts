import { expect, test } from "vitest";
import type { Assessment, Finding } from "./assessment";
import { fresh } from "./fields";
import type { Kept } from "./history";
import { newId } from "./ids";
import type { Answers, Care, Lump } from "./record";
import { evidenceOf, fromServer, levelOf, stillStanding, type Said } from "./standing";

const kept = (signs: Answers, more: { care?: Partial<Care>[]; lump?: Partial<Lump> } = {}): Kept => ({
  person: fresh("person", "p", {}),
  lump: fresh("lump", "l", { person: "p", site: "neck", ...more.lump }),
  observations: [fresh("observation", "o", { lump: "l", observed_at: "2026-11-03T09:00:00Z", signs })],
  care: (more.care ?? []).map((each, index) => fresh("care", each.id ?? `00000000-0000-5000-0000-00000000000${index}`, { lump: "l", ...each })),
});
const fever: Finding = {
  rule: "fever-with-lump",
  version: 1,
  level: "same_day",
  title: "Fever",
  message: "",
  because: [{ fact: "sign.fever", value: true, observations: ["o"] }],
  sources: [],
};
const growing: Finding = {
  ...fever,
  rule: "growing-adult",
  level: "this_week",
  because: [{ fact: "growth.state", value: "growing", observations: ["o"] }],
};
const judged = (at: string, findings: Finding[], unknown: Assessment["unknown"] = []): Assessment => ({
  lump: "l",
  at,
  level: findings[0]?.level ?? "watch",
  findings,
  unknown,
  growth: { state: "too_few", probability_growing: null, change_mm: null, change_percent: null, doubling_days: null, since: null, confirm_by: null, measurements: 1 },
  days_since_noticed: null,
  next_check_on: null,
  reassess_at: null,
  rulebook: "sha256:0",
});
const said = (finding: Finding, history: Kept): Said => ({
  assessment: judged("2026-11-03T09:00:00Z", [finding]),
  evidence: { [finding.rule]: evidenceOf(finding, history) },
  standing: [],
});
const ranOut = judged("2026-11-07T09:00:00Z", [], [{ rule: "fever-with-lump", missing: ["fever"] }]);

test("advice stands when the answer it rested on has only run out", () => {
  const history = kept({ fever: true });
  const standing = stillStanding(said(fever, history), ranOut, history);
  expect(standing.map(({ rule, since }) => [rule, since])).toEqual([["fever-with-lump", "2026-11-03T09:00:00Z"]]);
  expect(levelOf(ranOut, standing)).toBe("same_day");
});

test("it stands on through later judgements, from the day it last held", () => {
  const history = kept({ fever: true });
  const standing = stillStanding(said(fever, history), ranOut, history);
  const later = { assessment: ranOut, evidence: {}, standing };
  expect(stillStanding(later, judged("2026-11-20T09:00:00Z", [], ranOut.unknown), history)).toEqual(standing);
});

const withLater = (signs: Answers): Kept => {
  const history = kept({ fever: true });
  return { ...history, observations: [fresh("observation", "later", { lump: "l", observed_at: "2026-11-05T09:00:00Z", signs }), ...history.observations] };
};
const standsAfter = (signs: Answers): number => {
  const history = withLater(signs);
  return stillStanding(said(fever, history), judged("2026-11-05T09:00:00Z", []), history).length;
};

test("a later answer ends it, another question and silence do not", () => {
  expect(standsAfter({ fever: false })).toBe(0);
  expect(standsAfter({ pain: 1 })).toBe(1);
});

test("a no to fever also answers the temperature that was measured", () => {
  const history = withLater({ fever: false });
  const measured = { ...fever, because: [{ fact: "sign.temperature_c", value: 38.5, observations: [] }] };
  expect(stillStanding(said(measured, history), judged("2026-11-05T09:00:00Z", []), history)).toEqual([]);
});

test("an entry that was undone or mended takes its advice along", () => {
  const before = said(fever, kept({ fever: true }));
  expect(stillStanding(before, ranOut, kept({}))).toEqual([]);
  expect(stillStanding(before, ranOut, { ...kept({}), observations: [] })).toEqual([]);
});

test("care after it ends it, booking and earlier care do not", () => {
  const with_care = (care: Partial<Care>): number => {
    const history = kept({ fever: true }, { care: [care] });
    return stillStanding(said(fever, history), ranOut, history).length;
  };
  expect(with_care({ kind: "seen", on: "2026-11-04" })).toBe(0);
  expect(with_care({ id: newId(Date.parse("2026-11-03T08:00:00Z")), kind: "seen", on: "2026-11-03" })).toBe(1);
  expect(with_care({ id: newId(Date.parse("2026-11-03T17:00:00Z")), kind: "seen", on: "2026-11-03" })).toBe(0);
  expect(with_care({ kind: "booked", on: "2026-11-04" })).toBe(1);
  expect(with_care({ kind: "seen", on: "2026-11-02" })).toBe(1);
  expect(with_care({ kind: "seen", on: "2026-11-04", confirmed: false })).toBe(1);
});

test("care on a day still to come ends nothing until that day has come where the person lives", () => {
  const stands = (at: string, time_zone: string): number => {
    const history = kept({ fever: true }, { care: [{ kind: "seen", on: "2026-11-08" }] });
    const abroad = { ...history, person: fresh("person", "p", { time_zone }) };
    return stillStanding(said(fever, abroad), judged(at, [], ranOut.unknown), abroad).length;
  };
  expect(stands("2026-11-07T09:00:00Z", "Europe/London")).toBe(1);
  expect(stands("2026-11-08T09:00:00Z", "Europe/London")).toBe(0);
  expect(stands("2026-11-07T12:00:00Z", "Pacific/Auckland")).toBe(0);
  expect(stands("2026-11-08T03:00:00Z", "America/New_York")).toBe(1);
  expect(stands("2026-11-07T23:00:00Z", "Nowhere/Known")).toBe(1);
});

test("closing the lump ends it", () => {
  const history = kept({ fever: true }, { lump: { closed_on: "2026-11-05", closed_reason: "gone" } });
  expect(stillStanding(said(fever, history), ranOut, history)).toEqual([]);
});

test("growth is not ended by one smaller size, and ends after eight weeks without it", () => {
  const history = kept({ trend: "same" });
  const before = said(growing, history);
  expect(stillStanding(before, judged("2026-11-17T09:00:00Z", []), history)).toHaveLength(1);
  expect(stillStanding(before, judged("2026-12-30T09:00:00Z", []), history)).toHaveLength(0);
});

test("routine advice passes by itself", () => {
  const history = kept({ fever: true });
  expect(stillStanding(said({ ...fever, level: "routine" }, history), ranOut, history)).toEqual([]);
});

test("what the server holds to is carried on without it", () => {
  const { rule, version, level, title, message, sources } = fever;
  const told = { rule, version, level, title, message, sources };
  const standing = fromServer([{ ...told, since: "2026-11-01T00:00:00Z", why: "unanswered", answers: ["fever"] }, { ...told, rule: "other", since: "", why: "holds", answers: [] }]);
  expect(standing.map((each) => each.rule)).toEqual(["fever-with-lump"]);
  const before = { assessment: ranOut, evidence: {}, standing };
  expect(stillStanding(before, ranOut, kept({}))).toHaveLength(1);
  expect(stillStanding(before, judged("2026-11-08T00:00:00Z", []), kept({ fever: false }))).toEqual([]);
  expect(stillStanding({ ...before, standing: standing.map((each) => ({ ...each, answers: [] })) }, ranOut, kept({ fever: false }))).toHaveLength(1);
});
