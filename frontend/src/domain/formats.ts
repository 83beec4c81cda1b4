/** The browser's formatters, made once for each wish, when first used: making one takes longer than using it a hundred times. */
const dates = new Map<string, Intl.DateTimeFormat>();
const numbers = new Map<string, Intl.NumberFormat>();
const plurals = new Map<string, Intl.PluralRules>();

export function dateFormat(tag: string, options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat {
  const wish = tag + JSON.stringify(options);
  const known = dates.get(wish) ?? new Intl.DateTimeFormat(tag, options);
  dates.set(wish, known);
  return known;
}

export function numberFormat(tag: string, options: Intl.NumberFormatOptions = {}): Intl.NumberFormat {
  const wish = tag + JSON.stringify(options);
  const known = numbers.get(wish) ?? new Intl.NumberFormat(tag, options);
  numbers.set(wish, known);
  return known;
}

export function pluralRules(tag: string): Intl.PluralRules {
  const known = plurals.get(tag) ?? new Intl.PluralRules(tag);
  plurals.set(tag, known);
  return known;
}
