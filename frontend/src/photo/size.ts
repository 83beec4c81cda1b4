/** How a picture is made small: plain numbers, so that they can be proved without a canvas. */
export interface Size {
  width: number;
  height: number;
}

export const LARGE = 2048;
export const THUMB = 480;
/** What is looked at for hints. */
export const LOOKED_AT = 512;

/** The size with the long side at most `limit`; never larger than it was. */
export function fitted({ width, height }: Size, limit: number): Size {
  const scale = Math.min(1, limit / Math.max(width, height));
  return { width: Math.max(1, Math.round(width * scale)), height: Math.max(1, Math.round(height * scale)) };
}

/**
 * The sizes to draw one after the other. One big step skips pixels and makes false edges, and the browsers' own smoothing
 * differs; halving averages every pixel, so each step is at least half of the one before.
 */
export function halvingSteps(from: Size, limit: number): Size[] {
  const target = fitted(from, limit);
  const steps: Size[] = [];
  let { width, height } = from;
  while (width > target.width * 2 && height > target.height * 2) {
    [width, height] = [Math.ceil(width / 2), Math.ceil(height / 2)];
    steps.push({ width, height });
  }
  return [...steps, target];
}
