import { quality, type Fault, type Grey, type Point } from "../../domain/camera";
import type { Photo } from "../../domain/record";
import type { Laying } from "./laying";
import type { Taken } from "./taken";

/** A plain hint about a picture; never a reason to refuse it. */
export type Hint = Fault | "no_reference";

/** Where the sheet lies in a small copy of a picture, or `null`. */
export type LookForPaper = (grey: Grey) => Promise<readonly Point[] | null>;

interface Before {
  last: Photo | null;
  lies: Laying;
}
type Looked = Pick<Taken, "measuring" | "width" | "height" | "grey" | "isCropped">;

/** What the longer side of a picture spans. */
const acrossMm = (mm_per_px: number | null, { width, height }: { width: number | null; height: number | null }): number | null =>
  mm_per_px === null || width === null || height === null ? null : mm_per_px * Math.max(width, height);

/**
 * How many times larger the same thing is than in the last picture, as a part of the picture: by what was measured in
 * both, else by how it was laid. The one may have more pixels than the other. What was cut out tells nothing of a distance.
 */
export function scaleAgainst(taken: Pick<Taken, "measuring" | "width" | "height" | "isCropped">, { last, lies }: Before): number | null {
  if (!last || taken.isCropped) return null;
  const now = acrossMm(taken.measuring.mm_per_px, taken);
  const before = acrossMm(last.mm_per_px, last);
  if (now !== null && before !== null) return before / now;
  return lies.scale === 1 ? null : lies.scale; // nobody has laid it yet
}

/**
 * What to say about a picture. Two hints depend on whether the sheet lies in it, which is white and is what the next size
 * may be measured by: those wait for whoever looks for it, the others are told at once.
 */
export async function tellFaults(taken: Looked, before: Before, { paperIn, tell }: { paperIn: LookForPaper; tell: (hints: Hint[]) => void }): Promise<void> {
  const start = performance.now();
  const scale = scaleAgainst(taken, before);
  const { faults } = quality(taken.grey, scale, () => null);
  performance.measure("hints", { start }); // for tests/e2e/test_camera_speed.py
  const isDue = before.last?.mm_per_px != null && taken.measuring.mm_per_px === null && !taken.isCropped;
  if (!isDue && !faults.includes("glare")) {
    tell([...faults]);
    return;
  }
  tell(faults.filter((fault) => fault !== "glare"));
  const paper = await paperIn(taken.grey);
  const all = quality(taken.grey, scale, () => paper).faults;
  performance.measure("hints about the sheet", { start });
  tell(isDue && !paper ? [...all, "no_reference"] : [...all]);
}
