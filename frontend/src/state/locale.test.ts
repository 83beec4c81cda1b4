// @vitest-environment happy-dom
import english from "virtual:texts-en";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import type { Me } from "../api/types";
import { openDatabase } from "../store/db";
import { loadRest, speak, t } from "../texts";
import { Locale } from "./locale.svelte";

const me = (fields: Partial<Me>): Me => ({ language: "en", units: "mm", ...fields }) as Me; // what follow() reads of it
const phone = (...tags: string[]): void => {
  vi.stubGlobal("navigator", { language: tags[0], languages: tags });
};
let name = 0;
const fresh = (tell: (choices: object) => Promise<void>): Locale => new Locale(openDatabase(`locale-${String((name += 1))}`), tell);
const nobody = (): Promise<void> => Promise.reject(new Error("nobody to tell"));

beforeEach(() => {
  localStorage.clear();
  speak(english, () => loadRest("en"));
});
afterEach(() => {
  vi.unstubAllGlobals();
});

test("a phone begins in its own language, and in English where that is not there", () => {
  phone("es-MX", "en");
  expect(fresh(nobody).language).toBe("es");
  phone("fr-FR");
  expect(fresh(nobody).language).toBe("en");
});

test("inches are where inches are used, and nowhere else", async () => {
  phone("en-US");
  const american = fresh(nobody);
  await american.load();
  phone("es-ES");
  const spanish = fresh(nobody);
  await spanish.load();
  expect([american.units, spanish.units]).toEqual(["in", "mm"]);
});

test("the account is followed, in words and units", async () => {
  phone("en-GB");
  const locale = fresh(nobody);
  await locale.follow(me({ language: "es", units: "cm" }));
  expect([locale.language, locale.units, t("bar.you"), locale.length(12.5)]).toEqual(["es", "cm", "Tú", "1,3\u00a0cm"]);
  expect([localStorage.getItem("language"), document.documentElement.lang]).toEqual(["es", "es"]);
});

test("what was chosen while nobody could be told is told before the account is followed", async () => {
  phone("en-GB");
  const told: object[] = [];
  let tell = nobody;
  const locale = fresh((choices) => tell().then(() => void told.push(choices)));
  await locale.setLanguage("es");
  expect([locale.language, told]).toEqual(["es", []]);
  tell = () => Promise.resolve();
  await locale.follow(me({ language: "en", units: "cm" }));
  expect([locale.language, locale.units, told]).toEqual(["es", "cm", [{ language: "es" }]]);
  await locale.follow(me({ language: "en" }));
  expect([locale.language, told.length]).toEqual(["en", 1]);
});
