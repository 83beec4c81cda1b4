/** Something marked in a picture; places are pixels of the picture as it is kept. */
export type Mark = Record<string, unknown>;

/** What measuring in a picture says about the lump, in millimetres. */
export interface MeasuredSize {
  length_mm: number;
  width_mm: number | null;
  readings_mm: number[];
  uncertainty_mm: number;
}

export interface Measuring {
  mm_per_px: number | null;
  marks: Mark[];
  size: MeasuredSize | null;
}

export const UNMEASURED: Measuring = { mm_per_px: null, marks: [], size: null };

/**
 * A picture that this phone has drawn anew already: small, upright, without place, time and maker. It passes wherever a
 * chosen file does, and is kept as it is.
 */
export class Shot extends File {
  readonly thumb: ArrayBuffer;
  readonly measuring: Measuring;

  constructor(jpeg: BlobPart, thumb: ArrayBuffer, measuring: Measuring = UNMEASURED) {
    super([jpeg], "photo.jpg", { type: "image/jpeg" });
    this.thumb = thumb;
    this.measuring = measuring;
  }
}

/** What the pictures of one check say about its size: the last one that was measured. */
export const sizeIn = (files: readonly Blob[]): MeasuredSize | null =>
  files.reduce<MeasuredSize | null>((found, file) => (file instanceof Shot && file.measuring.size) || found, null);
