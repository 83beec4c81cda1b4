import type { Id } from "../../domain/record";

/** Pictures on their way from the camera to the check they belong to; also those of a check that was left for the camera. */
const waiting = new Map<Id, File[]>();

/** Once only: whoever takes them has them. */
export function takeFiles(lump: Id): File[] {
  const files = waiting.get(lump) ?? [];
  waiting.delete(lump);
  return files;
}

export function layFiles(lump: Id, files: readonly File[]): void {
  if (files.length > 0) waiting.set(lump, [...(waiting.get(lump) ?? []), ...files]);
}
