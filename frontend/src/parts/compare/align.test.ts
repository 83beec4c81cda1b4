import { expect, test } from "vitest";
import type { Point } from "../../domain/camera";
import type { Laying } from "../camera/laying";
import { byMarks, layingFrom, type Marked } from "./align";

/** Even numbers from 0 to 1 that are always the same. */
function seeded(seed: number): () => number {
  let state = seed;
  return () => ((state = (state * 48_271) % 2_147_483_647) / 2_147_483_647);
}

const FRAME = { width: 1536, height: 2048 };
const move = ({ x, y }: Point, scale: number, turn: number, dx: number, dy: number): Point => ({
  x: scale * (Math.cos(turn) * x - Math.sin(turn) * y) + dx,
  y: scale * (Math.sin(turn) * x + Math.cos(turn) * y) + dy,
});
const cross = (middle: Point, long: number, wide: number, angle: number): { length: Point[]; width: Point[] } => {
  const end = (reach: number, at: number): Point => ({ x: middle.x + reach * Math.cos(at), y: middle.y + reach * Math.sin(at) });
  return { length: [end(-long, angle), end(long, angle)], width: [end(-wide, angle + Math.PI / 2), end(wide, angle + Math.PI / 2)] };
};
const marked = ({ length, width }: { length: Point[]; width: Point[] }, mm_per_px: number, extent = FRAME): Marked => ({
  ...extent,
  mm_per_px,
  marks: [{ kind: "reference", points: [] }, { kind: "length", points: length }, { kind: "width", points: width }],
});

/** Where a laying puts a place of the old picture, in pixels of the new one. */
function laid(point: Point, lies: Laying, old = FRAME, now = FRAME): Point {
  const fitted = Math.min(now.width / old.width, now.height / old.height) * lies.scale;
  const from = { x: (point.x - old.width / 2) * fitted, y: (point.y - old.height / 2) * fitted };
  return move(from, 1, lies.turn, now.width / 2 + lies.x * now.width, now.height / 2 + lies.y * now.width);
}

test("two pictures of one scene, moved, turned and scaled, come within two hundredths of the frame by marks set by a finger", () => {
  const random = seeded(11);
  const stray = (): number => (random() + random() + random() - 1.5) * 4;
  const misses: number[] = [];
  for (let round = 0; round < 400; round += 1) {
    const angle = random() * Math.PI;
    const before = cross({ x: 700 + 100 * random(), y: 900 + 200 * random() }, 160 + 60 * random(), 80 + 40 * random(), angle);
    const [scale, turn, dx, dy] = [0.7 + 0.6 * random(), (random() - 0.5) * 0.6, 150 * (random() - 0.5), 150 * (random() - 0.5)];
    const touch = (points: Point[]): Point[] => points.map(({ x, y }) => ({ x: x + stray(), y: y + stray() }));
    const after = { length: before.length.map((p) => move(p, scale, turn, dx, dy)), width: before.width.map((p) => move(p, scale, turn, dx, dy)) };
    const found = byMarks(
      marked({ length: touch(before.length), width: touch(before.width) }, 0.1),
      marked({ length: touch(after.length).reverse(), width: touch(after.width) }, 0.1 / scale),
    );
    expect(found).not.toBeNull();
    if (!found) continue;
    const lies = layingFrom(found, FRAME, FRAME);
    const probe = { x: FRAME.width / 2 + 300, y: FRAME.height / 2 - 300 };
    const [got, want] = [laid(probe, lies), move(probe, scale, turn, dx, dy)];
    misses.push(Math.hypot(got.x - want.x, got.y - want.y) / FRAME.width);
  }
  misses.sort((a, b) => a - b);
  expect(misses.length).toBe(400);
  expect(misses[380]).toBeLessThan(0.02);
});

test("a lump that grew is not shrunk to its old size: millimetres make the scale", () => {
  const small = cross({ x: 700, y: 900 }, 100, 60, 0.3);
  const large = cross({ x: 700, y: 900 }, 200, 120, 0.3);
  expect(byMarks(marked(small, 0.1), marked(large, 0.1))?.scale).toBeCloseTo(1, 9);
});

test("a round lump has no direction to turn by", () => {
  const [before, after] = [cross({ x: 700, y: 900 }, 100, 95, 0), cross({ x: 700, y: 900 }, 100, 95, 1.2)];
  expect(byMarks(marked(before, 0.1), marked(after, 0.1))?.turn_radians).toBeCloseTo(0, 9);
});

test("pictures of different shapes are laid where the marks say too", () => {
  const old = { width: 1000, height: 1000 };
  const [before, after] = [cross({ x: 400, y: 500 }, 100, 50, 0.2), cross({ x: 900, y: 1200 }, 200, 100, 0.2)];
  const found = byMarks(marked(before, 0.1, old), marked(after, 0.05));
  expect(found).not.toBeNull();
  const lies = found && layingFrom(found, old, FRAME);
  const got = lies && laid({ x: 400, y: 500 }, lies, old, FRAME);
  expect(got?.x).toBeCloseTo(900, 6);
  expect(got?.y).toBeCloseTo(1200, 6);
});

test("what was not measured, or kept as nonsense, gives no alignment", () => {
  const whole = marked(cross({ x: 700, y: 900 }, 100, 60, 0.3), 0.1);
  expect(byMarks({ ...whole, mm_per_px: null }, whole)).toBeNull();
  expect(byMarks({ ...whole, marks: [] }, whole)).toBeNull();
  expect(byMarks({ ...whole, marks: [{ kind: "length", points: ["a", null] }] }, whole)).toBeNull();
});

const CARD = [{ x: -42.8, y: -26.99 }, { x: 42.8, y: -26.99 }, { x: 42.8, y: 26.99 }, { x: -42.8, y: 26.99 }];
const SHEET = [{ x: -25, y: -25 }, { x: 25, y: -25 }, { x: 25, y: 25 }, { x: -25, y: 25 }];
const RULER = [{ x: -25, y: 0 }, { x: 25, y: 0 }];
const COIN = Array.from({ length: 36 }, (_, step) => ({ x: 11.6 * Math.cos((step * Math.PI) / 18), y: 11.6 * Math.sin((step * Math.PI) / 18) }));
const THINGS: Record<"card" | "coin" | "marker" | "ruler", Point[]> = { card: CARD, coin: COIN, marker: SHEET, ruler: RULER };
const PX_PER_MM = 8;
const LUMP = { x: 6, y: -45 };

/** A lump of 10 mm beside a thing, seen after a turn about the picture's middle; `laid` is how the thing was turned about the lump. */
function seen(thing: keyof typeof THINGS, { turn = 0, laid = 0, wide = 1, order = 0, scale = 1, moved = 0 } = {}) {
  const place = (mm: Point): Point => move(mm, PX_PER_MM * scale, turn, FRAME.width / 2, FRAME.height / 2 + moved);
  const beside = (mm: Point): Point => {
    const { x, y } = move({ x: mm.x - LUMP.x, y: mm.y - LUMP.y }, 1, laid, LUMP.x, LUMP.y);
    return place({ x, y });
  };
  const points = THINGS[thing].map(beside);
  const { length, width } = cross(LUMP, 5, 5 * wide, 0.7);
  const marks = [
    { kind: "reference", reference: thing, points: [...points.slice(order), ...points.slice(0, order)] },
    { kind: "length", points: length.map(place) },
    { kind: "width", points: width.map(place) },
  ];
  return { ...FRAME, mm_per_px: 1 / (PX_PER_MM * scale), marks };
}

test.each(["card", "coin", "marker", "ruler"] as const)("a round lump's turn comes from what it was measured by: %s", (thing) => {
  const order = thing === "card" ? 2 : thing === "ruler" ? 1 : 0; // its ends have no names
  const found = byMarks(seen(thing), seen(thing, { turn: 0.5, order, scale: 1.3, moved: 90 }));
  expect(found?.turn_radians).toBeCloseTo(0.5, 6);
  expect(found?.scale).toBeCloseTo(1.3, 6);
  expect(found?.residual_px).toBeCloseTo(0, 6);
});

test("a phone held the other way up is told by the sheet, and by a card beside a long lump", () => {
  expect(byMarks(seen("marker"), seen("marker", { turn: 2.8 }))?.turn_radians).toBeCloseTo(2.8, 6);
  expect(byMarks(seen("card", { wide: 0.6 }), seen("card", { wide: 0.6, turn: 2.8 }))?.turn_radians).toBeCloseTo(2.8, 6);
});

test("a thing that was laid elsewhere the other time turns nothing", () => {
  expect(byMarks(seen("card"), seen("card", { laid: Math.PI / 2 }))?.turn_radians).toBe(0); // on another side of a round lump
  expect(byMarks(seen("card", { wide: 0.6 }), seen("card", { wide: 0.6, laid: Math.PI / 2 }))?.turn_radians).toBeCloseTo(0, 6);
  const away = seen("marker", { turn: 0.5 });
  const marks = away.marks.map((mark) => ("reference" in mark ? { ...mark, points: mark.points.map(({ x, y }) => ({ x: x + 120, y })) } : mark));
  expect(byMarks(seen("marker"), { ...away, marks })?.turn_radians).toBe(0);
  expect(byMarks(seen("card"), seen("ruler", { turn: 0.5 }))?.turn_radians).toBe(0);
  expect(byMarks(seen("coin"), seen("coin", { laid: Math.PI / 2 }))?.turn_radians).toBe(0);
  expect(byMarks(seen("coin", { wide: 0.6 }), seen("coin", { wide: 0.6, laid: Math.PI / 2 }))?.turn_radians).toBeCloseTo(0, 6);
  expect(byMarks(seen("coin", { wide: 0.6 }), seen("coin", { wide: 0.6, laid: Math.PI }))?.turn_radians).toBeCloseTo(0, 6); // at its other end
});

test("kept nonsense about the thing does no harm", () => {
  const whole = seen("card");
  const marks = whole.marks.map((mark) => ("reference" in mark ? { ...mark, points: [{ x: 1 }, null] } : mark));
  expect(byMarks({ ...whole, marks }, seen("card", { turn: 0.5 }))?.turn_radians).toBe(0);
});
