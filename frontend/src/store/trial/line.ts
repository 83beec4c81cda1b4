import { ApiError } from "../../api/problem";
import type { SyncAnswer, SyncOperation } from "../../api/types";

/** What a bad line does to one request. `killed` ends the server's processes with `kill -9` while it is at work. */
export const FAULTS = ["lost_request", "lost_answer", "twice", "late", "killed", "signed_out"] as const;
export type Fault = (typeof FAULTS)[number];

interface Door {
  url: string;
  token: string;
  /** Has the server killed after so many milliseconds; resolves when it is up again. */
  kill: (afterMs: number) => Promise<void>;
}

const failure = (status: number, code: string): ApiError =>
  new ApiError({ status, code, message: "", fields: {}, retry_after: null });

/** The way to the real server, on which requests and answers get lost, come twice, or arrive long after. */
export class Line {
  fault: Fault | null = null;
  #late: (() => Promise<unknown>)[] = [];
  #door: Door;

  constructor(door: Door) {
    this.#door = door;
  }

  sync = (cursor: string | null, operations: SyncOperation[]): Promise<SyncAnswer> =>
    this.#through(() => this.#send<SyncAnswer>("POST", "sync/", JSON.stringify({ cursor, operations })));

  putPhoto = (id: string, form: FormData): Promise<unknown> => this.#through(() => this.#send("PUT", `photos/${id}/`, form));

  /** Requests that everybody had given up arrive after all. */
  async deliverLate(): Promise<void> {
    for (const send of this.#late.splice(0)) await send().catch(() => undefined); // nobody waits for the answer
  }

  async #through<T>(send: () => Promise<T>): Promise<T> {
    const fault = this.fault;
    this.fault = null;
    if (fault === "late") this.#late.push(send);
    if (fault === "lost_request" || fault === "late") throw failure(0, "no_answer");
    if (fault === "signed_out") return this.#send("POST", "sync/", "{}", "not a token");
    if (fault === "killed") return this.#killedMeanwhile(send);
    const answer = await send();
    if (fault === "lost_answer") throw failure(0, "no_answer");
    return fault === "twice" ? send() : answer;
  }

  /** Whether it was at work before, during or after this is for the machine to decide. */
  async #killedMeanwhile<T>(send: () => Promise<T>): Promise<T> {
    const killed = this.#door.kill(Math.floor(Math.random() * 40));
    try {
      return await send();
    } finally {
      await killed;
    }
  }

  async #send<T>(method: string, path: string, body: string | FormData, token = this.#door.token): Promise<T> {
    const headers: Record<string, string> = { "X-Session-Token": token, Connection: "close" };
    if (typeof body === "string") headers["Content-Type"] = "application/json";
    let response: Response;
    let said: unknown;
    try {
      // eslint-disable-next-line no-restricted-globals -- this is the network's edge, with its faults
      response = await fetch(`${this.#door.url}/api/v1/${path}`, { method, headers, body, signal: AbortSignal.timeout(20_000) });
      said = await response.json();
    } catch {
      throw failure(0, "no_answer");
    }
    if (response.status >= 400) throw failure(response.status, (said as { code?: string }).code ?? "");
    return said as T;
  }
}
