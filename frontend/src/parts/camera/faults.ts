import { quality, type Fault } from "../../domain/camera";
import type { Photo } from "../../domain/record";
import type { Laying } from "./laying";
import { copied, greyOf, loaded } from "./pixels";
import type { Taken } from "./taken";

/** A plain hint about a picture; never a reason to refuse it. */
export type Hint = Fault | "no_reference";

const LONGEST = 512;

/** How many times larger the same thing is than in the last picture: by what was measured in both, else by how it was laid. */
export function scaleAgainst(taken: Pick<Taken, "measuring" | "width">, { last, lies }: { last: Photo | null; lies: Laying }): number | null {
  const now = taken.measuring.mm_per_px;
  if (!last) return null;
  if (now !== null && last.mm_per_px !== null) return last.mm_per_px / now;
  return lies.scale === 1 ? null : lies.scale; // nobody has laid it yet
}

export async function faultsOf(taken: Taken, before: { last: Photo | null; lies: Laying }): Promise<Hint[]> {
  const canvas = copied(await loaded(taken.url), LONGEST);
  const { faults } = quality(greyOf(canvas), scaleAgainst(taken, before));
  [canvas.width, canvas.height] = [0, 0];
  const isMissing = before.last?.mm_per_px != null && taken.measuring.mm_per_px === null && !taken.isCropped;
  return isMissing ? [...faults, "no_reference"] : [...faults];
}
