import { expect, test } from "vitest";
import { loadJudge } from ".";

test("every rule of the book has its words and at least one source on the phone", async () => {
  const page = (await loadJudge("en", "GB")).rulebook();
  expect(page.rulebook).toMatch(/^sha256:[0-9a-f]{64}$/);
  expect(page.rules.length).toBeGreaterThan(100);
  for (const rule of page.rules) {
    expect(rule.title).not.toBe("");
    expect(rule.message.endsWith(page.actions["GB"]?.[rule.level] ?? "?")).toBe(true);
    expect(rule.sources.length).toBeGreaterThan(0);
  }
});

test("a language that is not there is said in English", async () => {
  expect((await loadJudge("xx-YY", null)).rulebook().language).toBe("en");
});

test("a part of a country reads as the country, and an unknown country in plain international words", async () => {
  const emergency = async (region: string | null) =>
    (await loadJudge("en", region)).rulebook().rules.find((rule) => rule.level === "emergency")?.message;
  expect(await emergency("GB-SCT")).toContain("999");
  expect(await emergency("XX")).toBe(await emergency(null));
});
