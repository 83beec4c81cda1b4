import { expect, test } from "vitest";
import { questionsFor, type Ask } from "../../domain/catalogue";
import { inOrder } from "./order";

const TODAY = "2026-11-22";
const asks = questionsFor("signs", { site: "lower_back", background: {} }, null, TODAY);
const names = (list: Ask[]): string[] => list.map(({ name }) => name);

test("what is urgent stands open, what builds up over weeks is folded", () => {
  const { first, folded } = inOrder(asks, {}, { birth_date: "1971" }, TODAY);
  expect(names(first)[0]).toBe("very_unwell");
  expect(names(first)).toContain("back_and_legs");
  expect(names(folded)).toContain("past_weeks");
});

test("a child's questions stand open for a child, and folded where no age is known", () => {
  expect(names(inOrder(asks, {}, { birth_date: "2022" }, TODAY).first)).toContain("child");
  expect(names(inOrder(asks, {}, null, TODAY).folded)).toContain("child");
});

test("the list of a mole is there once it is said to sit in the skin", () => {
  const both = inOrder(questionsFor("signs", { site: "calf", background: { kind: "in_skin" } }, null, TODAY), { kind: "in_skin" }, null, TODAY);
  expect(names(both.folded)).toContain("mole");
  const { first, folded } = inOrder(asks, {}, null, TODAY);
  expect(names([...first, ...folded])).not.toContain("mole");
});
