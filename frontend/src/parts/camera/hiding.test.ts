import { expect, test } from "vitest";
import { boxOf, marksWithin } from "./hiding";

test("two corners in any order make one box, inside the picture", () => {
  const limit = { width: 100, height: 50 };
  expect(boxOf({ x: 80, y: 40 }, { x: 10, y: 5 }, limit)).toEqual({ x: 10, y: 5, width: 70, height: 35 });
  expect(boxOf({ x: -20, y: 10 }, { x: 400, y: 90 }, limit)).toEqual({ x: 0, y: 10, width: 100, height: 40 });
});

test("a cut takes the marks along, and forgets how another picture lay over the whole", () => {
  const marks = [
    { kind: "length", points: [{ x: 30, y: 40 }, { x: 60, y: 40 }] },
    { kind: "over", photo: "old", x: 0, y: 0, scale: 1, turn: 0 },
    { kind: "cropped" },
  ];
  expect(marksWithin(marks, { x: 10, y: 20, width: 70, height: 30 })).toEqual([
    { kind: "length", points: [{ x: 20, y: 20 }, { x: 50, y: 20 }] },
    { kind: "cropped" },
  ]);
});
