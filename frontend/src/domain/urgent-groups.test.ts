import { expect, test } from "vitest";
import { catalogue } from "./catalogue";
import { urgentGroups } from "./urgent-groups";

const alarming = Object.keys(catalogue.signs).filter((name) => catalogue.signs[name]?.alarming !== undefined);

test("questions come in their groups, the group of the most urgent one first", () => {
  const groups = urgentGroups(["drooling", "fever", "hard_to_breathe", "hoarse"], true);
  expect(groups.map(({ fields }) => fields.map(({ name }) => name))).toEqual([["drooling", "hoarse"], ["fever"], ["hard_to_breathe"]]);
});

test("what is asked of children comes last where no age is known", () => {
  const [child] = Object.entries(catalogue.groups).find(([, group]) => group.under_age_years !== undefined) ?? [];
  const sign = Object.keys(catalogue.signs).find((name) => catalogue.signs[name]?.group === child) ?? "";
  expect(urgentGroups([sign, "fever"], false).map(({ name }) => name)).toEqual([catalogue.signs["fever"]?.group, child]);
  expect(urgentGroups([sign, "fever"], true).map(({ name }) => name)[0]).toBe(child);
});

test("no question is lost and none is asked twice", () => {
  const asked = urgentGroups(alarming, false).flatMap(({ fields }) => fields.map(({ name }) => name));
  expect(asked.toSorted()).toEqual(alarming.toSorted());
});
