/** A size that looks like the last one in another unit: 2.1 for 21, or inches typed as centimetres. */
import { roundToTenth } from "./units";

const FACTORS = [10, 1 / 10, 25.4, 1 / 25.4, 2.54, 1 / 2.54];
/** How near to a factor it has to be: measuring again differs by less. */
const NEAR = 0.2;
/** From here on it is worth a second look, whatever the factor. */
const MUCH = 1.8;

/** What was probably meant, or null where the size is believable. */
export function slipOf(mm: number, last: number): number | null {
  if (Math.abs(Math.log(mm / last)) < Math.log(MUCH)) return null;
  const factor = FACTORS.find((each) => Math.abs(Math.log(mm / last / each)) < NEAR);
  return factor === undefined ? null : roundToTenth(mm / factor);
}

/** So much more or less than last time that a slip is as likely as a change. */
export const isMuchChanged = (mm: number, last: number): boolean => Math.abs(Math.log(mm / last)) >= Math.log(MUCH);
