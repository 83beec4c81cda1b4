import { newId } from "../domain/ids";
import type { Picture } from "../store/db";
import { halvingSteps, LARGE, THUMB, type Size } from "./size";

const QUALITY = 0.86;

type Drawable = ImageBitmap | HTMLCanvasElement;

function draw(source: Drawable, { width, height }: Size): HTMLCanvasElement {
  const canvas = document.createElement("canvas");
  [canvas.width, canvas.height] = [width, height];
  const context = canvas.getContext("2d", { alpha: false });
  if (!context) throw new Error("no canvas");
  context.imageSmoothingQuality = "high";
  context.drawImage(source, 0, 0, width, height);
  return canvas;
}

/** iPhones count every living canvas against a small limit: an empty one is given back at once. */
function release(source: Drawable): void {
  if ("close" in source) source.close();
  else [source.width, source.height] = [0, 0];
}

function shrink(source: Drawable, limit: number, keep = false): HTMLCanvasElement {
  let current = source;
  for (const size of halvingSteps(source, limit)) {
    const next = draw(current, size);
    if (current !== source || !keep) release(current);
    current = next;
  }
  return current as HTMLCanvasElement; // there is always at least one step
}

function jpeg(canvas: HTMLCanvasElement): Promise<ArrayBuffer> {
  return new Promise((resolve, reject) => {
    canvas.toBlob((blob) => (blob ? resolve(blob.arrayBuffer()) : reject(new Error("no picture"))), "image/jpeg", QUALITY);
  });
}

/** Turned upright and redrawn, which leaves every trace of place, time and maker behind; `null` if it cannot be decoded. */
async function redraw(file: Blob): Promise<{ bytes: ArrayBuffer; thumb: ArrayBuffer } | null> {
  let bitmap: ImageBitmap;
  try {
    bitmap = await createImageBitmap(file, { imageOrientation: "from-image" });
  } catch {
    return null;
  }
  const large = shrink(bitmap, LARGE);
  const thumb = shrink(large, THUMB, true);
  const result = { bytes: await jpeg(large), thumb: await jpeg(thumb) };
  release(large);
  release(thumb);
  return result;
}

async function sha256(bytes: ArrayBuffer): Promise<string | null> {
  if (!globalThis.isSecureContext) return null;
  const hash = new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));
  return Array.from(hash, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

/**
 * A file from the camera or the gallery, ready to be kept and sent. What this browser cannot decode (HEIC outside Safari)
 * goes to the server as it is, which reads it and cleans it there.
 */
export async function preparePicture(file: Blob, observation: string, taken_at: string): Promise<Picture> {
  const drawn = await redraw(file);
  const bytes = drawn?.bytes ?? (await file.arrayBuffer());
  return {
    id: newId(),
    observation,
    taken_at,
    type: drawn ? "image/jpeg" : file.type || "application/octet-stream",
    bytes,
    thumb: drawn?.thumb ?? null,
    sha256: await sha256(bytes),
    state: "waiting",
    problem: null,
  };
}
