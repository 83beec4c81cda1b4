/** Which notices have reached their time, and how their state is said. */
import type { Notices } from "../../state/notices.svelte";
import { t } from "../../texts";
import { wayWord } from "./steps";

type Notice = Notices["list"][number];

const isOut = (notice: Notice): boolean => notice.state !== "cancelled" && Date.parse(notice.due_at) <= Date.now();

/** Advice that was told and not answered yet. A reminder of a check is answered by checking, never by what is said here. */
export const openAdvice = (list: readonly Notice[]): Notice[] =>
  list.filter((notice) => notice.kind === "seek_care" && isOut(notice) && !notice.acknowledged_at);

/** One of each step, whatever channels carried it, newest first. */
export function toldOnce(list: readonly Notice[]): Notice[] {
  const seen = new Map<string, Notice>();
  for (const notice of list.filter(isOut)) {
    const key = `${notice.kind} ${notice.level} ${notice.due_at.slice(0, 10)}`;
    if (!seen.has(key) || notice.state === "sent") seen.set(key, notice);
  }
  return [...seen.values()];
}

/** "By push", "Written to a file by the server: nobody was reached". */
export function howTold(notice: Notice): string {
  if (notice.state === "sent") return howSent(notice.channel);
  if (notice.state === "written") return t("told.written");
  if (notice.state === "failed") return t("told.failed");
  return t("told.waiting");
}

function howSent(channel: string): string {
  if (channel === "push") return t("told.push");
  return channel === "email" ? t("told.email") : t("told.by", { way: wayWord(channel) });
}
