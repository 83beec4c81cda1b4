import { server } from "../api";
import type { Notice } from "../api/types";
import type { Id } from "../domain/record";
import { dayOf } from "../domain/dates";
import type { Database, Errand } from "../store/db";

export type NoticeAnswer = "read" | "booked" | "seen" | "will_not_act";

/** What the server told or is about to tell this person. Kept on the phone; answers get through when they can. */
export class Notices {
  list = $state.raw<Notice[]>([]);
  /** Still asking for something. */
  readonly open: Notice[] = $derived(this.list.filter((notice) => !notice.acknowledged_at && notice.state !== "cancelled"));

  #db: Promise<Database>;
  #onWrite: () => void;

  constructor(db: Promise<Database>, onWrite: () => void) {
    this.#db = db;
    this.#onWrite = onWrite;
  }

  forLump = (lump: Id): Notice[] => this.list.filter((notice) => notice.lump === lump);

  async load(): Promise<void> {
    this.list = ((await (await this.#db).get("cache", "notices")) as Notice[] | undefined) ?? [];
  }

  async refresh(): Promise<void> {
    const { results } = await server.notices();
    await this.#keep(results);
  }

  /** `read` ends the repeats of this step only; the others say what the person did or will do, on a day. */
  async acknowledge(id: Id, answer: NoticeAnswer, on: string = dayOf(new Date())): Promise<void> {
    await this.#send(id, "acknowledge", { answer, on });
    const at = new Date().toISOString();
    await this.#keep(this.list.map((notice) => (notice.id === id ? { ...notice, acknowledged_at: at } : notice)));
  }

  async snooze(id: Id, until: Date): Promise<void> {
    await this.#send(id, "snooze", { until: until.toISOString() });
    await this.#keep(this.list.map((notice) => (notice.id === id ? { ...notice, due_at: until.toISOString() } : notice)));
  }

  async #send(id: Id, verb: string, body: object): Promise<void> {
    const lump = this.list.find((notice) => notice.id === id)?.lump ?? null;
    const errand: Omit<Errand, "seq"> = { path: `notifications/${id}/${verb}/`, body, lump, problem: null };
    await (await this.#db).add("errands", errand as Errand); // the database gives `seq`
    this.#onWrite();
  }

  async #keep(list: Notice[]): Promise<void> {
    this.list = list;
    await (await this.#db).put("cache", list, "notices");
  }
}
