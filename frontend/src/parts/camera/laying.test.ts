import { expect, test } from "vitest";
import { afterKey, afterMotion, ghostMark, isUnderGhost, layingIn, overMark, STRAIGHT } from "./laying";

const FRAME = { width: 400, height: 600 };

test("a drag moves it by shares of the picture's width", () => {
  expect(afterMotion(STRAIGHT, { dx: 40, dy: -20, scale: 1, turn: 0, x: 100, y: 100 }, FRAME)).toEqual({ x: 0.1, y: -0.05, scale: 1, turn: 0 });
});

test("what lies under two fingers stays under them while they pinch and turn", () => {
  const lies = { x: 0.1, y: 0.2, scale: 1.3, turn: 0.4 };
  const motion = { dx: 7, dy: 3, scale: 1.5, turn: 0.3, x: 120, y: 330 };
  const next = afterMotion(lies, motion, FRAME);
  const place = (at: typeof lies, px: number, py: number): [number, number] => [
    200 + at.x * 400 + at.scale * (Math.cos(at.turn) * px - Math.sin(at.turn) * py),
    300 + at.y * 400 + at.scale * (Math.sin(at.turn) * px + Math.cos(at.turn) * py),
  ];
  // The point of the old picture that lay under the middle of the fingers before.
  const [ox, oy] = [120 - 7 - 200 - 40, 330 - 3 - 300 - 80];
  const [px, py] = [(Math.cos(0.4) * ox + Math.sin(0.4) * oy) / 1.3, (-Math.sin(0.4) * ox + Math.cos(0.4) * oy) / 1.3];
  const [x, y] = place(next, px, py);
  expect(x).toBeCloseTo(120, 6);
  expect(y).toBeCloseTo(330, 6);
});

test("keys move, scale and turn; others do nothing", () => {
  expect(afterKey(STRAIGHT, "ArrowLeft", false)?.x).toBeLessThan(0);
  expect(afterKey(STRAIGHT, "]", true)?.turn).toBeGreaterThan(afterKey(STRAIGHT, "]", false)?.turn ?? NaN);
  const larger = afterKey(STRAIGHT, "+", true) ?? STRAIGHT;
  expect(afterKey(larger, "-", true)?.scale).toBeCloseTo(1, 9);
  expect(afterKey(STRAIGHT, "a", false)).toBeNull();
});

test("a picture is never pinched away", () => {
  const small = afterMotion(STRAIGHT, { dx: 0, dy: 0, scale: 0.0001, turn: 0, x: 200, y: 300 }, FRAME);
  expect(small.scale).toBe(0.2);
  expect([small.x, small.y]).toEqual([0, 0]);
});

test("how it lay is found again by the photo's id, and nonsense is not believed", () => {
  const lies = { x: 0.1, y: -0.2, scale: 1.1, turn: 0.05 };
  expect(layingIn([{ kind: "length" }, overMark("old", lies)], "old")).toEqual(lies);
  expect(layingIn([overMark("old", lies)], "another")).toBeNull();
  expect(layingIn([{ kind: "over", photo: "old", x: "left", y: 0, scale: 1, turn: 0 }], "old")).toBeNull();
  expect(layingIn([{ kind: "over", photo: "old", x: 0, y: 0, scale: 0, turn: 0 }], "old")).toBeNull();
});

test("taken under the ghost it lies straight, and is known from what a hand lined up", () => {
  expect(layingIn([ghostMark("old")], "old")).toEqual(STRAIGHT);
  expect([isUnderGhost([ghostMark("old")], "old"), isUnderGhost([ghostMark("old")], "another"), isUnderGhost([overMark("old", STRAIGHT)], "old")]).toEqual([true, false, false]);
});
