import { greyFrom, type Grey } from "../../domain/camera";

export type Bitmap = ImageBitmap | HTMLImageElement | HTMLVideoElement | HTMLCanvasElement;

export interface Extent {
  width: number;
  height: number;
}

export function extentOf(source: Bitmap): Extent {
  if ("videoWidth" in source) return { width: source.videoWidth, height: source.videoHeight };
  return "naturalWidth" in source ? { width: source.naturalWidth, height: source.naturalHeight } : { width: source.width, height: source.height };
}

/** A copy of a picture, its longer side at most `longest` pixels. */
export function copied(source: Bitmap, longest = Infinity): HTMLCanvasElement {
  const { width, height } = extentOf(source);
  const scale = Math.min(1, longest / Math.max(width, height, 1));
  const canvas = document.createElement("canvas");
  [canvas.width, canvas.height] = [Math.max(1, Math.round(width * scale)), Math.max(1, Math.round(height * scale))];
  contextOf(canvas).drawImage(source, 0, 0, canvas.width, canvas.height);
  return canvas;
}

export function contextOf(canvas: HTMLCanvasElement): CanvasRenderingContext2D {
  const context = canvas.getContext("2d", { willReadFrequently: true });
  if (!context) throw new Error("no canvas");
  return context;
}

export const greyOf = (canvas: HTMLCanvasElement): Grey => greyFrom(contextOf(canvas).getImageData(0, 0, canvas.width, canvas.height));

/** A picture by its address, once it can be drawn. Rejects where there is none. */
export async function loaded(url: string): Promise<HTMLImageElement> {
  const image = new Image();
  image.src = url;
  await image.decode();
  return image;
}

export function jpegOf(canvas: HTMLCanvasElement): Promise<Blob> {
  return new Promise((resolve, reject) => {
    canvas.toBlob((blob) => (blob ? resolve(blob) : reject(new Error("no picture"))), "image/jpeg", 0.9);
  });
}
