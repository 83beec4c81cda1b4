/** How each level looks and what it asks for, in the words of the place where the person lives. */
import type { Level } from "../../domain/record";
import { locale } from "../../state";
import { t } from "../../texts";
import type { IconName } from "../Icon.svelte";
import numbers from "./emergency_numbers.json";

const DEFAULT_NUMBER = "112";

/** The number to call in an emergency; 112 where the place is not known. */
export const emergencyNumber = (region: string | null | undefined): string =>
  (numbers as Record<string, string>)[region ?? ""] ?? DEFAULT_NUMBER;

export const levelIcon: Record<Level, IconName> = {
  emergency: "warning",
  same_day: "warning",
  next_day: "clock",
  this_week: "calendar",
  routine: "calendar",
  watch: "watch",
};

export const levelWord = (level: Level): string => t(`level.${level}`);

/** What to do, by when. */
export function levelAsk(level: Level, region: string | null | undefined): string {
  if (level === "emergency") return t("ask_for.emergency", { number: emergencyNumber(region) });
  if (level === "same_day" && region === "GB") return t("ask_for.same_day_gb");
  return t(`ask_for.${level}`);
}

/** The device's own country, as a first guess for somebody who has not said. */
export const guessedRegion = (): string | null => locale.region;
