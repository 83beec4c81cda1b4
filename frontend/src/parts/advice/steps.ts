/** What comes next about a lump, and how a way is called. */
import type { Episode, Step } from "../../api/followup";
import { t } from "../../texts";

const COMES = new Set<Step["state"]>(["planned", "waiting", "leased"]);

/** The first message that will come if nothing is answered. */
export const nextOf = (episodes: readonly Episode[]): Step | null =>
  episodes.flatMap(({ steps }) => steps.filter(({ state }) => COMES.has(state))).sort((a, b) => Date.parse(a.due_at) - Date.parse(b.due_at))[0] ?? null;

/** A way that the hoster has added goes by its own name. */
export function wayWord(channel: string): string {
  if (channel === "push") return t("steps.way_push");
  if (channel === "email") return t("steps.way_email");
  return channel === "contact" ? t("steps.way_contact") : channel;
}
