/** How places, dates and people are said. */
import { catalogue, siteLabel } from "../domain/catalogue";
import type { Lump, Person, Side } from "../domain/record";
import { locale } from "../state";
import { t, tn } from "../texts";

const moment = (at: number | string): string | Date => (typeof at === "string" ? at : new Date(at));

/** "21 Sept" */
export const shortDate = (at: number | string): string => locale.date(moment(at), { day: "numeric", month: "short" });
/** "Monday 21 September" */
export const dayDate = (at: number | string): string =>
  locale.date(moment(at), { weekday: "long", day: "numeric", month: "long" });
/** "Mon 21 Sept, 19:04" */
export const dateAndTime = (at: string): string => `${locale.date(at)}, ${locale.time(at)}`;

/** "Lower back, left side": the patient's side, always in words. */
export function placeName(site: string, side: Side | null): string {
  const label = siteLabel(site);
  return side === null ? label : t(`place.${side}`, { site: label });
}

/** What the person called it, or else where it is. */
export const lumpName = (lump: Pick<Lump, "label" | "site" | "side">): string =>
  lump.label.trim() || placeName(lump.site, lump.side);

export const personName = (person: Pick<Person, "name"> | null | undefined): string => person?.name.trim() || t("person.me");

/** "9 weeks", "5 days": a length of time as people say it. */
export function howLong(days: number): string {
  if (days < 1) return t("time.today");
  if (days < 14) return tn("time.days", days);
  if (days < 84) return tn("time.weeks", Math.floor(days / 7));
  if (days < 730) return tn("time.months", Math.floor(days / 30.44));
  return tn("time.years", Math.floor(days / 365.25));
}

export const methodLabel = (method: string | null): string =>
  method === null ? t("size.no_method") : (catalogue.methods[method] ?? method);
