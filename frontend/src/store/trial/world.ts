import { newId } from "../../domain/ids";
import type { Id, RecordType } from "../../domain/record";
import type { Picture } from "../db";
import { discard, remove, restore, retry, settleClash, UNDO_MS } from "../outbox";
import { Chance } from "./chance";
import { FAULTS, type Line } from "./line";
import { Phone, type Backup } from "./phone";

const SKEWS = [0, -2, 400]; // days
const FIELDS: Partial<Record<RecordType, readonly string[]>> = {
  person: ["name"],
  lump: ["label"],
  observation: ["note", "signs.ulcer_days"],
  care: ["note", "outcome"],
};

/** What somebody said, once: no two values are the same. */
export interface Said {
  key: string; // `${id} ${field}`
  value: unknown;
}

/** Three phones of one account and everything that was ever said on them. */
export class World {
  readonly said: Said[] = [];
  /** Values that somebody saw and then replaced, was told about as the other answer, or gave up knowingly. */
  readonly settled = new Set<unknown>();
  readonly ids = new Set<Id>();
  /** A phone was lost or restored: what was on it alone is gone with it. Never in worlds with an odd seed. */
  hasLostPhones = false;
  readonly phones: Phone[] = [];
  #count: number;
  #chance: Chance;
  #picture: () => ArrayBuffer;

  constructor(
    readonly seed: number,
    readonly line: Line,
    picture: () => ArrayBuffer,
  ) {
    this.#count = seed * 100;
    this.#chance = new Chance(seed);
    this.#picture = picture;
  }

  async begin(): Promise<void> {
    for (const [n, skew] of SKEWS.entries()) this.phones.push(await Phone.bought(`world ${this.seed} phone ${n}`, this.line, skew));
    const [first] = this.phones as [Phone];
    const [person, lump] = [newId(), newId()];
    await this.#make(first, "person", person, { time_zone: "Europe/London" });
    await this.#make(first, "lump", lump, { person, site: "calf" });
    for (const phone of this.phones) await phone.talk();
  }

  /** One thing happens on one phone. */
  async step(): Promise<void> {
    const phone = this.#chance.one(this.phones);
    const dice = this.#chance.roll(100);
    await this.#noteClashes(phone);
    if (dice < 40) await this.#edit(phone);
    else if (dice < 52) await this.#add(phone);
    else if (dice < 57) await this.#delete(phone);
    else if (dice < 90) await this.#talk(phone);
    else if (dice < 93) await this.line.deliverLate();
    else if (dice < 96) await this.#seeTo(phone);
    else if (this.seed % 2 === 0) await this.#misfortune(phone);
  }

  /** The faults stop. Three rounds, then all phones must agree. */
  async settle(): Promise<void> {
    this.line.fault = null;
    await this.line.deliverLate();
    for (let round = 0; round < 3; round += 1) {
      for (const phone of this.phones) {
        await phone.talk(UNDO_MS + 1);
        await this.#noteClashes(phone);
      }
    }
  }

  async #edit(phone: Phone): Promise<void> {
    const known = [...(await phone.shown())].filter(([, row]) => row.type in FIELDS);
    if (known.length === 0) return;
    const [id, { type, fields }] = this.#chance.one(known);
    const field = this.#chance.one(FIELDS[type] ?? []);
    const value = this.#value(field);
    this.settled.add(fields[field] ?? null); // it was on the screen when it was replaced
    this.said.push({ key: `${id} ${field}`, value });
    await phone.say([{ type, id, fields: { [field]: value } }]);
  }

  async #add(phone: Phone): Promise<void> {
    const shown = [...(await phone.shown())];
    const lumps = shown.filter(([, row]) => row.type === "lump");
    const checks = shown.filter(([, row]) => row.type === "observation");
    const people = shown.filter(([, row]) => row.type === "person");
    const dice = this.#chance.roll(10);
    if (dice < 1 && people.length > 0) await this.#make(phone, "lump", newId(), { person: this.#chance.one(people)[0], site: "neck" });
    else if (dice < 2 && checks.length > 0) await this.#photograph(phone, this.#chance.one(checks)[0]);
    else if (lumps.length > 0) {
      const lump = this.#chance.one(lumps)[0];
      if (dice < 8) await this.#make(phone, "observation", newId(), { lump, observed_at: new Date(Date.now()).toISOString() });
      else await this.#make(phone, "care", newId(), { lump, on: "2026-10-02", kind: "booked" });
    }
  }

  async #make(phone: Phone, type: RecordType, id: Id, fields: Record<string, unknown>): Promise<void> {
    const field = this.#chance.one(FIELDS[type] ?? []);
    const value = this.#value(field);
    this.ids.add(id);
    this.said.push({ key: `${id} ${field}`, value });
    await phone.say([{ type, id, fields: { ...fields, [field]: value } }]);
  }

  async #photograph(phone: Phone, observation: Id): Promise<void> {
    const [id, taken_at] = [newId(), new Date(Date.now()).toISOString()];
    const picture: Picture = { id, observation, taken_at, type: "image/jpeg", bytes: this.#picture(), thumb: null, sha256: null, state: "waiting", problem: null };
    this.ids.add(id);
    await phone.say([{ type: "photo", id, fields: { observation, taken_at, sha256: null } }], [picture]);
  }

  async #delete(phone: Phone): Promise<void> {
    const rows = [...(await phone.shown())].filter(([, row]) => row.type === "observation" || row.type === "care" || row.type === "photo");
    const lumps = [...(await phone.shown())].filter(([, row]) => row.type === "lump");
    const pool = lumps.length > 1 && this.#chance.roll(4) === 0 ? lumps : rows;
    if (pool.length === 0) return;
    const [id, { type }] = this.#chance.one(pool);
    phone.takeUp();
    await remove(phone.db, type, id);
    if (this.#chance.roll(3) === 0) await restore(phone.db, id);
  }

  async #talk(phone: Phone): Promise<void> {
    if (this.#chance.roll(5) < 3) this.line.fault = this.#chance.one(FAULTS);
    await phone.talk(this.#chance.roll(2) * (UNDO_MS + 1)).catch((error: unknown) => {
      if ((error as { name?: string }).name !== "ApiError") throw error;
    });
    this.line.fault = null;
  }

  /** The person sees to what needs attention: tries again, gives up, takes the other answer. */
  async #seeTo(phone: Phone): Promise<void> {
    for (const op of (await phone.db.getAll("outbox")).filter((each) => each.problem !== null)) {
      if (this.#chance.roll(2) === 0) await retry(phone.db, op.seq);
      else {
        for (const value of Object.values(op.fields ?? {})) this.settled.add(value);
        await discard(phone.db, op.seq);
      }
    }
    for (const clash of await phone.db.getAll("clashes")) {
      phone.takeUp();
      if (await settleClash(phone.db, clash.key, this.#chance.one(["kept", "other"]))) this.settled.add(clash.kept);
    }
  }

  /** Backed up; restored from that; exchanged for a copy of another phone; all its storage cleared. */
  async #misfortune(phone: Phone): Promise<void> {
    const dice = this.#chance.roll(5);
    if (dice < 2) phone.backup = await phone.copied();
    else {
      this.hasLostPhones = true;
      const copy = dice === 2 ? phone.backup : dice === 3 ? await this.#chance.one(this.phones).copied() : null;
      const nothing: Backup = new Map();
      await phone.takeOver(copy ?? nothing);
    }
  }

  async #noteClashes(phone: Phone): Promise<void> {
    for (const clash of await phone.db.getAll("clashes")) this.settled.add(clash.other);
  }

  #value(field: string): string | number {
    this.#count += 1;
    return field === "signs.ulcer_days" ? this.#count % 3650 : `said ${this.#count}`;
  }
}
