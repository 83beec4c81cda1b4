/** A check while it is being made; kept under the lump's name until it is saved. */
import type { Answers, Lump, Observation } from "../../domain/record";
import { isoWithOffset, noonOf, type Day } from "../../domain/dates";
import { NO_SIZE, measured, type Size } from "../../parts/size/size";
import { drafts, record } from "../../state";

export interface CheckForm {
  size: Size;
  signs: Answers;
  background: Answers;
  note: string;
  /** The day it was measured, when that was not today. */
  day: Day | null;
}

const NAME = (lump: Lump): string => `check ${lump.id}`;

const blank = (): CheckForm => ({ size: { ...NO_SIZE }, signs: {}, background: {}, note: "", day: null });

/** What an earlier check said, to be completed: "Bigger" on the card leads here. */
function from(check: Observation): CheckForm {
  const { length_mm, width_mm, readings_mm, uncertainty_mm, method } = check;
  const isMeasured = method === "photo" && length_mm !== null && uncertainty_mm !== null;
  const photo = isMeasured ? { photo: { length_mm, width_mm, readings_mm, uncertainty_mm } } : {};
  const size: Size = { mm: length_mm, method, readings: readings_mm, thing: null, ...photo };
  return { ...blank(), size, signs: { ...check.signs }, note: check.note };
}

export async function startForm(lump: Lump, check: Observation | null): Promise<CheckForm> {
  const start = check ? from(check) : blank();
  return { ...start, background: { ...lump.background }, ...(await drafts.get<CheckForm>(NAME(lump))) };
}

export const keepForm = (lump: Lump, form: CheckForm): void => void drafts.keep(NAME(lump), form);

const when = (form: CheckForm): { observed_at?: string } => (form.day ? { observed_at: isoWithOffset(noonOf(form.day)) } : {});

/** Entry, pictures and, at "Gone", the closing of the lump; all on the phone when this resolves. */
export async function saveForm(lump: Lump, form: CheckForm, id: string | null, files: File[]): Promise<() => Promise<boolean>> {
  const isReplaced = id !== null && record.observation(id)?.method === "photo" && form.size.method !== "photo";
  const forgotten = isReplaced ? { width_mm: null, uncertainty_mm: null } : {}; // they were those of the photo
  const entry = { lump: lump.id, ...forgotten, ...measured(form.size), signs: form.signs, note: form.note.trim(), ...when(form) };
  const check = await record.saveObservation(id ? { id, ...entry } : entry, files);
  const isNew = JSON.stringify(form.background) !== JSON.stringify(lump.background);
  const edited = isNew ? await record.saveLump({ id: lump.id, person: lump.person, background: form.background }) : null;
  const isGone = form.signs["trend"] === "gone";
  const closed = isGone ? await record.closeLump(lump.id, "gone") : null;
  await drafts.drop(NAME(lump));
  return async () => {
    await closed?.undo();
    await edited?.undo();
    return check.undo();
  };
}
