import { expect, test } from "vitest";
import { catalogue, isAlarming, isIntimate, photoAllowed, questionsFor } from "./catalogue";
import { fresh } from "./fields";

const today = "2026-11-22";
const lumpAt = (site: string, background = {}) => fresh("lump", "l1", { site, background });

test("every field belongs to a group that exists and has a question", () => {
  for (const scope of [catalogue.signs, catalogue.lump_background, catalogue.person_background]) {
    for (const [name, field] of Object.entries(scope)) {
      expect(catalogue.groups[field.group], name).toBeDefined();
      expect(field.question, name).not.toBe("");
    }
  }
});

test("a lump on the calf is not asked about the mouth, one on the neck is", () => {
  const groups = (site: string) => questionsFor("signs", lumpAt(site), null, today).map((ask) => ask.name);
  expect(groups("calf")).not.toContain("neck_and_mouth");
  expect(groups("neck")).toContain("neck_and_mouth");
});

test("where the age is not known, the child's questions are asked", () => {
  const names = (birth_date: string | null) =>
    questionsFor("signs", lumpAt("scalp"), fresh("person", "p1", { birth_date }), today).map((ask) => ask.name);
  expect(names(null)).toContain("child");
  expect(names("2024")).toContain("child");
  expect(names("1971")).not.toContain("child");
});

test("an answer alarms by its own rule, and no answer never does", () => {
  expect(isAlarming("fever", true)).toBe(true);
  expect(isAlarming("fever", false)).toBe(false);
  expect(isAlarming("fever", null)).toBe(false);
  expect(isAlarming("temperature_c", 38.5)).toBe(true);
});

test("a photo of an intimate place is refused for a child and asks where the age is open", () => {
  const person = (birth_date: string | null) => fresh("person", "p1", { birth_date, sex: "male" });
  expect(photoAllowed("groin", person("2015"), today)).toBe("no");
  expect(photoAllowed("groin", person(null), today)).toBe("ask_age");
  expect(photoAllowed("groin", person("1971"), today)).toBe("yes");
  expect(photoAllowed("calf", person(null), today)).toBe("yes");
});

test("a chest is intimate unless the person is male", () => {
  expect(isIntimate("chest", { sex: "male" })).toBe(false);
  expect(isIntimate("chest", { sex: "female" })).toBe(true);
  expect(isIntimate("chest", null)).toBe(true);
});
