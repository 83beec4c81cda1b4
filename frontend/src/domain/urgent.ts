/** Emergency and same-day questions about this place that nobody has answered yet: the app asks them by itself. */
import { urgency, type Assessment } from "./assessment";
import { catalogue, questionsFor } from "./catalogue";
import { dayOf } from "./dates";
import type { Kept } from "./history";
import type { Level } from "./record";

const URGENT = new Set<Level>(["emergency", "same_day"]);
const lastPart = (name: string): string => name.split(".").at(-1) ?? name;

/** Names of signs, the most urgent first. A question that was answered, whatever the answer, is not among them. */
export function urgentQuestions({ unknown }: Assessment, levels: ReadonlyMap<string, Level>, kept: Kept, today = dayOf(new Date())): string[] {
  const { lump, person, observations } = kept;
  const asked = new Set(questionsFor("signs", lump, person, today).flatMap(({ fields }) => fields.map(({ name }) => name)));
  const answered = new Set(observations.flatMap(({ signs }) => Object.keys(signs).filter((name) => (signs[name] ?? null) !== null)));
  const level = (rule: string): Level => levels.get(rule) ?? "watch";
  const names = unknown
    .filter(({ rule }) => URGENT.has(level(rule)))
    .sort((a, b) => urgency(level(b.rule)) - urgency(level(a.rule)))
    .flatMap(({ missing }) => missing.map(lastPart))
    .filter((name) => catalogue.signs[name]?.kind === "flag" && asked.has(name) && !answered.has(name));
  return [...new Set(names)];
}
