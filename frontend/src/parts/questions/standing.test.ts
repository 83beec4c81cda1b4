import { expect, test } from "vitest";
import { fresh } from "../../domain/fields";
import type { Answers, Observation } from "../../domain/record";
import { standingAlarms } from "./standing";

const check = (observed_at: string, signs: Answers): Observation => fresh("observation", observed_at, { observed_at, signs });

test("a fever that was never asked again still stands", () => {
  const checks = [check("2026-11-03T09:00:00Z", { fever: true }), check("2026-11-10T09:00:00Z", { pain: 2 })];
  expect(standingAlarms(checks)).toEqual([{ name: "fever", at: "2026-11-03T09:00:00Z" }]);
});

test("a later no ends it", () => {
  const checks = [check("2026-11-03T09:00:00Z", { fever: true }), check("2026-11-10T09:00:00Z", { fever: false })];
  expect(standingAlarms(checks)).toEqual([]);
});
