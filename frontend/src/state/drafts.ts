import type { Database } from "../store/db";

/** Half-filled forms: they survive a reload, a lost network and an ended session. A plain store; a form reads it once. */
export class Drafts {
  #db: Promise<Database>;
  /** Under the app lock a form is sealed before it is written: what is asked for next waits till all are there. */
  #kept: Promise<unknown> = Promise.resolve();
  #turns = new Map<string, number>();
  #coming: Promise<unknown> = Promise.resolve();

  constructor(db: Promise<Database>) {
    this.#db = db;
  }

  /** `name` says which form, such as "check 0192…". */
  async get<T extends object>(name: string): Promise<T | null> {
    await this.#kept;
    return ((await (await this.#db).get("drafts", name)) as T | undefined) ?? null;
  }

  /** Call it on every change with `$state.snapshot(form)`. */
  async keep(name: string, form: object): Promise<void> {
    this.#turn(name);
    const writing = this.#db.then((db) => db.put("drafts", form, name));
    this.#kept = Promise.allSettled([this.#kept, writing]);
    await writing;
  }

  /** `work` keeps something as soon as it has read it, such as a file: till then it is nowhere but in this page. */
  coming<T>(work: Promise<T>): Promise<T> {
    this.#coming = Promise.allSettled([this.#coming, work]);
    return work;
  }

  /** Everything that was said up to now lies in the database, or could not. */
  async written(): Promise<void> {
    await this.#coming;
    await this.#kept;
  }

  /** Nothing that was kept before this comes back after it. */
  async drop(name: string): Promise<void> {
    const turn = this.#turn(name);
    await this.#kept;
    if (this.#turns.get(name) === turn) await (await this.#db).delete("drafts", name);
  }

  /** Of the forms that are half filled, those whose name begins so. */
  async names(beginning: string): Promise<string[]> {
    await this.#kept;
    return (await (await this.#db).getAllKeys("drafts")).filter((name) => name.startsWith(beginning));
  }

  #turn(name: string): number {
    const turn = (this.#turns.get(name) ?? 0) + 1;
    this.#turns.set(name, turn);
    return turn;
  }
}
