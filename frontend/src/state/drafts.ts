import type { Database } from "../store/db";

/** Half-filled forms: they survive a reload, a lost network and an ended session. A plain store; a form reads it once. */
export class Drafts {
  #db: Promise<Database>;

  constructor(db: Promise<Database>) {
    this.#db = db;
  }

  /** `name` says which form, such as "check 0192…". */
  async get<T extends object>(name: string): Promise<T | null> {
    return ((await (await this.#db).get("drafts", name)) as T | undefined) ?? null;
  }

  /** Call it on every change with `$state.snapshot(form)`. */
  async keep(name: string, form: object): Promise<void> {
    await (await this.#db).put("drafts", form, name);
  }

  async drop(name: string): Promise<void> {
    await (await this.#db).delete("drafts", name);
  }
}
