import { withoutMetadata } from "./heif";
import { Shot } from "./shot";
import { made } from "./small";

/** Neither can this browser open the picture, nor can what is hidden in it be found: it goes nowhere. */
export class Unreadable extends Error {
  constructor() {
    super("unreadable picture");
  }
}

/** Made here already: small, or, where this browser cannot decode it, without its hidden part. */
const clean = new WeakSet<Blob>();

export const isReady = (file: Blob): boolean => file instanceof Shot || clean.has(file);

/** A file as it may be kept and sent: nothing in it says where, when and by whom it was taken. */
export async function ready(file: File): Promise<File> {
  if (isReady(file)) return file;
  const drawn = await made(file);
  if (drawn) return new Shot(drawn.bytes, drawn.thumb);
  return cleaned(await file.arrayBuffer(), file.type);
}

/** What this browser cannot show, without its hidden part. The camera's file name stays behind as well. */
export function cleaned(bytes: ArrayBuffer, type: string): File {
  const kept = withoutMetadata(bytes);
  if (!kept) throw new Unreadable();
  const file = new File([kept], "photo.heic", { type: type || "image/heic" });
  clean.add(file);
  return file;
}
