import type { Id } from "../../domain/record";
import { isReady, ready, Unreadable } from "../../photo/ready";
import { Shot, type Measuring } from "../../photo/shot";
import { drafts } from "../../state";

/**
 * Pictures of a check that is not saved yet, on their way from the camera or from a file. They are made small and kept
 * with the half-filled form, so that a reload or the app lock takes none of them.
 */
interface KeptFile {
  bytes: ArrayBuffer;
  type: string;
  thumb: ArrayBuffer | null;
  measuring: Measuring | null;
}
interface KeptFiles {
  at: string;
  files: KeptFile[];
  /** Something was added that the form has not seen: what was measured in it goes into the form once. */
  isNews: boolean;
}

export const trayOf = (lump: Id): string => `photos ${lump}`;
const nameOf = (lump: Id, check: Id | null): string => `${trayOf(lump)} ${check ?? "new"}`;

/** One after the other, and none is lost when the page goes: only reading and writing stand in this line. */
let last: Promise<unknown> = Promise.resolve();
function inTurn<T>(work: () => Promise<T>): Promise<T> {
  const mine = last.then(work, work);
  last = mine.catch(() => undefined);
  return drafts.coming(mine);
}

/** Which list of a check's pictures came last: one still being made small must not be laid over it. */
const lists = new Map<string, number>();
function turnOf(name: string): number {
  const turn = (lists.get(name) ?? 0) + 1;
  lists.set(name, turn);
  return turn;
}

async function packed(file: File): Promise<KeptFile> {
  const shot = file instanceof Shot ? file : null;
  return { bytes: await file.arrayBuffer(), type: file.type, thumb: shot?.thumb ?? null, measuring: shot?.measuring ?? null };
}

function opened({ bytes, type, thumb, measuring }: KeptFile): File {
  return thumb && measuring ? new Shot(bytes, thumb, measuring) : new File([bytes], "photo", { type });
}

export interface Tray {
  files: File[];
  /** Since when they lie there. */
  at: string | null;
  isNews: boolean;
}

const read = async (lump: Id, check: Id | null): Promise<Tray> => {
  const kept = await drafts.get<KeptFiles>(nameOf(lump, check));
  return { files: kept?.files.map(opened) ?? [], at: kept?.at ?? null, isNews: kept?.isNews ?? false };
};

/** Fails where there is no room, unless an open form still holds the pictures till it is left. */
async function write(lump: Id, check: Id | null, { files, isNews, isHeld }: Pick<Tray, "files" | "isNews"> & { isHeld: boolean }): Promise<void> {
  if (files.length === 0) return drafts.drop(nameOf(lump, check));
  const kept: KeptFiles = { at: new Date().toISOString(), files: await Promise.all(files.map(packed)), isNews };
  const keeping = drafts.keep(nameOf(lump, check), kept);
  await (isHeld ? keeping.catch(() => undefined) : keeping);
}

export const trayFor = (lump: Id, check: Id | null): Promise<Tray> => inTurn(() => read(lump, check));

/** Beside what lies there already. Fails where there is no room: from the camera, no form holds it yet. */
export function layFile(lump: Id, check: Id | null, file: File): Promise<void> {
  turnOf(nameOf(lump, check));
  return inTurn(async () => write(lump, check, { files: [...(await read(lump, check)).files, file], isNews: true, isHeld: false }));
}

/**
 * What the form holds now, made small; `unread` counts those that could not be read and are left out. They lie there as
 * they came before that takes its time: the page may be gone by then.
 */
export async function keepFiles(lump: Id, check: Id | null, files: readonly File[]): Promise<{ files: File[]; unread: number }> {
  const turn = turnOf(nameOf(lump, check));
  await inTurn(() => write(lump, check, { files: [...files], isNews: false, isHeld: true }));
  if (files.every(isReady)) return { files: [...files], unread: 0 };
  const made = await Promise.all(files.map((file) => ready(file).catch(unlessUnreadable)));
  const kept = made.filter((file) => file !== null);
  if (lists.get(nameOf(lump, check)) === turn) await inTurn(() => write(lump, check, { files: kept, isNews: false, isHeld: true }));
  return { files: kept, unread: made.length - kept.length };
}

function unlessUnreadable(error: unknown): null {
  if (error instanceof Unreadable) return null;
  throw error;
}

/** Saved, or begun anew. */
export function emptyTray(lump: Id, check: Id | null): Promise<void> {
  turnOf(nameOf(lump, check));
  return inTurn(() => drafts.drop(nameOf(lump, check)));
}
