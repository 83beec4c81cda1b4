import later from "virtual:rest-en";
import english from "virtual:texts-en";
import { expect, test } from "vitest";
import { catalogue } from "../domain/catalogue";
import { hasText, loadRest, loadWords, speak, t, tn, whole, type Text } from ".";
import account from "./account/en.json";
import data from "./data/en.json";
import { learnCamera } from "./camera";
import camera from "./camera/en.json";
import spanishCamera from "./camera/es.json";
import app from "./en.json";
import members from "./members/en.json";
import { pseudoWords } from "./pseudo";

const en = { ...app, ...account, ...camera, ...data, ...members };
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

const gaps = (sentence: string): string[] => [...sentence.matchAll(/\{\w+\}/g)].map(([gap]) => gap);

test("made-up languages keep every gap, in brackets, and the longer one is four tenths longer", () => {
  for (const language of ["en-XA", "ar-XB"]) {
    const made = pseudoWords(english, language);
    for (const [name, sentence] of Object.entries(made.sentences)) {
      expect(gaps(sentence), name).toEqual(gaps(en[name as Text]));
      expect(sentence, name).toMatch(/^⟦.*⟧$/su);
    }
    expect(made.direction).toBe(language === "ar-XB" ? "rtl" : "ltr");
  }
  const longer = pseudoWords(english, "en-XA").sentences["keep.more"] ?? "";
  expect(longer.length).toBeGreaterThanOrEqual(1.4 * en["keep.more"].length);
});

test("another language is spoken at once, in its own plurals and labels, and later words come when asked for", async () => {
  const words = await loadWords("es");
  speak(words, () => loadRest("es"));
  expect([t("bar.you"), tn("time.days", 1), tn("time.days", 2), catalogue.sites["calf"]?.label]).toEqual([
    "Tú",
    "1 día",
    "2 días",
    "Parte baja de la pierna",
  ]);
  await whole();
  expect(hasText("rules.title") && t("rules.title")).toBe("Las reglas");
  expect(catalogue.signs["fever"]?.question).toMatch(/^¿/u);
  speak(english, async () => later);
  await whole();
  expect([t("bar.you"), catalogue.signs["fever"]?.label]).toEqual(["You", "Fever"]);
});

test("the camera brings its own words, under names of its own, and says them in the language chosen", async () => {
  expect(Object.keys(camera).filter((name) => name in app)).toEqual([]);
  speak(english, async () => later);
  expect(hasText("camera.shoot")).toBe(false);
  await learnCamera("es");
  expect(t("camera.shoot")).toBe(spanishCamera["camera.shoot"]);
  await whole();
  expect(t("camera.shoot")).toBe(spanishCamera["camera.shoot"]);
  await learnCamera("en-XA");
  expect(t("camera.shoot")).toMatch(/^⟦.*⟧$/su);
  expect("camera.shoot" in english.sentences).toBe(false);
});

test("a language that is not there is English", async () => {
  expect((await loadWords("xx")).language).toBe("en");
});

test("the first words are what the first screen says, and the rest is all others", () => {
  expect(Object.keys(english.sentences)).toEqual(expect.arrayContaining(["lumps.title", "place.left", "lock.unlock", "saved.undo", "time.weeks.other"]));
  expect(Object.keys(english.sentences)).not.toContain("measure.came.ruler");
  const both = [...Object.keys(english.sentences), ...Object.keys(later.sentences)];
  expect(both.toSorted()).toEqual(Object.keys(app).toSorted());
  expect(Object.keys(english.sentences).length).toBeLessThan(150);
});
