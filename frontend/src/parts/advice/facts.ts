/** What a finding rests on, in words: the same names that the questions carry. */
import type { Finding, Source } from "../../domain/assessment";
import { catalogue, siteLabel, type Field } from "../../domain/catalogue";
import { locale } from "../../state";
import { hasText, t, tn, type Text } from "../../texts";
import { dayDate } from "../words";

const GROWTH: Record<string, Text> = {
  growing: "fact.growing",
  stable: "fact.stable",
  shrinking: "fact.shrinking",
  too_few: "fact.too_few",
};

const fieldOf = (name: string): Field | undefined =>
  catalogue.signs[name] ?? catalogue.lump_background[name] ?? catalogue.person_background[name];

/** As it is asked; what is worked out is said as the rules page says it, for its name is the code's own. */
function nameOf(fact: string): string {
  const name = fact.split(".").at(-1) ?? fact;
  const label = fieldOf(name)?.label ?? catalogue.sizes[name]?.label;
  const key = `rule_fact.${fact}`;
  return label ?? (hasText(key) ? t(key) : name.replaceAll("_", " "));
}

/** "birth_date", "fever" and "sign.fever" are all said the way they are asked. */
export function factLabel(fact: string): string {
  const name = fact.split(".").at(-1) ?? fact;
  if (name === "birth_date") return t("fact.birth_date");
  if (name === "sex") return t("fact.sex");
  if (name === "length_mm" || fact.startsWith("growth")) return t("fact.size");
  if (name === "first_noticed_on") return t("fact.first_noticed");
  return nameOf(fact);
}

function said(fact: string, value: unknown): string {
  if (value === true) return nameOf(fact);
  if (value === false) return t("fact.no", { name: nameOf(fact) });
  const field = fieldOf(fact.split(".").at(-1) ?? fact);
  const text = field?.choices?.[String(value)] ?? (field?.unit ? `${String(value)} ${field.unit}` : String(value));
  return t("fact.value", { name: nameOf(fact), value: text });
}

function asNumber(value: unknown): number | null {
  return typeof value === "number" ? value : null;
}

export function becauseLine({ fact, value }: Finding["because"][number]): string {
  const name = fact.split(".").at(-1) ?? fact;
  const number = asNumber(value);
  if (fact === "growth.state") return t(GROWTH[String(value)] ?? "fact.too_few");
  if (name.endsWith("_mm") && number !== null) return t("fact.value", { name: factLabel(fact), value: locale.length(number) });
  if (name.startsWith("days") && number !== null) return tn("fact.days_here", Math.round(number));
  if (name === "age_years" && number !== null) return tn("fact.age", Math.floor(number));
  if (name === "site") return siteLabel(String(value));
  return said(fact, value);
}

/** Where in the source it stands and when it was read. */
export function sourceLine({ section, accessed }: Source): string {
  if (!accessed) return section ?? "";
  return section ? t("advice.source", { section, date: dayDate(accessed) }) : t("advice.read_on", { date: dayDate(accessed) });
}
