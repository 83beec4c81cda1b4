/**
 * Emergency and same-day questions about this lump that nobody has answered yet: the app asks them by itself. The rules of
 * triage/questions.py, on the phone.
 */
import { urgency, type Assessment } from "./assessment";
import { catalogue, questionsFor } from "./catalogue";
import { dayOf } from "./dates";
import type { Kept } from "./history";
import type { Level } from "./record";

const URGENT = new Set<Level>(["emergency", "same_day"]);
const lastPart = (name: string): string => name.split(".").at(-1) ?? name;
const hasAlarm = (name: string): boolean => catalogue.signs[name]?.alarming !== undefined || catalogue.signs[name]?.alarming_from !== undefined;

/** Names of signs, the most urgent first. A question that was answered, whatever the answer, is not among them. */
export function urgentQuestions({ unknown }: Assessment, levels: ReadonlyMap<string, Level>, kept: Kept, today = dayOf(new Date())): string[] {
  const { lump, person, observations } = kept;
  const asked = new Set(questionsFor("signs", lump, person, today).flatMap(({ fields }) => fields.map(({ name }) => name)));
  const answered = new Set(observations.flatMap(({ signs }) => Object.keys(signs).filter((name) => (signs[name] ?? null) !== null)));
  const ranks = new Map<string, number>();
  for (const { rule, missing } of unknown) {
    const level = levels.get(rule) ?? "watch";
    if (!URGENT.has(level)) continue;
    for (const name of missing.map(lastPart)) {
      if (asked.has(name) && !answered.has(name) && hasAlarm(name)) ranks.set(name, Math.max(urgency(level), ranks.get(name) ?? 0));
    }
  }
  const order = Object.keys(catalogue.signs);
  return [...ranks.keys()].sort((a, b) => (ranks.get(b) ?? 0) - (ranks.get(a) ?? 0) || order.indexOf(a) - order.indexOf(b));
}
