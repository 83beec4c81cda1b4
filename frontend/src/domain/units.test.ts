import { expect, test } from "vitest";
import { formatLength, lengthNumber, medianMm, parseLength, toMm } from "./units";

test("a length goes to millimetres with one decimal and comes back as it was typed", () => {
  expect(toMm(1.5, "cm")).toBe(15);
  expect(toMm(0.75, "in")).toBe(19.1);
  expect(lengthNumber(15, "cm")).toBe("1.5");
  expect(lengthNumber(19.1, "in")).toBe("0.75");
});

test("tenths of a millimetre show only where they were measured", () => {
  expect(formatLength(12, "mm")).toBe("12\u00a0mm");
  expect(formatLength(12.4, "mm")).toBe("12.4\u00a0mm");
});

test("a length is written the way the language writes numbers", () => {
  expect(lengthNumber(15, "cm", "de")).toBe("1,5");
});

test.each([
  ["1,5", "cm", 15],
  [" 15 ", "mm", 15],
  [".5", "in", 12.7],
] as const)("%s in %s is read as %d mm", (text, unit, mm) => {
  expect(parseLength(text, unit)).toBe(mm);
});

test.each(["", "0", "-3", "1.2.3", "big", "1e3", "120"])("%s is not a length in centimetres", (text) => {
  expect(parseLength(text, "cm")).toBeNull();
});

test("the median of repeated readings is the length, and no readings give none", () => {
  expect(medianMm([19, 17, 18])).toBe(18);
  expect(medianMm([17, 18])).toBe(17.5);
  expect(medianMm([])).toBeNull();
});
