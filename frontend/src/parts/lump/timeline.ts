/** Checks, advice and care as one list, newest first. */
import { catalogue } from "../../domain/catalogue";
import { dayOf } from "../../domain/dates";
import type { Answers, Care, Observation } from "../../domain/record";
import { locale } from "../../state";
import type { Advice } from "../../state/advice.svelte";
import type { Notices } from "../../state/notices.svelte";

type Notice = Notices["list"][number];
type Told = ReturnType<Advice["told"]>[number];

export type Entry =
  | { kind: "check"; at: string; check: Observation }
  | { kind: "advice"; at: string; notice: Notice }
  | { kind: "told"; at: string; told: Told }
  | { kind: "care"; at: string; care: Care };

const dayAndLevel = (at: string, level: string): string => `${dayOf(new Date(at))} ${level}`;

/** What the phone said itself stands there where no message of the same level says it for that day. */
export function timeline(checks: readonly Observation[], sent: readonly Notice[], care: readonly Care[], told: readonly Told[] = []): Entry[] {
  const messages = new Set(sent.map((notice) => dayAndLevel(notice.sent_at ?? notice.due_at, notice.level)));
  const entries: Entry[] = [
    ...checks.map((check): Entry => ({ kind: "check", at: check.observed_at, check })),
    ...told.filter(({ at, level }) => !messages.has(dayAndLevel(at, level))).map((each): Entry => ({ kind: "told", at: each.at, told: each })),
    ...sent.map((notice): Entry => ({ kind: "advice", at: notice.sent_at ?? notice.due_at, notice })),
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
    else result.values.push({ label: field.label, value: field.choices?.[String(answer)] ?? `${typeof answer === "number" ? locale.number(answer) : answer} ${field.unit ?? ""}`.trim() });
  }
  return result;
}
