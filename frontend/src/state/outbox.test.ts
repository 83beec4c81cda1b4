// @vitest-environment happy-dom
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { newId } from "../domain/ids";
import { openDatabase, type Database, type Errand } from "../store/db";
import { FakeServer } from "../store/fake-server";
import { write } from "../store/outbox";
import { Outbox } from "./outbox.svelte";

let db: Database;
let server: FakeServer;
let outbox: Outbox;
let signedIn: boolean;
/** What the next request of any kind gets instead of a proper answer. */
let trouble: Response | "offline" | null;

const hooks = {
  lost: vi.fn(() => {
    signedIn = false;
  }),
  signedIn: () => signedIn,
  received: async () => undefined,
  synced: async () => undefined,
};

async function answer(path: string, request: RequestInit): Promise<Response> {
  if (trouble === "offline") throw new TypeError("Failed to fetch");
  if (trouble) return trouble.clone();
  if (!path.endsWith("/sync/")) return Response.json({}, { status: 404 });
  const { cursor, operations } = JSON.parse(request.body as string) as { cursor: string; operations: never[] };
  return Response.json(await server.sync(cursor, operations));
}

beforeEach(async () => {
  vi.stubGlobal("fetch", vi.fn(answer));
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
  [server, signedIn, trouble] = [new FakeServer(), true, null];
  db = await openDatabase(newId());
  outbox = new Outbox(Promise.resolve(db), hooks);
  await write(db, [{ type: "observation", id: "check", fields: { lump: "l", length_mm: 12 } }]);
  await outbox.load();
});

afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

test("it says what waits, and when all has arrived", async () => {
  expect(outbox.waiting).toBe(1);
  await outbox.sync();
  expect(outbox).toMatchObject({ waiting: 0, online: true, syncing: false });
  expect(outbox.lastSyncedAt).not.toBeNull();
});

test("without a line it keeps everything and tries again by itself", async () => {
  trouble = "offline";
  await outbox.sync();
  expect(outbox).toMatchObject({ waiting: 1, online: false });
  trouble = null;
  await vi.advanceTimersByTimeAsync(4_000);
  await vi.waitFor(() => {
    expect(outbox.waiting).toBe(0);
  });
});

test("it waits as long as the server asks", async () => {
  trouble = Response.json({ code: "throttled", message: "" }, { status: 429, headers: { "Retry-After": "60" } });
  await outbox.sync();
  trouble = null;
  await vi.advanceTimersByTimeAsync(50_000);
  expect(outbox.waiting).toBe(1);
  await vi.advanceTimersByTimeAsync(11_000);
  await vi.waitFor(() => {
    expect(outbox.waiting).toBe(0);
  });
});

test.each([
  [507, "disk_full"],
  [503, "not_writable"],
])("%i %s is said in the server's words, nothing is lost, and it goes on by itself", async (status, code) => {
  const message = "Your entry stays on this device.";
  trouble = Response.json({ code, message }, { status, headers: { "Retry-After": "60" } });
  await outbox.sync();
  expect(outbox).toMatchObject({ waiting: 1, online: true, trouble: message, attention: [] });
  trouble = null;
  await vi.advanceTimersByTimeAsync(61_000);
  await vi.waitFor(() => {
    expect(outbox).toMatchObject({ waiting: 0, trouble: "" });
  });
  expect([...server.rows.keys()]).toContain("check");
});

test("an ended session is told, and what waits stays", async () => {
  trouble = Response.json({ code: "not_authenticated", message: "" }, { status: 401 });
  await outbox.sync();
  expect(hooks.lost).toHaveBeenCalled();
  expect(outbox.waiting).toBe(1);
});

test("before there is an account nothing is sent", async () => {
  signedIn = false;
  await outbox.sync();
  expect(fetch).not.toHaveBeenCalled();
});

test("a refused entry stands on the list until it is given up", async () => {
  server.reject = () => "invalid";
  await outbox.sync();
  expect(outbox.attention).toMatchObject([{ kind: "refused", id: "check", problem: { code: "invalid" } }]);
  const [refused] = outbox.attention;
  if (refused) await outbox.discard(refused);
  expect(outbox.attention).toEqual([]);
});

test("of two answers the person may take the other one", async () => {
  server.say("observation", "check", { lump: "l", length_mm: 12 });
  await outbox.sync();
  await write(db, [{ type: "observation", id: "check", fields: { length_mm: 14 } }]);
  server.say("observation", "check", { length_mm: 15 });
  await outbox.sync();
  const [clash] = outbox.attention;
  expect(clash).toMatchObject({ kind: "clash", field: "length_mm", kept: 14, other: 15 });
  if (clash?.kind === "clash") await outbox.settle(clash, "other");
  await outbox.sync();
  expect(server.field("check", "length_mm")).toBe(15);
});

test("a refused answer to advice stands on the list until it is given up", async () => {
  const problem = { status: 400, code: "invalid", message: "", fields: {}, retry_after: null };
  const errand: Omit<Errand, "seq"> = { path: "notifications/n1/acknowledge/", body: {}, lump: "l", problem };
  await db.add("errands", errand as Errand);
  await outbox.load();
  expect(outbox).toMatchObject({ waiting: 1, attention: [{ kind: "errand", lump: "l", problem: { code: "invalid" } }] });
  const [refused] = outbox.attention;
  if (refused) await outbox.discard(refused);
  expect(await db.count("errands")).toBe(0);
});
