/** Urgent questions as they are asked: one group after the other, so that forty of them are seven answers. */
import { catalogue, type Field, type Group } from "./catalogue";

export interface UrgentGroup {
  name: string;
  group: Group;
  fields: { name: string; field: Field }[];
}

/**
 * The groups of these questions, in the order of their most urgent one. What is asked of children comes last where no age
 * is known.
 */
export function urgentGroups(names: readonly string[], knowsAge: boolean): UrgentGroup[] {
  const groups = new Map<string, UrgentGroup>();
  for (const name of names) {
    const field = catalogue.signs[name];
    const group = field && catalogue.groups[field.group];
    if (!field || !group) continue;
    const known = groups.get(field.group) ?? { name: field.group, group, fields: [] };
    known.fields.push({ name, field });
    groups.set(field.group, known);
  }
  const isLater = ({ group }: UrgentGroup): boolean => !knowsAge && group.under_age_years !== undefined;
  return [...groups.values()].sort((a, b) => Number(isLater(a)) - Number(isLater(b)));
}
