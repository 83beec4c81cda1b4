/** A lump while it is being added: kept on the phone at every change, so that a reload loses nothing. */
import { dayOf, noticedOn, type NoticedChip } from "../../domain/dates";
import type { Answers, Lump, Pin, Side } from "../../domain/record";
import { NO_SIZE, measured, type Size } from "../../parts/size/size";
import { drafts, record } from "../../state";

export interface AddForm {
  person: string | null;
  site: string;
  side: Side | null;
  pin: Pin | null;
  /** What the touch could have meant; the person may choose another. */
  sites: string[];
  size: Size;
  noticed: NoticedChip | null;
  noticed_on: string | null;
  signs: Answers;
  background: Answers;
}

const BLANK: AddForm = {
  person: null,
  site: "",
  side: null,
  pin: null,
  sites: [],
  size: NO_SIZE,
  noticed: null,
  noticed_on: null,
  signs: {},
  background: {},
};
const NAME = "add";

export const blankForm = (): AddForm => structuredClone(BLANK);
export const keptForm = async (): Promise<AddForm> => ({ ...blankForm(), ...(await drafts.get<AddForm>(NAME)) });
export const keepForm = (form: AddForm): void => void drafts.keep(NAME, form);
export const dropForm = (): Promise<void> => drafts.drop(NAME);

const answered = (answers: Answers): Answers => Object.fromEntries(Object.entries(answers).filter(([, value]) => value !== null));

function firstNoticed(form: AddForm): Pick<Lump, "first_noticed_on" | "first_noticed_certainty"> {
  if (form.noticed_on) return { first_noticed_on: form.noticed_on, first_noticed_certainty: "exact" };
  if (!form.noticed) return { first_noticed_on: null, first_noticed_certainty: null };
  const { on, certainty } = noticedOn(form.noticed, dayOf(new Date()));
  return { first_noticed_on: on, first_noticed_certainty: certainty };
}

/** The lump and, where anything was said about it, its first check. */
export async function saveForm(form: AddForm): Promise<{ lump: Lump; undo: () => Promise<boolean> }> {
  const { site, side, pin, person } = form;
  const background = answered(form.background);
  const lump = await record.saveLump({ ...(person ? { person } : {}), site, side, pin, background, ...firstNoticed(form) });
  const signs = answered(form.signs);
  if (form.size.mm !== null || Object.keys(signs).length > 0) {
    await record.saveObservation({ lump: lump.saved.id, ...measured(form.size), signs });
  }
  await dropForm();
  return { lump: lump.saved, undo: lump.undo };
}
