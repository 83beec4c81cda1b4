import { ApiError, server, type Problem } from "../api";
import type { Id, RecordType } from "../domain/record";
import type { Database } from "../store/db";
import { discard, retry, settleClash } from "../store/outbox";
import { refreshAssessments } from "../store/assessments";
import { sendOpenings } from "../store/openings";
import { retryErrand, retryPicture, sendErrands, sendPictures } from "../store/pictures";
import { adoptPerson } from "../store/adopt";
import { exchange, pull } from "../store/sync";

/** Something that needs a person: refused by the server, or said differently on two phones. */
export type Attention =
  | { kind: "refused"; key: string; seq: number; type: RecordType; id: Id; problem: Problem }
  | { kind: "picture"; key: string; id: Id; observation: Id; problem: Problem }
  | { kind: "errand"; key: string; seq: number; lump: Id | null; problem: Problem }
  | { kind: "clash"; key: string; type: RecordType; id: Id; field: string; kept: unknown; other: unknown };

const FIRST_WAIT_MS = 2_000;
const LONGEST_WAIT_MS = 300_000;
const UNSAVED = ["disk_full", "not_writable"];

export interface OutboxHooks {
  /** The server answered 401: nobody is signed in. */
  lost: () => void;
  /** Whether there is anybody to send for. */
  signedIn: () => boolean;
  /** New things have come in; the screens should show them. */
  received: () => Promise<void>;
  /** All is sent and taken: the time to ask for what only the server knows. */
  synced: () => Promise<void>;
}

/** What still waits on this phone, and the pump that sends it: at start, when shown, when back online, after each write. */
export class Outbox {
  /** Entries that have not reached the server. */
  waiting = $state(0);
  photosWaiting = $state(0);
  attention = $state.raw<Attention[]>([]);
  lastSyncedAt = $state<string | null>(null);
  syncing = $state(false);
  /** Whether the last request got an answer; `null` before the first. Never a guess of the browser's. */
  online = $state<boolean | null>(null);
  /** Why the server cannot save at the moment, in its own words: its disk is full or may not be written. */
  trouble = $state("");

  #db: Promise<Database>;
  #hooks: OutboxHooks;
  #failures = 0;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(db: Promise<Database>, hooks: OutboxHooks) {
    this.#db = db;
    this.#hooks = hooks;
  }

  /** Counts what waits; after every write and every sync. */
  async load(): Promise<void> {
    const db = await this.#db;
    const [ops, pictures, errands, clashes, lastSyncedAt] = await Promise.all([
      db.getAll("outbox"),
      db.getAll("pictures"),
      db.getAll("errands"),
      db.getAll("clashes"),
      db.get("meta", "last_synced_at") as Promise<string | undefined>,
    ]);
    this.waiting = ops.filter((op) => op.type !== "photo" && !op.problem).length + errands.filter((errand) => !errand.problem).length;
    this.photosWaiting = pictures.filter((picture) => picture.state === "waiting").length;
    this.lastSyncedAt = lastSyncedAt ?? null;
    this.attention = [
      ...ops.flatMap((op): Attention[] =>
        op.problem ? [{ kind: "refused", key: `op ${String(op.seq)}`, ...op, problem: op.problem }] : [],
      ),
      ...pictures.flatMap((picture): Attention[] =>
        picture.problem
          ? [{ kind: "picture", key: `picture ${picture.id}`, id: picture.id, observation: picture.observation, problem: picture.problem }]
          : [],
      ),
      ...errands.flatMap(({ seq, lump, problem }): Attention[] =>
        problem ? [{ kind: "errand", key: `errand ${String(seq)}`, seq, lump, problem }] : [],
      ),
      ...clashes.map((clash): Attention => ({ kind: "clash", ...clash })),
    ];
  }

  /** Listens for the moments when sending may work. Background sync exists in one browser only, so it is not counted on. */
  listen(): void {
    document.addEventListener("visibilitychange", () => {
      if (document.visibilityState === "visible") this.flush();
    });
    addEventListener("online", () => {
      this.flush();
    });
  }

  /** Sends soon; may be called as often as one likes. */
  flush = (): void => {
    this.#failures = 0;
    this.#wait(0);
  };

  /** Sends now, and resolves when it is done or has failed. One tab at a time. */
  async sync(): Promise<void> {
    if (!this.#hooks.signedIn()) return;
    const locks = navigator.locks as LockManager | undefined; // Safari before 15.4 has none
    if (locks) await locks.request("tracker-sync", { ifAvailable: true }, (lock) => (lock ? this.#run() : this.#wait(FIRST_WAIT_MS)));
    else await this.#run();
  }

  async retry(item: Attention): Promise<void> {
    const db = await this.#db;
    if (item.kind === "refused") await retry(db, item.seq);
    if (item.kind === "picture") await retryPicture(db, item.id);
    if (item.kind === "errand") await retryErrand(db, item.seq);
    await this.load();
    this.flush();
  }

  /** Gives up what was refused. */
  async discard(item: Attention): Promise<void> {
    const db = await this.#db;
    if (item.kind === "refused") await discard(db, item.seq);
    if (item.kind === "picture") await db.delete("pictures", item.id);
    if (item.kind === "errand") await db.delete("errands", item.seq);
    if (item.kind === "clash") await db.delete("clashes", item.key);
    await this.#hooks.received();
    await this.load();
  }

  /** Two phones said different things: keeps the one, or says the other again. It stays where neither stands any more. */
  async settle(item: Attention & { kind: "clash" }, choice: "kept" | "other"): Promise<void> {
    await settleClash(await this.#db, item.key, choice);
    await this.#hooks.received();
    await this.load();
    this.flush();
  }

  async #run(): Promise<void> {
    if (this.syncing) {
      this.#wait(FIRST_WAIT_MS);
      return;
    }
    this.syncing = true;
    const db = await this.#db;
    try {
      await this.#arrive(db);
      await exchange(db, server);
      [this.online, this.trouble] = [true, ""];
      await db.put("meta", new Date().toISOString(), "last_synced_at");
      await this.#hooks.received();
      await this.load();
      await sendOpenings(db, server);
      const answered = await sendErrands(db, server);
      if (answered + (await sendPictures(db, server)) > 0) await exchange(db, server); // both change the record there
      await refreshAssessments(db, server, Date.now());
      await this.#hooks.synced();
      this.#failures = 0;
      await this.#scheduleHeld(db);
    } catch (error) {
      this.#failed(error);
    } finally {
      this.syncing = false;
      await this.#hooks.received();
      await this.load();
    }
  }

  /** The first talk after signing in: looks who is there before anything is sent. */
  async #arrive(db: Database): Promise<void> {
    if (!(await db.get("meta", "arriving"))) return;
    await pull(db, server);
    await adoptPerson(db);
    await db.delete("meta", "arriving");
  }

  #failed(error: unknown): void {
    if (!(error instanceof ApiError)) reportError(error); // the phone's own storage, say: told to the console, tried again
    const answer = error instanceof ApiError ? error : null;
    if (answer) {
      this.online = answer.status !== 0;
      this.trouble = UNSAVED.includes(answer.code) ? answer.message : "";
    }
    if (answer?.status === 401) {
      this.#hooks.lost();
      return;
    }
    const wait = Math.min(LONGEST_WAIT_MS, FIRST_WAIT_MS * 2 ** this.#failures) * (0.75 + Math.random() / 2);
    this.#failures += 1;
    this.#wait(answer?.retry_after ? answer.retry_after * 1000 : wait);
  }

  /** A deletion that can still be undone goes out a little later. */
  async #scheduleHeld(db: Database): Promise<void> {
    const held = (await db.getAll("outbox")).filter((op) => op.not_before > 0 && !op.problem);
    if (held.length > 0) this.#wait(Math.max(0, Math.min(...held.map((op) => op.not_before)) - Date.now()) + 100);
  }

  #wait(ms: number): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => {
      if (document.visibilityState === "visible") void this.sync();
    }, ms);
  }
}
