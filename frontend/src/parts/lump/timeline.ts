/** Checks, advice and care as one list, newest first. */
import { catalogue } from "../../domain/catalogue";
import type { Answers, Care, Observation } from "../../domain/record";
import type { Notices } from "../../state/notices.svelte";

type Notice = Notices["list"][number];

export type Entry =
  | { kind: "check"; at: string; check: Observation }
  | { kind: "advice"; at: string; notice: Notice }
  | { kind: "care"; at: string; care: Care };

export function timeline(checks: readonly Observation[], told: readonly Notice[], care: readonly Care[]): Entry[] {
  const entries: Entry[] = [
    ...checks.map((check): Entry => ({ kind: "check", at: check.observed_at, check })),
    ...told.map((notice): Entry => ({ kind: "advice", at: notice.sent_at ?? notice.due_at, notice })),
    ...care.map((each): Entry => ({ kind: "care", at: each.on, care: each })),
  ];
  return entries.sort((a, b) => Date.parse(b.at) - Date.parse(a.at));
}

/** What was answered at a check, in the words it was asked in: yes first, then values; how many were answered no. */
export function answersOf(signs: Answers): { yes: string[]; values: { label: string; value: string }[]; no: string[] } {
  const result = { yes: [] as string[], values: [] as { label: string; value: string }[], no: [] as string[] };
  for (const [name, answer] of Object.entries(signs)) {
    const field = catalogue.signs[name];
    if (!field || answer === null) continue;
    if (answer === true) result.yes.push(field.label);
    else if (answer === false) result.no.push(field.label);
    else result.values.push({ label: field.label, value: field.choices?.[String(answer)] ?? [answer, field.unit ?? ""].join(" ").trim() });
  }
  return result;
}
