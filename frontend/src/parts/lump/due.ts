/** Which lumps are to be checked. */
import { type Day } from "../../domain/dates";
import type { Lump } from "../../domain/record";
import { advice, record } from "../../state";
import { nextCheck } from "./readings";

export function isDue(lump: Lump, today: Day): boolean {
  const on = nextCheck(advice.of(lump.id)?.assessment ?? null, record.latest(lump.id));
  return lump.closed_on === null && on !== null && on <= today;
}

export const dueOn = (today: Day): Lump[] => record.openLumps.filter((lump) => isDue(lump, today));
