import { newId } from "../domain/ids";
import type { Picture } from "../store/db";
import { Shot, UNMEASURED, type Measuring } from "./shot";
import { made } from "./small";

/** What goes into the store of pictures, and what the record says about it. */
export interface Prepared {
  picture: Picture;
  marked: Pick<Measuring, "mm_per_px" | "marks"> | null;
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
export async function preparePicture(file: Blob, observation: string, taken_at: string): Promise<Prepared> {
  const shot = file instanceof Shot ? file : null;
  const drawn = shot ? { bytes: await shot.arrayBuffer(), thumb: shot.thumb } : await made(file);
  const bytes = drawn?.bytes ?? (await file.arrayBuffer());
  const picture: Picture = {
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
  const { mm_per_px, marks } = shot?.measuring ?? UNMEASURED;
  return { picture, marked: marks.length > 0 ? { mm_per_px, marks } : null };
}
