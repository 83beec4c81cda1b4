/** The four answers of a re-check: one tap is a whole, valid check. */
import type { Lump } from "../../domain/record";
import { record } from "../../state";
import { t } from "../../texts";
import type { IconName } from "../Icon.svelte";
import { router } from "../router.svelte";
import { toast } from "../toast.svelte";

export const TRENDS = ["same", "bigger", "smaller", "gone"] as const;
export type Trend = (typeof TRENDS)[number];
export const TREND_ICON: Record<Trend, IconName> = { same: "same", bigger: "bigger", smaller: "smaller", gone: "check" };

/** It is on the phone when this is said, and nothing more is promised. */
export const savedWords = (): string => t("saved.here");

export async function answer(lump: Lump, trend: Trend): Promise<void> {
  const check = await record.saveObservation({ lump: lump.id, signs: { trend } });
  if (trend === "bigger") {
    router.go(`#/check/${lump.id}/${check.saved.id}`);
    toast.say(t("saved.measure_now"), check.undo);
    return;
  }
  const closed = trend === "gone" ? await record.closeLump(lump.id, "gone") : null;
  toast.say(savedWords(), async () => {
    await closed?.undo();
    return check.undo();
  });
}
