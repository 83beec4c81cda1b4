import { expect, test } from "vitest";
import { changed, flatten, fresh, overlay } from "./fields";

test("answers travel one by one under dotted names", () => {
  expect(flatten({ length_mm: 12, signs: { fever: false, pain: 2 } })).toEqual({
    length_mm: 12,
    "signs.fever": false,
    "signs.pain": 2,
  });
});

test("an answer laid over others leaves the others alone", () => {
  const check = fresh("observation", "o1", { lump: "l1", signs: { fever: true, pain: 2 } });
  expect(overlay<"observation">(check, { "signs.fever": false }).signs).toEqual({ fever: false, pain: 2 });
});

test("an answer taken back is not asked, which is not no", () => {
  const check = fresh("observation", "o1", { signs: { fever: true } });
  expect(overlay<"observation">(check, { "signs.fever": null }).signs).toEqual({});
});

test("only what changed is said, and an answer that is gone is said as null", () => {
  const before = fresh("observation", "o1", { length_mm: 12, signs: { fever: true, pain: 2 } });
  expect(changed(before, { length_mm: 12, signs: { pain: 3 } })).toEqual({ "signs.pain": 3, "signs.fever": null });
});

test("a draft without answers takes no answer back", () => {
  const before = fresh("observation", "o1", { signs: { fever: true } });
  expect(changed(before, { note: "sore" })).toEqual({ note: "sore" });
});
