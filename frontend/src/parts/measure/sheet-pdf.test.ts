import { expect, test } from "vitest";
import { MIDDLES, SQUARE_MM } from "../../domain/camera/sheet";
import { BAR_MM, sheetPdf } from "./sheet-pdf";

const file = sheetPdf({ title: "Measuring sheet", how: ["Print it (at 100 %)"], bar: "50 mm – mídelo" });
/** Boxes in millimetres from the bottom left corner, with what is done to them. */
const boxes = [...file.matchAll(/([\d.]+) ([\d.]+) ([\d.]+) ([\d.]+) re/g)].map((found) => found.slice(1, 5).map((value) => (Number(value) * 25.4) / 72));
const bar = boxes.at(-1) ?? [];

test("the bar to check the print is as long as it says", () => {
  expect(bar[2]).toBeCloseTo(BAR_MM, 3);
});

test("the four squares are printed in true millimetres, as far apart as they are looked for", () => {
  const squares = boxes.filter(([, , width = 0, height = 0]) => Math.abs(width - SQUARE_MM) < 0.01 && Math.abs(height - SQUARE_MM) < 0.01);
  expect(squares).toHaveLength(4);
  const [[x0 = 0, y0 = 0] = [], [x1 = 0] = [], [, y2 = 0] = []] = squares;
  expect(x1 - x0).toBeCloseTo((MIDDLES[1]?.x ?? NaN) - (MIDDLES[0]?.x ?? NaN), 2);
  expect(y0 - y2).toBeCloseTo((MIDDLES[2]?.y ?? NaN) - (MIDDLES[0]?.y ?? NaN), 2); // a PDF counts upward
});

test("a reader finds every object where the table says, and is told not to scale the page", () => {
  const places = [...file.matchAll(/^(\d{10}) 00000 n /gm)].map(([, place]) => Number(place));
  expect(places).toHaveLength(5);
  places.forEach((place, index) => expect(file.slice(place, place + 7)).toBe(`${index + 1} 0 obj`));
  expect(file.slice(Number(/startxref\n(\d+)/.exec(file)?.[1])).startsWith("xref")).toBe(true);
  expect(file).toContain("/PrintScaling /None");
});

test("words cannot break out of the page's program, and keep their accents", () => {
  expect(file).toContain("(Print it \\050at 100 %\\051)");
  expect(file).toContain("m\\355delo");
  expect(file).toMatch(/^[\n -~]*$/);
});
