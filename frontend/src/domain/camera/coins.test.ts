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

/** By hand from where the table says it was read; a slip here is a wrong size of a lump. */
const READ = {
  "Council Regulation (EC) No 975/98, summary on EUR-Lex": { "eur-2": 25.75, "eur-1": 23.25, "eur-050": 24.25, "eur-020": 22.25, "eur-010": 19.75, "eur-005": 21.25, "eur-002": 18.75, "eur-001": 16.25 },
  "United States Mint, Coin Specifications": { "usd-025": 24.26, "usd-005": 21.21, "usd-001": 19.05, "usd-010": 17.91 },
  "royalmint.com/discover/uk-coins/coin-design-and-specifications/ten-pence-coin": { "gbp-010": 24.5 },
  "royalmint.com/discover/uk-coins/coin-design-and-specifications/five-pence-coin": { "gbp-005": 18 },
  "SOR/2023-231, Canada Gazette, Part II, Volume 157, Number 24": { "cad-2": 28.03 },
  "SOR/2017-26, Canada Gazette, Part II, Volume 151, Number 5": { "cad-025": 23.88 },
};
/** As commonly known; no page of the mint was read for these. */
const KNOWN = {
  "The Royal Mint, designs and specifications": { "gbp-2": 28.4, "gbp-002": 25.9, "gbp-001": 20.3 },
  "Royal Canadian Mint, circulation coins": { "cad-010": 18.03, "cad-005": 21.2 },
  "Royal Australian Mint, circulating coins": { "aud-1": 25, "aud-2": 20.5, "aud-020": 28.65, "aud-010": 23.6 },
  "Swissmint, circulation coins": { "chf-2": 27.4, "chf-1": 23.2, "chf-050": 18.2, "chf-020": 21.05 },
  "Banco de México, monedas en circulación": { "mxn-10": 28, "mxn-5": 25.5, "mxn-1": 21 },
};

test("every diameter is that of its source, and only what was read there counts as read", () => {
  const all = CURRENCIES.flatMap(({ coins, source, standing }) =>
    coins.map((coin) => ({ id: coin.id, mm: coin.diameter_mm, from: coin.source ?? source, isRead: coin.source !== undefined || standing === "confirmed" })),
  );
  const pinned = (from: Record<string, Record<string, number>>, isRead: boolean): typeof all =>
    Object.entries(from).flatMap(([source, coins]) => Object.entries(coins).map(([id, mm]) => ({ id, mm, from: source, isRead })));
  const byId = (one: { id: string }, two: { id: string }): number => (one.id < two.id ? -1 : 1);
  expect([...all].sort(byId)).toEqual([...pinned(READ, true), ...pinned(KNOWN, false)].sort(byId));
});
