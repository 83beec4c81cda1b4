// @vitest-environment happy-dom
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { newId } from "../domain/ids";
import { clearDatabase, openDatabase, type Database } from "../store/db";
import { Push } from "./push.svelte";
import { Session } from "./session.svelte";

const ADA = { id: "ada", email: "ada@example.org" };
const CAL = { id: "cal", email: "cal@example.org" };
const PUSH = "/api/v1/push-subscriptions/";
let db: Database;
let account: typeof ADA | null;
let push: Push;
/** What the browser holds, and how many subscriptions it has made. */
let endpoint: string | null;
let made: number;
/** What the server knows: who listens where, who said no, and each subscription it was sent. */
let listens: Map<string, string>;
let noes: Set<string>;
let sent: { by: string | undefined; endpoint: string; agreed?: boolean }[];
let isOnline: boolean;

const subscription = (): object => {
  const mine = endpoint;
  return {
    endpoint: mine,
    toJSON: () => ({ endpoint: mine }),
    unsubscribe: async () => {
      endpoint = null;
      return true;
    },
  };
};
const registration = {
  pushManager: {
    getSubscription: async () => (endpoint ? subscription() : null),
    subscribe: async () => {
      endpoint = `https://push.example.org/${++made}`;
      return subscription();
    },
  },
  getNotifications: async () => [],
};

const nothing = (): Response => new Response(null, { status: 204 });
const refused = (): Response => Response.json({ code: "push_not_agreed", message: "", fields: {} }, { status: 409 });

function subscribes(body: string): Response {
  const told = JSON.parse(body) as { endpoint: string; agreed?: boolean };
  sent.push({ ...told, by: account?.id });
  if (!account || (noes.has(account.id) && !told.agreed)) return refused();
  noes.delete(account.id);
  listens.set(told.endpoint, account.id);
  return Response.json({}, { status: 201 });
}

async function answer(path: string, request: RequestInit = {}): Promise<Response> {
  if (!isOnline) throw new TypeError("Failed to fetch");
  const { pathname, searchParams } = new URL(path, "https://app.example.org");
  const asked = searchParams.get("endpoint");
  const method = request.method ?? "GET";
  if (pathname === `${PUSH}key/`) return Response.json({ key: "AAAA" });
  if (pathname === "/_allauth/browser/v1/auth/session") {
    const signedIn = method === "GET" && account !== null;
    return Response.json({ status: signedIn ? 200 : 401, meta: { is_authenticated: signedIn } }, { status: signedIn ? 200 : 401 });
  }
  if (pathname === "/_allauth/browser/v1/auth/login") {
    account = CAL;
    return Response.json({ status: 200, data: { user: CAL }, meta: { is_authenticated: true } });
  }
  if (pathname === "/api/v1/me/") return Response.json(account);
  if (pathname !== PUSH) throw new Error(path);
  if (method === "PUT") return subscribes(request.body as string);
  if (method === "DELETE") listens.delete(asked ?? "");
  if (method === "DELETE") return nothing();
  const mine = [...listens].filter(([one, by]) => by === account?.id && (!asked || one === asked));
  return Response.json(mine.map(() => ({ endpoint_host: "push.example.org" })));
}

/** The app is opened anew on the same phone. */
async function start(): Promise<void> {
  push = new Push(Promise.resolve(db), () => account?.id ?? null);
  await push.renew();
}

beforeEach(async () => {
  [account, endpoint, made, sent, isOnline] = [ADA, null, 0, [], true];
  listens = new Map();
  noes = new Set();
  vi.stubGlobal("fetch", vi.fn(answer));
  vi.stubGlobal("PushManager", Object); // that there is one is all that is asked
  vi.stubGlobal("Notification", { permission: "granted", requestPermission: async () => "granted" });
  const serviceWorker = { getRegistration: async () => registration, ready: Promise.resolve(registration) };
  Object.defineProperty(navigator, "serviceWorker", { configurable: true, value: serviceWorker });
  vi.spyOn(location, "replace").mockImplementation(() => undefined);
  db = await openDatabase(newId());
  await start();
});

afterEach(() => {
  Reflect.deleteProperty(navigator, "serviceWorker");
  vi.unstubAllGlobals();
});

test("that the browser allows it subscribes nobody who has not turned it on", () => {
  expect([sent, made, push.subscribed]).toEqual([[], 0, false]);
});

test("the button says that somebody agreed; what renews at each start does not", async () => {
  expect(await push.enable()).toBe(true);
  await start();
  expect(sent.map(({ agreed }) => agreed)).toEqual([true, undefined]);
  expect(push.subscribed).toBe(true);
});

test("a subscription that died is made again", async () => {
  await push.enable();
  endpoint = null;
  await start();
  expect([listens.get("https://push.example.org/2"), push.subscribed]).toEqual(["ada", true]);
});

test("a browser that says no is not asked for more", async () => {
  vi.stubGlobal("Notification", { permission: "denied", requestPermission: async () => "denied" });
  expect(await push.enable()).toBe(false);
  await start();
  expect([sent, push.subscribed]).toEqual([[], false]);
});

test("what was turned off on this phone stays off at the next start", async () => {
  await push.enable();
  await push.disable();
  await start();
  expect([listens.size, endpoint, sent.length, push.subscribed]).toEqual([0, null, 1, false]);
});

test("it is turned off without a network too", async () => {
  await push.enable();
  isOnline = false;
  await push.disable();
  isOnline = true;
  await start();
  expect([endpoint, sent.length, push.subscribed]).toEqual([null, 1, false]);
});

test("what could not be turned on is not remembered as on", async () => {
  isOnline = false;
  await expect(push.enable()).rejects.toThrow();
  isOnline = true;
  endpoint = null;
  await start();
  expect([sent, push.subscribed]).toEqual([[], false]);
});

test("a start without a network forgets nothing", async () => {
  await push.enable();
  isOnline = false;
  await start();
  isOnline = true;
  await start();
  expect(push.subscribed).toBe(true);
});

test("consent taken back on this phone's page ends it here", async () => {
  await push.enable();
  listens.clear();
  await push.ended();
  await start();
  expect([endpoint, sent.length, push.subscribed]).toEqual([null, 1, false]);
});

test("consent taken back elsewhere is heard of at the next start, and only the button turns it on again", async () => {
  await push.enable();
  noes.add("ada");
  await start();
  await start();
  expect([sent.length, endpoint, push.subscribed]).toEqual([2, null, false]);
  await push.enable();
  expect([sent.at(-1)?.agreed, push.subscribed]).toEqual([true, true]);
});

test("who had it on before the phone remembered keeps it", async () => {
  endpoint = "https://push.example.org/old";
  listens.set(endpoint, "ada");
  await start();
  expect([sent, push.subscribed]).toEqual([[{ endpoint, by: "ada" }], true]);
  listens.clear(); // the server dropped it: from here on the phone's own memory holds
  await start();
  expect(listens.get(endpoint)).toBe("ada");
});

test("a browser that listens for somebody else is not taken over", async () => {
  await push.enable();
  account = CAL;
  await start();
  expect([sent.length, push.subscribed]).toEqual([1, false]);
});

async function session(): Promise<Session> {
  await db.put("cache", ADA, "me");
  await db.put("meta", ADA.email, "owner");
  const made = new Session(Promise.resolve(db), () => undefined, clearDatabase);
  await made.start();
  return made;
}

test("signing out ends it, also for who comes back", async () => {
  await push.enable();
  await (await session()).signOut();
  expect([listens.size, endpoint, await db.get("meta", "push")]).toEqual([0, null, undefined]);
  for (account of [CAL, ADA]) await start();
  expect(sent.length).toBe(1);
});

test("another account that signs in on this phone is asked first", async () => {
  await push.enable();
  await (await session()).signIn(CAL.email, "four quiet lamps at noon");
  expect([account, endpoint, await db.get("meta", "push")]).toEqual([CAL, null, undefined]);
  await start();
  expect([sent.length, push.subscribed]).toEqual([1, false]);
});
