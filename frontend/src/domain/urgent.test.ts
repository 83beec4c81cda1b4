import { expect, test } from "vitest";
import type { Assessment } from "./assessment";
import { fresh } from "./fields";
import type { Kept } from "./history";
import type { Answers } from "./record";
import { urgentQuestions } from "./urgent";

const kept = (site: string, signs: Answers): Kept => ({
  person: fresh("person", "p", {}),
  lump: fresh("lump", "l", { person: "p", site }),
  observations: [fresh("observation", "o", { lump: "l", observed_at: "2026-11-03T09:00:00Z", signs })],
  care: [],
});
const unknown: Assessment["unknown"] = [
  { rule: "gland", missing: ["sign.hoarse"] },
  { rule: "fever-with-lump", missing: ["sign.fever", "birth_date"] },
  { rule: "airway", missing: ["sign.drooling", "sign.no_stool_or_wind"] },
];
const levels = new Map([
  ["gland", "routine"],
  ["fever-with-lump", "same_day"],
  ["airway", "emergency"],
] as const);
const judged = { unknown } as Assessment; // nothing else is read

test("unanswered emergency and same-day questions of this place are asked, the most urgent first", () => {
  expect(urgentQuestions(judged, levels, kept("neck", {}))).toEqual(["drooling", "fever"]);
});

test("what was answered once is not asked again, whatever the answer was", () => {
  expect(urgentQuestions(judged, levels, kept("neck", { drooling: false, fever: true }))).toEqual([]);
});

test("a question that is not asked of this place is not pushed forward", () => {
  expect(urgentQuestions(judged, levels, kept("calf", {}))).toEqual(["fever"]);
});
