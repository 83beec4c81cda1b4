import { expect, test } from "vitest";
import { dateFormat, numberFormat } from "./formats";

test("the same wish gives the same formatter, another one another", () => {
  expect(dateFormat("en-GB", { month: "short" })).toBe(dateFormat("en-GB", { month: "short" }));
  expect(dateFormat("en-GB", { month: "short" })).not.toBe(dateFormat("es", { month: "short" }));
  expect(numberFormat("es").format(1.5)).toBe("1,5");
  expect(numberFormat("en", { maximumFractionDigits: 0 }).format(1.4)).toBe("1");
});
