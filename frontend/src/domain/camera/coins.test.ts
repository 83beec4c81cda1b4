import { expect, test } from "vitest";
import { coinsOf, CURRENCIES } from "./coins";

test("the coins of one's own region come first, also those of a part of it", () => {
  expect(coinsOf("US")[0]?.regions).toContain("US");
  expect(coinsOf("GB-SCT")[0]?.regions).toContain("GB");
  expect(coinsOf("DE")[0]?.coins.map(({ diameter_mm }) => diameter_mm)).toContain(23.25);
  expect(coinsOf("BG")[0]?.regions).toContain("DE");
  expect(coinsOf(null)).toHaveLength(CURRENCIES.length);
});

test("no coin is named twice, and each is as large as coins are", () => {
  const coins = CURRENCIES.flatMap((currency) => currency.coins);
  expect(new Set(coins.map(({ id }) => id)).size).toBe(coins.length);
  for (const { diameter_mm } of coins) expect(diameter_mm > 14 && diameter_mm < 32).toBe(true);
});
