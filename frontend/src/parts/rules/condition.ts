/** The conditions of a rule in words: the same labels as the questions, and a sentence for each fact that is worked out. */
import type { RulebookPageRule } from "../../domain/judge";
import { catalogue, siteLabel, type Field } from "../../domain/catalogue";
import { locale } from "../../state";
import { hasText, t, tn, type Text } from "../../texts";

export type Condition = RulebookPageRule["all"][number];

const fieldOf = (name: string): Field | undefined => catalogue.signs[name] ?? catalogue.lump_background[name] ?? catalogue.person_background[name];

function factName(fact: string): string {
  const key = `rule_fact.${fact}`;
  if (hasText(key)) return t(key);
  const name = fact.split(".").at(-1) ?? fact;
  return fieldOf(name)?.label ?? catalogue.sizes[name]?.label ?? name.replaceAll("_", " ");
}

const OPS: Record<string, Text> = { ">=": "rule_op.at_least", ">": "rule_op.more_than", "<": "rule_op.less_than", "<=": "rule_op.at_most" };

function amount(fact: string, value: number): string {
  if (fact.endsWith("_mm") || fact.endsWith(".mm")) return locale.length(value);
  if (fact.endsWith("days")) return tn("time.days", value);
  if (fact.endsWith("temperature_c")) return t("rule_op.celsius", { value: locale.number(value) });
  return locale.number(value);
}

export function conditionLine({ fact, op, value }: Condition): string {
  const name = factName(fact);
  if (op === "is" && typeof value === "boolean") return value ? name : t("rule_op.not", { name });
  const choices = fieldOf(fact.split(".").at(-1) ?? fact)?.choices;
  const said = [value].flat().map((each) => (typeof each === "number" ? amount(fact, each) : (choices?.[String(each)] ?? siteLabel(String(each)))));
  return t(OPS[op] ?? "rule_op.is", { name, value: locale.either(said) });
}

const years = (months: number): string => (months % 12 === 0 ? tn("time.years", months / 12) : tn("time.months", months));

/** Of whom and where it is asked, in one line each. */
export function scopeLines(rule: Pick<RulebookPageRule, "from_months" | "under_months" | "sexes" | "sites" | "not_sites">): string[] {
  const lines: string[] = [];
  if (rule.from_months > 0 && rule.under_months !== null) lines.push(t("rules.ages_between", { from: years(rule.from_months), under: years(rule.under_months) }));
  else if (rule.from_months > 0) lines.push(t("rules.ages_from", { from: years(rule.from_months) }));
  else if (rule.under_months !== null) lines.push(t("rules.ages_under", { under: years(rule.under_months) }));
  if (rule.sexes) lines.push(t("rules.sexes", { list: locale.either(rule.sexes.map((sex) => catalogue.sexes[sex] ?? sex)) }));
  if (rule.sites) lines.push(t("rules.sites", { list: locale.either(rule.sites.map(siteLabel)) }));
  else if (rule.not_sites.length > 0) lines.push(t("rules.not_sites", { list: locale.either(rule.not_sites.map(siteLabel)) }));
  return lines;
}
