import { dayOf, deviceTimeZone, isoWithOffset } from "../domain/dates";
import { changed, type Fields } from "../domain/fields";
import { newId } from "../domain/ids";
import type {
  Care,
  ClosedReason,
  Id,
  Lump,
  Observation,
  Person,
  Photo,
  RecordType,
  RecordTypes,
} from "../domain/record";
import type { Prepared } from "../photo";
import { keptAssessments, type KeptAssessment } from "../store/assessments";
import type { Database, Row } from "../store/db";
import { remove, restore, write } from "../store/outbox";
import { lumpsAbout, noTables, tablesOf, wholeTablesOf, type Tables } from "./tables";

/** What a form hands over: whatever was answered. An `id` makes it an edit of that record. */
export type Draft<T extends { id: Id }> = Partial<T>;

/** What a save gives back; `undo` returns false when it was too late. */
export interface Saved<T> {
  saved: T;
  undo: () => Promise<boolean>;
}

function newestFirst<T>(list: readonly T[], when: (item: T) => string): T[] {
  const dated = list.map((item) => ({ item, at: Date.parse(when(item)) }));
  return dated.sort((a, b) => b.at - a.at).map(({ item }) => item);
}

/** Nothing is known of it: one empty list for all, so that it stays the same. */
const NONE: never[] = [];

/**
 * Lists by what they belong to. A list in which nothing has moved stays the very same one, so that a save draws anew
 * only what shows the lump it was about.
 */
class Groups<T> {
  #lists = new Map<Id, T[]>();

  of(items: readonly T[], key: (item: T) => Id): ReadonlyMap<Id, T[]> {
    const lists = new Map<Id, T[]>();
    for (const item of items) {
      const list = lists.get(key(item));
      if (list) list.push(item);
      else lists.set(key(item), [item]);
    }
    for (const [id, list] of lists) {
      const before = this.#lists.get(id);
      if (before?.length === list.length && before.every((item, index) => item === list[index])) lists.set(id, before);
    }
    this.#lists = lists;
    return lists;
  }
}

/** The record, read from this phone and written to it; the server hears of it later (state/outbox). */
export class RecordBook {
  /** False only until IndexedDB was read at the start. */
  ready = $state(false);
  /** The phone had no room for a picture: the entry was kept without it. */
  noRoom = $state(false);
  /** The phone had no room for an entry: nothing of it was kept, and the form still holds it. */
  full = $state(false);

  #tables = $state.raw<Tables>(noTables());
  #assessments = $state.raw<ReadonlyMap<Id, KeptAssessment>>(new Map());
  #unsentLumps = $state.raw<ReadonlySet<Id>>(new Set());

  readonly persons: Person[] = $derived([...this.#tables.person.values()]);
  /** Every lump, closed ones too, the latest made first. */
  readonly lumps: Lump[] = $derived([...this.#tables.lump.values()].reverse());
  readonly openLumps: Lump[] = $derived(this.lumps.filter((lump) => lump.closed_on === null));
  readonly closedLumps: Lump[] = $derived(this.lumps.filter((lump) => lump.closed_on !== null));

  #groups = { checks: new Groups<Observation>(), photos: new Groups<Photo>(), ofCheck: new Groups<Photo>(), care: new Groups<Care>() };
  readonly #checksByLump = $derived(
    this.#groups.checks.of(newestFirst([...this.#tables.observation.values()], (check) => check.observed_at), (check) => check.lump),
  );
  readonly #photosByCheck = $derived(this.#groups.ofCheck.of([...this.#tables.photo.values()], (photo) => photo.observation));
  readonly #photosByLump = $derived.by(() => {
    const { photo, observation } = this.#tables;
    const taken = newestFirst([...photo.values()], (each) => each.taken_at ?? observation.get(each.observation)?.observed_at ?? "");
    return this.#groups.photos.of(taken, (each) => observation.get(each.observation)?.lump ?? "");
  });
  readonly #careByLump = $derived(
    this.#groups.care.of(newestFirst([...this.#tables.care.values()], (care) => care.on), (care) => care.lump),
  );

  #db: Promise<Database>;
  #onWrite: () => void;

  constructor(db: Promise<Database>, onWrite: () => void) {
    this.#db = db;
    this.#onWrite = onWrite;
  }

  person = (id: Id): Person | null => this.#tables.person.get(id) ?? null;
  lump = (id: Id): Lump | null => this.#tables.lump.get(id) ?? null;
  observation = (id: Id): Observation | null => this.#tables.observation.get(id) ?? null;

  /** Whether this account may write about a person, or has every right: who is new here is one's own. */
  mayLog = (person: Id): boolean => this.person(person)?.role !== "viewer";
  owns = (person: Id): boolean => (this.person(person)?.role ?? "owner") === "owner";

  /** Checks of a lump, newest first. */
  observations = (lump: Id): readonly Observation[] => this.#checksByLump.get(lump) ?? NONE;
  latest = (lump: Id): Observation | null => this.observations(lump)[0] ?? null;

  /** Photos of a lump, newest first. */
  photos = (lump: Id): readonly Photo[] => this.#photosByLump.get(lump) ?? NONE;
  photosOf = (observation: Id): readonly Photo[] => this.#photosByCheck.get(observation) ?? NONE;

  /** Care of a lump, latest day first. */
  care = (lump: Id): readonly Care[] => this.#careByLump.get(lump) ?? NONE;

  /** What the server last said; `stale` when something was logged since, or when time alone could have changed it. */
  assessment(lump: Id): (KeptAssessment & { stale: boolean }) | null {
    const kept = this.#assessments.get(lump);
    if (!kept) return null;
    const { reassess_at } = kept.assessment;
    const isPast = reassess_at !== null && Date.parse(reassess_at) <= Date.now();
    return { ...kept, stale: kept.outdated || isPast || this.#unsentLumps.has(lump) };
  }

  /** Something about this lump has not reached the server yet. */
  isWaiting = (lump: Id): boolean => this.#unsentLumps.has(lump);

  // --- Writing: each is on the phone when its promise resolves, and on the screen with it.

  savePerson(draft: Draft<Person>): Promise<Saved<Person>> {
    return this.#save("person", draft.id ? draft : { time_zone: deviceTimeZone(), ...draft });
  }

  /** A new lump without `person` belongs to the first of one's own, who is made when there is none: "Me". */
  async saveLump(draft: Draft<Lump>): Promise<Saved<Lump>> {
    const isNew = !draft.id || !this.lump(draft.id);
    const owner = draft.person ?? (isNew ? this.persons.find(({ id }) => this.owns(id))?.id : undefined);
    if (isNew && !owner) {
      const person = newId();
      await this.#put("person", person, { name: "", colour: "teal", time_zone: deviceTimeZone() });
      return this.#save("lump", { ...draft, person });
    }
    return this.#save("lump", owner ? { ...draft, person: owner } : draft);
  }

  /** A check, with the pictures taken at it: entry and pictures in one transaction. */
  async saveObservation(draft: Draft<Observation>, files: readonly File[] = []): Promise<Saved<Observation>> {
    const now = isoWithOffset(new Date());
    const id = draft.id ?? newId();
    const pictures = files.length > 0 ? await prepared(files, id, draft.observed_at ?? now) : [];
    return this.#save("observation", this.observation(id) ? { ...draft, id } : { observed_at: now, ...draft, id }, pictures);
  }

  /** What was measured in a picture that is kept already. */
  savePhoto(draft: Draft<Photo> & { id: Id }): Promise<Saved<Photo>> {
    return this.#save("photo", draft);
  }

  saveCare(draft: Draft<Care>): Promise<Saved<Care>> {
    return this.#save("care", draft.id ? draft : { on: dayOf(new Date()), ...draft });
  }

  closeLump(id: Id, reason: ClosedReason): Promise<Saved<Lump>> {
    return this.#save("lump", { id, closed_on: dayOf(new Date()), closed_reason: reason });
  }

  reopenLump(id: Id): Promise<Saved<Lump>> {
    return this.#save("lump", { id, closed_on: null, closed_reason: null });
  }

  /** Deletes; the server hears of it some seconds later, till then `undo` brings it back. */
  async delete(type: RecordType, id: Id): Promise<{ undo: () => Promise<boolean> }> {
    const db = await this.#db;
    await remove(db, type, id);
    await this.#wrote();
    const undo = async (): Promise<boolean> => {
      const restored = await restore(db, id);
      await this.#wrote();
      return restored;
    };
    return { undo };
  }

  /** Reads everything anew from the phone; called after a sync and when another tab wrote. */
  async load(): Promise<void> {
    const db = await this.#db;
    // In one: an entry that goes out between two readings would look as if the server's word already knew of it.
    const tx = db.transaction(["records", "outbox", "cache"]);
    const [rows, waiting, kept] = await Promise.all([
      tx.objectStore("records").getAll(),
      tx.objectStore("outbox").getAll(),
      keptAssessments(tx.objectStore("cache")),
    ]);
    this.#tables = tablesOf(rows);
    this.#assessments = new Map(kept.map((each) => [each.assessment.lump, each]));
    const whole = waiting.some(({ fields }) => fields === null) ? wholeTablesOf(rows) : this.#tables;
    this.#unsentLumps = new Set(waiting.flatMap(({ type, id }) => lumpsAbout(whole, type, id)));
    this.ready = true;
  }

  async #save<T extends RecordType>(type: T, draft: Draft<RecordTypes[T]>, pictures: Prepared[] = []): Promise<Saved<RecordTypes[T]>> {
    const id = draft.id ?? newId();
    const before = this.#tables[type].get(id);
    const fields = before ? changed(before, draft) : { ...changed({}, draft), ...(draft.id ? await this.#changedBeneath(id, draft) : {}) };
    delete fields["id"];
    await this.#put(type, id, fields, pictures);
    const saved = this.#tables[type].get(id) as RecordTypes[T]; // written a line ago
    const undo = async (): Promise<boolean> => {
      if (!before) await this.delete(type, id);
      else await this.#put(type, id, changed(saved, before));
      return true;
    };
    return { saved, undo };
  }

  /** Its form may still be open on what was just undone: answers taken back there since must not come back with it. */
  async #changedBeneath(id: Id, draft: object): Promise<Fields> {
    const row = await (await this.#db).get("records", id);
    return row ? changed(row.shown, draft) : {};
  }

  async #put(type: RecordType, id: Id, fields: Fields, pictures: Prepared[] = []): Promise<void> {
    const photos = pictures.map(({ picture: { id: photo, observation, taken_at, sha256 }, marked }) => ({
      type: "photo" as const,
      id: photo,
      fields: { observation, taken_at, sha256, ...marked },
    }));
    const said = Object.keys(fields).length > 0 ? [{ type, id, fields }] : [];
    const db = await this.#db;
    let rows: Row[];
    try {
      rows = await write(db, [...said, ...photos], pictures.map(({ picture }) => picture));
      if (pictures.length > 0) this.noRoom = false;
    } catch (error) {
      if (!isFull(error)) throw error;
      if (pictures.length === 0) return this.#refuse(error);
      rows = await write(db, said).catch((again: unknown) => this.#refuse(again)); // the entry matters more than its picture
      this.noRoom = true;
    }
    this.full = false;
    this.#show(rows);
    this.#onWrite();
  }

  /** The form goes no further: what it holds was not kept. */
  #refuse(error: unknown): never {
    this.full = isFull(error);
    throw error;
  }

  /** Puts rows that were just written on the screen, without reading the whole record again. */
  #show(rows: readonly Row[]): void {
    const tables = { ...this.#tables };
    for (const { type, id, shown } of rows) (tables as Record<RecordType, unknown>)[type] = new Map<Id, unknown>(tables[type]).set(id, shown);
    this.#tables = tables;
    this.#unsentLumps = new Set([...this.#unsentLumps, ...rows.flatMap(({ type, id }) => lumpsAbout(tables, type, id))]);
  }

  async #wrote(): Promise<void> {
    await this.load();
    this.#onWrite();
  }
}

/** What makes pictures small comes with the first of them. */
async function prepared(files: readonly File[], observation: Id, at: string): Promise<Prepared[]> {
  const { preparePicture } = await import("../photo");
  return Promise.all(files.map((file) => preparePicture(file, observation, at)));
}

const isFull = (error: unknown): boolean => (error as { name?: string } | null)?.name === "QuotaExceededError";
