import { expect, test } from "vitest";
import { motionOf } from "./gestures";

test("one finger moves and does nothing else", () => {
  expect(motionOf([{ x: 10, y: 10 }], [{ x: 13, y: 6 }])).toEqual({ dx: 3, dy: -4, scale: 1, turn: 0, x: 13, y: 6, fingers: 1 });
});

test("two fingers that part enlarge about their middle", () => {
  const motion = motionOf([{ x: 10, y: 0 }, { x: 20, y: 0 }], [{ x: 5, y: 0 }, { x: 25, y: 0 }]);
  expect(motion).toMatchObject({ dx: 0, dy: 0, scale: 2, turn: 0, x: 15 });
});

test("two fingers that turn turn clockwise on the screen", () => {
  const motion = motionOf([{ x: 0, y: 0 }, { x: 10, y: 0 }], [{ x: 5, y: -5 }, { x: 5, y: 5 }]);
  expect(motion.turn).toBeCloseTo(Math.PI / 2, 9);
  expect(motion.scale).toBeCloseTo(1, 9);
});

test("two fingers on one spot neither enlarge nor turn", () => {
  expect(motionOf([{ x: 5, y: 5 }, { x: 5, y: 5 }], [{ x: 1, y: 5 }, { x: 9, y: 5 }])).toMatchObject({ scale: 1, turn: 0 });
});
