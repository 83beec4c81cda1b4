/** A check while it is being made; kept under its lump's and its own name until it is saved. */
import type { Answers, Id, Lump, Observation } from "../../domain/record";
import { isoWithOffset, noonOf, type Day } from "../../domain/dates";
import { changed, isSame, type Fields } from "../../domain/fields";
import { newId } from "../../domain/ids";
import { emptyTray, trayFor, trayOf } from "../../parts/camera/tray";
import { NO_SIZE, measured, sizeFrom, type Size } from "../../parts/size/size";
import { drafts, record } from "../../state";

export interface CheckForm {
  size: Size;
  signs: Answers;
  background: Answers;
  note: string;
  /** The day it was measured, when that was not today. */
  day: Day | null;
}

/** What of a form lies on the phone: only what differs from what it started with. `null`: the answer was taken back. */
interface Draft {
  at: string;
  said: Partial<Pick<CheckForm, "size" | "note" | "day">>;
  answers: Fields;
}

export interface Begun {
  /** As the check stands without what was left half done. */
  start: CheckForm;
  form: CheckForm;
  files: File[];
  /** A picture came from the camera: the form is no longer as it was kept. */
  isNews: boolean;
  /** Since when it lies there, where that is so long ago that going on with it has to be chosen; otherwise `null`. */
  left: string | null;
}

const OLD_MS = 24 * 3_600_000;
const NAME = (lump: Lump, check: Id | null): string => `check ${lump.id} ${check ?? "new"}`;

const blank = (): CheckForm => ({ size: { ...NO_SIZE }, signs: {}, background: {}, note: "", day: null });

/** What an earlier check said, to be completed: "Bigger" on the card leads here. */
function from(check: Observation): CheckForm {
  const { length_mm, width_mm, readings_mm, uncertainty_mm, method } = check;
  const isMeasured = method === "photo" && length_mm !== null && uncertainty_mm !== null;
  const photo = isMeasured ? { photo: { length_mm, width_mm, readings_mm, uncertainty_mm } } : {};
  const size: Size = { mm: length_mm, method, readings: readings_mm, thing: null, ...photo };
  return { ...blank(), size, signs: { ...check.signs }, note: check.note };
}

function difference(start: CheckForm, form: CheckForm): Omit<Draft, "at"> {
  const names = (["size", "note", "day"] as const).filter((name) => !isSame(start[name], form[name]));
  return { said: Object.fromEntries(names.map((name) => [name, form[name]])), answers: changed(answersOf(start), answersOf(form)) };
}

const answersOf = ({ signs, background }: CheckForm): Pick<CheckForm, "signs" | "background"> => ({ signs, background });
const isNothing = (draft: object): boolean => Object.values(draft).every((part: object) => Object.keys(part).length === 0);

/** Answer by answer: what the draft does not speak of stays as the check has it. */
function laid(start: CheckForm, { said, answers }: Draft): CheckForm {
  const form = { ...structuredClone(start), ...said };
  for (const [name, answer] of Object.entries(answers)) {
    const [of, key] = name.split(".", 2) as ["signs" | "background", string];
    const others = Object.entries(form[of]).filter(([each]) => each !== key);
    form[of] = Object.fromEntries(answer === null ? others : [...others, [key, answer as Answers[string]]]); // as the form had it
  }
  return form;
}

/** Drafts of checks that were undone or deleted, and the one name under which an earlier version mixed a lump's checks. */
async function dropOrphans(lump: Lump, check: Id | null): Promise<void> {
  const known = new Set([NAME(lump, null), NAME(lump, check), ...record.observations(lump.id).map(({ id }) => NAME(lump, id))]);
  const names = await drafts.names(`check ${lump.id}`);
  const trays = (await drafts.names(trayOf(lump.id))).filter((name) => !known.has(name.replace(/^photos/, "check")));
  await Promise.all([...names.filter((name) => !known.has(name)), ...trays].map((name) => drafts.drop(name)));
}

export async function beginForm(lump: Lump, check: Id | null, at: Date): Promise<Begun> {
  const saved = check === null ? null : record.observation(check);
  const start = { ...(saved ? from(saved) : blank()), background: { ...lump.background } };
  await dropOrphans(lump, check);
  const draft = await drafts.get<Draft>(NAME(lump, check));
  const tray = await trayFor(lump.id, check);
  const form = draft ? laid(start, draft) : structuredClone(start);
  const size = tray.isNews ? sizeFrom(tray.files) : null; // once: what is typed over it later stays
  const since = [draft?.at, tray.at].filter((each) => typeof each === "string").sort()[0] ?? null;
  const isOld = !tray.isNews && since !== null && at.getTime() - Date.parse(since) > OLD_MS;
  return { start, form: size ? { ...form, size } : form, files: tray.files, isNews: tray.isNews, left: isOld ? since : null };
}

/** Call it on every change. A form that says what it started with leaves nothing behind. */
export async function keepForm(lump: Lump, check: Id | null, { start, form }: Pick<Begun, "start" | "form">, at: Date): Promise<void> {
  const draft = difference(start, form);
  if (isNothing(draft)) return drafts.drop(NAME(lump, check));
  return drafts.keep(NAME(lump, check), { at: at.toISOString(), ...draft });
}

export async function dropForm(lump: Lump, check: Id | null): Promise<void> {
  await Promise.all([drafts.drop(NAME(lump, check)), emptyTray(lump.id, check)]);
}

const when = (form: CheckForm): { observed_at?: string } => (form.day ? { observed_at: isoWithOffset(noonOf(form.day)) } : {});

/** Entry, pictures and, at "Gone", the closing of the lump; all on the phone when this resolves. */
export async function saveForm(lump: Lump, check: Id | null, form: CheckForm, files: File[], fresh = newId()): Promise<() => Promise<boolean>> {
  const id = check ?? fresh;
  const isReplaced = record.observation(id)?.method === "photo" && form.size.method !== "photo";
  const forgotten = isReplaced ? { width_mm: null, uncertainty_mm: null } : {}; // they were those of the photo
  const entry = { lump: lump.id, ...forgotten, ...measured(form.size), signs: form.signs, note: form.note.trim(), ...when(form) };
  const saved = await record.saveObservation({ id, ...entry }, files);
  const isNew = JSON.stringify(form.background) !== JSON.stringify(lump.background);
  const edited = isNew ? await record.saveLump({ id: lump.id, person: lump.person, background: form.background }) : null;
  const isGone = form.signs["trend"] === "gone";
  const closed = isGone ? await record.closeLump(lump.id, "gone") : null;
  await dropForm(lump, check);
  return async () => {
    await closed?.undo();
    await edited?.undo();
    return saved.undo();
  };
}
