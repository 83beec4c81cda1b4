import { expect, test } from "vitest";
import en from "./en.json";

const names = Object.keys(en);
const sources = Object.values(
  import.meta.glob<string>(["../**/*.svelte", "../**/*.ts", "../../build/texts.ts", "!../**/*.test.ts"], { query: "?raw", import: "default", eager: true }),
).join("\n");

/** Names built from parts, such as `place.${side}`: whatever they may become counts as used. */
const patterns = [...sources.matchAll(/`([a-z_]+(?:\.[a-z_]+)*[._])\$\{[^`]*`/g)].map((found) => found[1] ?? "");
const isUsed = (name: string): boolean => {
  const stem = name.replace(/\.(zero|one|two|few|many|other)$/, "");
  return [name, stem].some((each) => sources.includes(`"${each}"`)) || patterns.some((start) => name.startsWith(start));
};

test("every counted sentence has a form for every number", () => {
  for (const name of names.filter((each) => each.endsWith(".one"))) {
    expect(names, name).toContain(name.replace(/\.one$/, ".other"));
  }
});

test("no sentence is empty and no gap is left open", () => {
  for (const [name, sentence] of Object.entries(en)) {
    expect(sentence.trim(), name).not.toBe("");
    expect(sentence.replace(/\{\w+\}/g, ""), name).not.toMatch(/[{}]/);
  }
});

test("no sentence lies unused", () => {
  expect(names.filter((name) => !isUsed(name))).toEqual([]);
});

test("no sentence reassures or names a diagnosis", () => {
  const forbidden = /\b(benign|harmless|nothing to worry|low risk|safe to wait|lipoma|cyst|cancer|tumou?r|sarcoma|melanoma)\b/i;
  for (const [name, sentence] of Object.entries(en)) expect(sentence, name).not.toMatch(forbidden);
});
