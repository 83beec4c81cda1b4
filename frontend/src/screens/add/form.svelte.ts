/** A lump while it is being added: kept on the phone at every change, so that a reload loses nothing. */
import { catalogue } from "../../domain/catalogue";
import { dayOf, noticedOn, type NoticedChip } from "../../domain/dates";
import { fresh, isSame } from "../../domain/fields";
import { newId } from "../../domain/ids";
import type { Answers, Id, Lump, Person, Pin, Side } from "../../domain/record";
import { NO_SIZE, measured, type Size } from "../../parts/size/size";
import { drafts, record } from "../../state";

/** Somebody whose first lump this is. */
export interface NewPerson {
  name: string;
  birth_year: string;
}

export interface AddForm {
  /** Known beforehand: where the phone was full half-way, a second try says the same again. */
  lump: Id;
  check: Id;
  /** Null until it was said; a phone with one person needs no saying. */
  person: string | null;
  newcomer: NewPerson | null;
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

const BLANK: Omit<AddForm, "lump" | "check"> = {
  person: null,
  newcomer: null,
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

export const blankForm = (): AddForm => ({ ...structuredClone(BLANK), lump: newId(), check: newId() });

export interface Begun {
  form: AddForm;
  /** Since when it lies there, "" where that is not known, if so long that going on has to be chosen; otherwise `null`. */
  left: string | null;
}

const OLD_MS = 3_600_000;

export async function beginForm(at: Date): Promise<Begun> {
  const kept = await drafts.get<AddForm & { at?: string }>(NAME);
  if (!kept) return { form: blankForm(), left: null };
  const { at: since, ...form } = kept;
  const isOld = since === undefined || at.getTime() - Date.parse(since) > OLD_MS;
  return { form: { ...blankForm(), ...form }, left: isOld ? (since ?? "") : null };
}

/** Call it on every change. Where nothing was said yet nothing is left behind. */
export async function keepForm(form: AddForm, at: Date): Promise<void> {
  const said = { ...form, person: null, lump: "", check: "" }; // these are there before anybody says anything
  if (isSame(said, { ...said, ...BLANK })) return drafts.drop(NAME);
  return drafts.keep(NAME, { ...form, at: at.toISOString() });
}

export const dropForm = (): Promise<void> => drafts.drop(NAME);

// A "no" about one lump is no answer about another: who says another place or another person is asked anew.

function forget(form: AddForm): void {
  form.signs = {};
  form.background = {};
}

export function chooseSite(form: AddForm, site: string): void {
  if (site !== form.site) forget(form);
  form.site = site;
}

export function choosePerson(form: AddForm, person: Id | null): void {
  if (form.newcomer !== null || person !== form.person) forget(form);
  form.person = person;
  form.newcomer = null;
}

export function chooseNewcomer(form: AddForm): void {
  if (form.newcomer === null) forget(form);
  form.newcomer ??= { name: "", birth_year: "" };
}

const answered = (answers: Answers): Answers => Object.fromEntries(Object.entries(answers).filter(([, value]) => value !== null));

function firstNoticed(form: AddForm): Pick<Lump, "first_noticed_on" | "first_noticed_certainty"> {
  if (form.noticed_on) return { first_noticed_on: form.noticed_on, first_noticed_certainty: "exact" };
  if (!form.noticed) return { first_noticed_on: null, first_noticed_certainty: null };
  const { on, certainty } = noticedOn(form.noticed, dayOf(new Date()));
  return { first_noticed_on: on, first_noticed_certainty: certainty };
}

/** As far as the questions need to know. */
export function personOf({ newcomer, person }: AddForm): Person | null {
  if (newcomer) return fresh("person", "", { name: newcomer.name, birth_date: yearOf(newcomer) });
  return record.person(person ?? record.persons.find(({ id }) => record.owns(id))?.id ?? "");
}

const yearOf = ({ birth_year }: NewPerson): string | null => (/^\d{4}$/.test(birth_year.trim()) ? birth_year.trim() : null);

async function welcome(newcomer: NewPerson): Promise<string> {
  const free = Object.keys(catalogue.colours).find((colour) => !record.persons.some((person) => person.colour === colour));
  // "Me" comes first, so that the teal of the first person stays the owner's.
  const colour = record.persons.length === 0 ? Object.keys(catalogue.colours)[1] : free;
  const { saved } = await record.savePerson({ name: newcomer.name.trim(), colour: colour ?? "teal", birth_date: yearOf(newcomer) });
  return saved.id;
}

/** The lump and, where anything was said about it, its first check. */
export async function saveForm(form: AddForm): Promise<{ lump: Lump; undo: () => Promise<boolean> }> {
  const { site, side, pin } = form;
  const person = form.newcomer ? await welcome(form.newcomer) : form.person;
  const background = answered(form.background);
  const lump = await record.saveLump({ id: form.lump, ...(person ? { person } : {}), site, side, pin, background, ...firstNoticed(form) });
  const signs = answered(form.signs);
  if (form.size.mm !== null || Object.keys(signs).length > 0) {
    await record.saveObservation({ id: form.check, lump: lump.saved.id, ...measured(form.size), signs });
  }
  await dropForm();
  return { lump: lump.saved, undo: lump.undo };
}
