/** A round coin; those with corners are left out, because their rim is no circle. */
export interface Coin {
  readonly id: string;
  /** As it is called where it is used; a name, never translated. */
  readonly name: string;
  readonly diameter_mm: number;
  /** Where this one was read, if its currency's others were not. */
  readonly source?: string;
}

export interface Currency {
  readonly regions: readonly string[];
  readonly coins: readonly Coin[];
  readonly source: string;
  /** `confirmed`: read there for this table. `knowledge`: the mint's figure as commonly known, not read again but for coins with a source of their own. */
  readonly standing: "confirmed" | "knowledge";
}

const coin = (id: string, name: string, diameter_mm: number, source?: string): Coin => ({ id, name, diameter_mm, ...(source && { source }) });

/** Bulgaria since 1 January 2026; the small states by agreement; Montenegro and Kosovo without one. */
const EURO_REGIONS = "AT BE BG CY DE EE ES FI FR GR HR IE IT LT LU LV MT NL PT SI SK AD MC SM VA ME XK".split(" ");

export const CURRENCIES: readonly Currency[] = [
  {
    regions: EURO_REGIONS,
    coins: [
      coin("eur-2", "€2", 25.75),
      coin("eur-1", "€1", 23.25),
      coin("eur-050", "50 cent", 24.25),
      coin("eur-020", "20 cent", 22.25),
      coin("eur-010", "10 cent", 19.75),
      coin("eur-005", "5 cent", 21.25),
      coin("eur-002", "2 cent", 18.75),
      coin("eur-001", "1 cent", 16.25),
    ],
    source: "Council Regulation (EC) No 975/98, summary on EUR-Lex",
    standing: "confirmed",
  },
  {
    regions: ["US", "PR", "EC", "SV"],
    coins: [
      coin("usd-025", "Quarter", 24.26),
      coin("usd-005", "Nickel", 21.21),
      coin("usd-001", "Penny", 19.05),
      coin("usd-010", "Dime", 17.91),
    ],
    source: "United States Mint, Coin Specifications",
    standing: "confirmed",
  },
  {
    regions: ["GB", "GG", "JE", "IM"],
    coins: [
      coin("gbp-2", "£2", 28.4),
      coin("gbp-002", "2p", 25.9),
      coin("gbp-010", "10p", 24.5, "royalmint.com/discover/uk-coins/coin-design-and-specifications/ten-pence-coin"),
      coin("gbp-001", "1p", 20.3),
      coin("gbp-005", "5p", 18.0, "royalmint.com/discover/uk-coins/coin-design-and-specifications/five-pence-coin"),
    ],
    source: "The Royal Mint, designs and specifications",
    standing: "knowledge",
  },
  {
    regions: ["CA"],
    coins: [
      coin("cad-2", "$2", 28.03, "SOR/2023-231, Canada Gazette, Part II, Volume 157, Number 24"),
      coin("cad-025", "25¢", 23.88, "SOR/2017-26, Canada Gazette, Part II, Volume 151, Number 5"),
      coin("cad-010", "10¢", 18.03),
      coin("cad-005", "5¢", 21.2),
    ],
    source: "Royal Canadian Mint, circulation coins",
    standing: "knowledge",
  },
  {
    regions: ["AU"],
    coins: [coin("aud-1", "$1", 25), coin("aud-2", "$2", 20.5), coin("aud-020", "20c", 28.65), coin("aud-010", "10c", 23.6)],
    source: "Royal Australian Mint, circulating coins",
    standing: "knowledge",
  },
  {
    regions: ["CH", "LI"],
    coins: [coin("chf-2", "2 Fr.", 27.4), coin("chf-1", "1 Fr.", 23.2), coin("chf-050", "½ Fr.", 18.2), coin("chf-020", "20 Rp.", 21.05)],
    source: "Swissmint, circulation coins",
    standing: "knowledge",
  },
  {
    regions: ["MX"],
    coins: [coin("mxn-10", "$10", 28), coin("mxn-5", "$5", 25.5), coin("mxn-1", "$1", 21)],
    source: "Banco de México, monedas en circulación",
    standing: "knowledge",
  },
];

/** The currencies to offer: that of the region first (`GB-SCT` counts as `GB`), then the others, for the coin of a journey. */
export function coinsOf(region: string | null): readonly Currency[] {
  const country = region?.slice(0, 2) ?? null;
  const own = CURRENCIES.filter(({ regions }) => country !== null && regions.includes(country));
  return [...own, ...CURRENCIES.filter((currency) => !own.includes(currency))];
}
