import { expect, test } from "vitest";
import { inWords, sayingsOf } from "./sayings";

const told = { rule: "hard", version: 2, title: "A hard lump", message: "Told then.", level: "this_week" };
const words = sayingsOf([{ id: "hard", version: 2, title: "Un bulto duro", message: "Dicho ahora." }]);

test("a finding is said in the words of now, and nothing else of it changes", () => {
  expect(inWords([told], words)).toEqual([{ ...told, title: "Un bulto duro", message: "Dicho ahora." }]);
});

test("what an older version of a rule said stays as it was told", () => {
  expect(inWords([{ ...told, version: 1 }, { ...told, rule: "gone" }], words)).toEqual([{ ...told, version: 1 }, { ...told, rule: "gone" }]);
});
