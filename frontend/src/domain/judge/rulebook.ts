import data from "virtual:rulebook";
import type { Level, Sex } from "../record";

export type Value = boolean | number | string;
/** A comparison: fact, operator, what it is compared with. */
export type ConditionData = readonly [fact: string, op: string, value: Value | readonly Value[]];

/** A rule as the build leaves it: `all`, `any` and `unless` are numbers of conditions; what is missing says nothing. */
export interface RuleData {
  id: string;
  version: number;
  level: Level;
  family?: string;
  sites?: readonly string[];
  not_sites?: readonly string[];
  from_months?: number;
  under_months?: number;
  sexes?: readonly Sex[];
  all?: readonly number[];
  any?: readonly number[];
  unless?: readonly number[];
}

export interface RulebookData {
  digest: string;
  conditions: readonly ConditionData[];
  rules: readonly RuleData[];
}

/** The rules of this build; `digest` says exactly which text that is. */
export const book: RulebookData = data;
