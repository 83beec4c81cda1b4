import { newId } from "../domain/ids";
import type { Picture } from "../store/db";
import { ready } from "./ready";
import { Shot, UNMEASURED, type Measuring } from "./shot";

export { isReady, ready, Unreadable } from "./ready";

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
 * A file from the camera or the gallery, as it is kept and sent. What this browser cannot decode (HEIC outside Safari) goes
 * to the server undecoded, without its hidden part; `Unreadable` where that cannot be taken out.
 */
export async function preparePicture(file: File, observation: string, taken_at: string): Promise<Prepared> {
  const kept = await ready(file);
  const shot = kept instanceof Shot ? kept : null;
  const bytes = await kept.arrayBuffer();
  const picture: Picture = {
    id: newId(),
    observation,
    taken_at,
    type: kept.type,
    bytes,
    thumb: shot?.thumb ?? null,
    sha256: await sha256(bytes),
    state: "waiting",
    problem: null,
  };
  const { mm_per_px, marks } = shot?.measuring ?? UNMEASURED;
  return { picture, marked: marks.length > 0 ? { mm_per_px, marks } : null };
}
