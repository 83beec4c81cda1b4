/** The four answers of a re-check: one tap is a whole, valid check. */
import type { Lump, Observation } from "../../domain/record";
import { drafts, record } from "../../state";
import type { Saved } from "../../state/record.svelte";
import { t } from "../../texts";
import type { IconName } from "../Icon.svelte";
import { router } from "../router.svelte";
import { toast } from "../toast.svelte";

export const TRENDS = ["same", "bigger", "smaller", "gone"] as const;
export type Trend = (typeof TRENDS)[number];
export const TREND_ICON: Record<Trend, IconName> = { same: "same", bigger: "bigger", smaller: "smaller", gone: "check" };

/** It is on the phone when this is said, and nothing more is promised. */
export const savedWords = (): string => t("saved.here");

/** A thumb that trembles taps twice: what is being answered, or was a moment ago, is not answered again. */
const answered = new Map<string, number>();
const SAME_TAP_MS = 1_500;

/** It is saved at once and its form opens: Undo takes back both, and what was typed there. */
function measure(lump: Lump, check: Saved<Observation>): void {
  router.go(`#/check/${lump.id}/${check.saved.id}`);
  toast.say(t("saved.measure_now"), async () => {
    if (router.route.place === "check" && router.route.part === check.saved.id) router.back(`#/lump/${lump.id}`);
    const undone = await check.undo();
    await drafts.drop(`check ${lump.id} ${check.saved.id}`);
    return undone;
  });
}

export async function answer(lump: Lump, trend: Trend): Promise<void> {
  if (performance.now() - (answered.get(lump.id) ?? -Infinity) < SAME_TAP_MS) return;
  answered.set(lump.id, performance.now());
  const check = await record.saveObservation({ lump: lump.id, signs: { trend } });
  if (trend === "bigger") {
    measure(lump, check);
    return;
  }
  const closed = trend === "gone" ? await record.closeLump(lump.id, "gone") : null;
  toast.say(savedWords(), async () => {
    await closed?.undo();
    return check.undo();
  });
}
