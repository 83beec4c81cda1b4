import { greyFrom } from "../domain/camera/grey";
import type { Grey } from "../domain/camera/types";
import { halvingSteps, LARGE, LOOKED_AT, THUMB, type Size } from "./size";

const QUALITY = 0.86;

type Canvas = HTMLCanvasElement | OffscreenCanvas;
type Drawable = ImageBitmap | Canvas;

type Context = CanvasRenderingContext2D | OffscreenCanvasRenderingContext2D;

/** A picture ready to be kept, how large it is, and its small twin; JPEG both. */
export interface Redrawn extends Size {
  bytes: ArrayBuffer;
  thumb: ArrayBuffer;
  /** A small copy for the hints, so that nothing has to be opened again for them. */
  grey: Grey;
}

const isWorker = typeof document === "undefined";

function blank({ width, height }: Size): Canvas {
  if (isWorker) return new OffscreenCanvas(width, height);
  const canvas = document.createElement("canvas");
  [canvas.width, canvas.height] = [width, height];
  return canvas;
}

function contextOf(canvas: Canvas): Context {
  const context = canvas.getContext("2d", { alpha: false });
  if (!context) throw new Error("no canvas");
  return context;
}

function draw(source: Drawable, { width, height }: Size): Canvas {
  const canvas = blank({ width, height });
  const context = contextOf(canvas);
  context.imageSmoothingQuality = "high";
  context.drawImage(source, 0, 0, width, height);
  return canvas;
}

/** iPhones count every living canvas against a small limit: an empty one is given back at once. */
function release(source: Drawable): void {
  if ("close" in source) source.close();
  else [source.width, source.height] = [0, 0];
}

function shrink(source: Drawable, limit: number, keep = false): Canvas {
  let current = source;
  for (const size of halvingSteps(source, limit)) {
    const next = draw(current, size);
    if (current !== source || !keep) release(current);
    current = next;
  }
  return current as Canvas; // there is always at least one step
}

async function jpeg(canvas: Canvas): Promise<ArrayBuffer> {
  if ("convertToBlob" in canvas) return (await canvas.convertToBlob({ type: "image/jpeg", quality: QUALITY })).arrayBuffer();
  return new Promise((resolve, reject) => {
    canvas.toBlob((blob) => (blob ? resolve(blob.arrayBuffer()) : reject(new Error("no picture"))), "image/jpeg", QUALITY);
  });
}

function greyed(source: Canvas): Grey {
  const small = shrink(source, LOOKED_AT, true);
  const grey = greyFrom(contextOf(small).getImageData(0, 0, small.width, small.height));
  release(small);
  return grey;
}

/** A picture that was opened, made small. The bitmap is given back. */
async function shrunk(bitmap: ImageBitmap): Promise<Redrawn> {
  const large = shrink(bitmap, LARGE);
  const thumb = shrink(large, THUMB, true);
  const { width, height } = large;
  const grey = greyed(large);
  const [bytes, small] = await Promise.all([jpeg(large), jpeg(thumb)]);
  release(large);
  release(thumb);
  return { bytes, thumb: small, grey, width, height };
}

/** Turned upright and redrawn, which leaves every trace of place, time and maker behind; `null` if it cannot be decoded. */
export async function redraw(file: Blob | ImageBitmap): Promise<Redrawn | null> {
  if ("close" in file) return shrunk(file);
  let bitmap: ImageBitmap;
  try {
    bitmap = await createImageBitmap(file, { imageOrientation: "from-image" });
  } catch {
    return null;
  }
  return shrunk(bitmap);
}
