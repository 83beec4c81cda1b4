import { expect, test } from "vitest";
import { loadJudge, type ObservationDocument } from ".";

/** What was never asked is not read as little, and a "no" that a number contradicted is not heard again afterwards. */

const AT = Date.UTC(2026, 5, 15, 12);
const DAY = 86_400_000;
const judgement = await loadJudge("en", "GB");

const ago = (days: number, signs: ObservationDocument["signs"]): ObservationDocument => ({
  id: `${days}`,
  observed_at: new Date(AT - days * DAY).toISOString(),
  signs,
});

/** What a rule says that many days later: "fires", "quiet", or what is missing. */
function said(rule: string, checks: ObservationDocument[], later = 0, born = "1980-05-05", of = {}): string | string[] {
  const person = { birth_date: born, time_zone: "UTC", background: {} };
  const lump = { id: "lump", site: "forearm", first_noticed_on: "2026-06-12", background: {}, ...of };
  const told = judgement.judge({ person, lump, observations: checks, care: [] }, new Date(AT + later * DAY));
  if (told.findings.some((finding) => finding.rule === rule)) return "fires";
  return told.unknown.find((one) => one.rule === rule)?.missing ?? "quiet";
}

test("a sore that nobody asked the days of is not known to be short, and is known to be long once it is", () => {
  const sore = [ago(20, { ulcer: true }), ago(0, { ulcer: true })];
  expect(said("skin-sore", sore)).toEqual(["ulcer_days"]);
  expect(said("skin-sore", sore, 8.4)).toEqual(["ulcer_days"]);
  expect(said("skin-sore", sore, 8.5)).toBe("fires"); // midnight
});

test("a sore whose days were told is short until it is long", () => {
  const sore = [ago(3, { ulcer: true, ulcer_days: 20 })];
  expect([0, 5.4, 5.5].map((later) => said("skin-sore", sore, later))).toEqual(["quiet", "quiet", "fires"]);
});

test("days that were told before it was sore say nothing of it", () => {
  expect(said("skin-sore", [ago(20, { ulcer: false, bleeding: false, ulcer_days: 0 }), ago(1, { ulcer: true })])).toEqual(["ulcer_days"]);
});

test("days that were told and have run out leave the least that it may be", () => {
  const sore = [ago(20, { ulcer: true, ulcer_days: 10 }), ago(1, { ulcer: true })];
  expect([0, 7.9, 8, 8.5].map((later) => said("skin-sore", sore, later))).toEqual(["fires", "fires", ["ulcer_days"], "fires"]);
});

test("a sore that ran out, or may still bleed, is not known to be none", () => {
  const weeping = [ago(40, { oozing: true }), ago(20, { oozing: true, ulcer: false })];
  expect([7.9, 8].map((later) => said("skin-sore", weeping, later))).toEqual(["fires", ["oozing"]]);
  const closed = [ago(9, { ulcer: true, ulcer_days: 25 }), ago(1, { ulcer: false })];
  expect(said("skin-sore", closed)).toEqual(["bleeding"]);
  expect(said("skin-sore", [...closed, ago(0, { bleeding: false })])).toBe("quiet");
});

test("no fever is not heard again when the high reading after it has run out, unless it is said anew", () => {
  const hot = [ago(2, { fever: false }), ago(1, { temperature_c: 39 })];
  expect([1.9, 2, 400].map((later) => said("fever-with-lump", hot, later))).toEqual(["fires", ["fever"], ["fever"]]);
  expect(said("fever-with-lump", [...hot, ago(0, { fever: false })])).toBe("quiet");
  expect(said("fever-with-lump", [...hot, ago(0, { fever: false })], 2)).toBe("quiet");
});

test("a baby's temperature that ran out is not what was felt before it, nor a fever that ran out what was read before", () => {
  const born = "2026-05-01";
  const hot = [ago(2, { fever: false }), ago(1, { temperature_c: 38.1 })];
  expect([1.9, 2].map((later) => said("baby-fever", hot, later, born))).toEqual(["fires", ["temperature_c"]]);
  const felt = [ago(2, { temperature_c: 36.8 }), ago(1, { fever: true })];
  expect([1.9, 2].map((later) => said("baby-fever", felt, later, born))).toEqual(["fires", ["temperature_c"]]);
});

test("no weight loss is not heard again when the number after it has run out, unless it is said anew", () => {
  const lost = [ago(40, { weight_loss: false }), ago(20, { weight_loss_percent: 6 })];
  expect([7.9, 8].map((later) => said("weight-loss", lost, later))).toEqual(["fires", ["weight_loss"]]);
  expect(said("weight-loss", [...lost, ago(0, { weight_loss: false })], 8)).toBe("quiet");
});

test("the one point of a mole beside its size does not end by time", () => {
  const noes = Object.fromEntries(["irregular_shape", "irregular_colour", "inflammation", "oozing", "sensation_change"].map((name) => [name, false]));
  const mole: ObservationDocument[] = [{ ...ago(0, { size_change: true, ...noes }), length_mm: 7, method: "ruler" }];
  expect([27.9, 28].map((later) => said("mole-score", mole, later))).toEqual(["fires", ["size_change"]]);
});

test("a back that hurt within six weeks of an accident is asked about again after them, and any answer then counts", () => {
  const accident = { first_noticed_on: "2026-05-26", background: { cause: "serious_accident" } };
  const over = (checks: ObservationDocument[], ...days: number[]): unknown[] =>
    days.map((later) => said("accident-back-pain", checks, later, "1980-05-05", accident));
  expect(over([ago(1, { back_pain: true })], 21, 22, 400)).toEqual(["fires", ["back_pain"], ["back_pain"]]);
  expect(over([ago(1, { back_pain: true }), ago(-40, { back_pain: true })], 39, 40)).toEqual([["back_pain"], "quiet"]);
  expect(over([ago(1, { back_pain: false })], 21, 22)).toEqual(["quiet", "quiet"]);
});
