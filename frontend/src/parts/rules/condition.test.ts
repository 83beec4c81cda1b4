// @vitest-environment happy-dom
import { beforeAll, expect, test } from "vitest";
import { lock } from "../../state";
import { conditionLine, scopeLines } from "./condition";

beforeAll(() => lock.known); // the database opens by itself, and must not do so once the page of this test is gone

test("a sign is said as it is asked, and its absence as such", () => {
  expect(conditionLine({ fact: "sign.fever", op: "is", value: true })).toBe("Fever");
  expect(conditionLine({ fact: "sign.fever", op: "is", value: false })).toBe("Not: Fever");
});

test("sizes, days and temperatures carry their units", () => {
  expect(conditionLine({ fact: "lump.size_mm", op: ">=", value: 50 })).toMatch(/^Size: 50\smm or more$/);
  expect(conditionLine({ fact: "lump.days", op: ">=", value: 14 })).toContain("14 days or more");
  expect(conditionLine({ fact: "sign.temperature_c", op: "<", value: 36 })).toContain("less than 36 °C");
});

test("a choice is said in the words of its answers", () => {
  expect(conditionLine({ fact: "sign.consistency", op: "in", value: ["hard", "craggy"] })).toMatch(/^How it feels: Hard.* or Hard and uneven$/);
});

test("ages, sexes and places are said in words", () => {
  const everybody = { from_months: 0, under_months: null, sexes: null, sites: null, not_sites: [] };
  expect(scopeLines(everybody)).toEqual([]);
  expect(scopeLines({ ...everybody, under_months: 3, sites: ["neck", "calf"] })).toEqual(["Under 3 months old", "Where: Neck or Lower leg"]);
});
