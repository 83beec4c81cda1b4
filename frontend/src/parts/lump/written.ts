/** What somebody with a link wrote about a lump of one's own, until it is said whether that is right. */
import type { Care, Lump } from "../../domain/record";
import { record } from "../../state";

export const writtenBack = (lump: Lump): Care[] =>
  record.owns(lump.person) ? record.care(lump.id).filter(({ confirmed, by }) => !confirmed && by === "clinician") : [];
