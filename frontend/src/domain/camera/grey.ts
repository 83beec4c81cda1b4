import type { Grey, Point } from "./types";

/** In grey, as eyes weigh the colours; from red, green, blue and what is seen through. */
export function greyFrom({ data, width, height }: Pick<ImageData, "data" | "width" | "height">): Grey {
  const grey = new Uint8ClampedArray(width * height);
  for (let index = 0; index < grey.length; index += 1) {
    const from = index * 4;
    grey[index] = 0.299 * (data[from] ?? 0) + 0.587 * (data[from + 1] ?? 0) + 0.114 * (data[from + 2] ?? 0);
  }
  return { data: grey, width, height };
}

/** Half as wide and as high, each pixel the mean of four: a point at (x, y) is at (x/2, y/2) there. */
export function halved({ data, width, height }: Grey): Grey {
  const [columns, rows] = [width >> 1, height >> 1];
  const small = new Uint8Array(columns * rows);
  for (let row = 0; row < rows; row += 1) {
    let from = 2 * row * width;
    for (let column = 0; column < columns; column += 1, from += 2) {
      const four = (data[from] ?? 0) + (data[from + 1] ?? 0) + (data[from + width] ?? 0) + (data[from + width + 1] ?? 0);
      small[row * columns + column] = (four + 2) >> 2;
    }
  }
  return { data: small, width: columns, height: rows };
}

/** Between the middles of four pixels; NaN outside the picture. */
export function brightness({ data, width, height }: Grey, { x, y }: Point): number {
  const [left, top] = [Math.floor(x - 0.5), Math.floor(y - 0.5)];
  if (!(left >= 0 && top >= 0 && left + 1 < width && top + 1 < height)) return NaN;
  const [right, down, at] = [x - 0.5 - left, y - 0.5 - top, top * width + left];
  const upper = (data[at] ?? 0) * (1 - right) + (data[at + 1] ?? 0) * right;
  const lower = (data[at + width] ?? 0) * (1 - right) + (data[at + width + 1] ?? 0) * right;
  return upper * (1 - down) + lower * down;
}

/** Sums over all pixels above and left of a corner, so that the sum over any box is four look-ups. */
export function sums({ data, width, height }: Grey): Uint32Array {
  const table = new Uint32Array((width + 1) * (height + 1));
  for (let row = 0; row < height; row += 1) {
    let line = 0;
    const above = row * (width + 1);
    for (let column = 0; column < width; column += 1) {
      line += data[row * width + column] ?? 0;
      table[above + width + 2 + column] = (table[above + column + 1] ?? 0) + line;
    }
  }
  return table;
}

/** 1 where a pixel is darker than `share` of the mean of the box of `radius` around it: what light does slowly cancels out. */
export function darkPixels({ data, width, height }: Grey, table: Uint32Array, radius: number, share: number): Uint8Array {
  const dark = new Uint8Array(width * height);
  for (let row = 0; row < height; row += 1) {
    const [top, bottom] = [Math.max(0, row - radius), Math.min(height, row + radius + 1)];
    const [upper, lower] = [top * (width + 1), bottom * (width + 1)];
    for (let column = 0; column < width; column += 1) {
      const [left, right] = [Math.max(0, column - radius), Math.min(width, column + radius + 1)];
      const sum = (table[lower + right] ?? 0) - (table[lower + left] ?? 0) - (table[upper + right] ?? 0) + (table[upper + left] ?? 0);
      const at = row * width + column;
      if ((data[at] ?? 0) * (bottom - top) * (right - left) < share * sum) dark[at] = 1;
    }
  }
  return dark;
}
