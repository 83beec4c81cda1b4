// @vitest-environment happy-dom
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { newId } from "../domain/ids";
import { clearDatabase, openDatabase, type Database } from "../store/db";
import { write } from "../store/outbox";
import { OtherAccount } from "./enter";
import { Session } from "./session.svelte";

const ME = { email: "ada@example.org" };
let db: Database;
let session: Session;
/** What was asked, and what each way is answered with; a way that is not named finds no network. */
let asked: string[];
let answers: Record<string, () => Response>;
let isSubscribed: boolean;

const subscription = {
  endpoint: "https://push.example.org/1",
  toJSON: () => ({ endpoint: "https://push.example.org/1" }),
  unsubscribe: async () => {
    isSubscribed = false;
    return true;
  },
};
const registration = {
  pushManager: { getSubscription: async () => (isSubscribed ? subscription : null) },
  getNotifications: async () => [],
};

async function answer(path: string, request?: RequestInit): Promise<Response> {
  const way = `${request?.method ?? "GET"} ${new URL(path, "https://app.example.org").pathname}`;
  asked.push(way);
  const found = answers[way];
  if (!found) throw new TypeError("Failed to fetch");
  return found();
}

const SESSION = "DELETE /_allauth/browser/v1/auth/session";
const PUSH_OFF = "DELETE /api/v1/push-subscriptions/";
const PUSH_ON = "PUT /api/v1/push-subscriptions/";
const gone = (): Response => new Response(null, { status: 204 });
const ended = (): Response => Response.json({ status: 401, meta: { is_authenticated: false } }, { status: 401 });

beforeEach(async () => {
  [asked, answers, isSubscribed] = [[], {}, true];
  vi.stubGlobal("fetch", vi.fn(answer));
  Object.defineProperty(navigator, "serviceWorker", { configurable: true, value: { getRegistration: async () => registration } });
  vi.spyOn(location, "replace").mockImplementation(() => undefined);
  db = await openDatabase(newId());
  await db.put("cache", ME, "me");
  await db.put("meta", ME.email, "owner");
  session = new Session(Promise.resolve(db), () => undefined, clearDatabase);
  await session.start();
  await write(db, [{ type: "observation", id: "check", fields: { lump: "l", length_mm: 12 } }]);
});

afterEach(() => {
  Reflect.deleteProperty(navigator, "serviceWorker");
  vi.unstubAllGlobals();
});

test("signing out without a network leaves the phone as it was, reminders too", async () => {
  await expect(session.signOut()).rejects.toThrow();
  expect(session.status).toBe("signed_in");
  expect(isSubscribed).toBe(true);
  expect(await session.unsent()).toBe(1);
});

test("a sign-out that the server refuses brings its reminders back", async () => {
  answers = { [PUSH_OFF]: gone, [SESSION]: () => new Response("", { status: 503 }), [PUSH_ON]: gone };
  await expect(session.signOut()).rejects.toThrow();
  expect(asked.slice(-3)).toEqual([PUSH_OFF, SESSION, PUSH_ON]);
  expect(isSubscribed).toBe(true);
});

test("a sign-out ends the reminders while the server still knows who asks, and empties the phone", async () => {
  answers = { [PUSH_OFF]: gone, [SESSION]: ended };
  await session.signOut();
  expect(asked.slice(-2)).toEqual([PUSH_OFF, SESSION]);
  expect(isSubscribed).toBe(false);
  expect(await db.getAll("outbox")).toEqual([]);
});

test("a phone with another account's unsent entries can be cleared, also without a network", async () => {
  session.lost();
  await expect(session.signIn("cal@example.org", "four quiet lamps at noon")).rejects.toThrow(OtherAccount);
  await session.clearPhone();
  expect(await session.unsent()).toBe(0);
  expect(await db.get("meta", "owner")).toBeUndefined();
  expect(isSubscribed).toBe(false);
  expect(session).toMatchObject({ status: "anonymous", expired: false, me: null });
});

test("an account that was not erased stays on the phone", async () => {
  answers = { "DELETE /api/v1/me/": () => Response.json({ code: "reauthentication_required", message: "" }, { status: 403 }) };
  await expect(session.erase()).rejects.toMatchObject({ code: "reauthentication_required" });
  expect(await session.unsent()).toBe(1);
  answers = { "DELETE /api/v1/me/": gone };
  await session.erase();
  expect(await session.unsent()).toBe(0);
});

test("of an account that was erased only the number of its receipt stays, until it was read", async () => {
  answers = { "DELETE /api/v1/me/": () => new Response(null, { status: 204, headers: { "Erasure-Receipt": "r1" } }) };
  const went = vi.spyOn(location, "replace");
  await session.erase();
  expect(session.receipt).toBe("r1");
  expect(went).toHaveBeenCalledWith("/?#/data/gone");
  expect(await db.get("meta", "owner")).toBeUndefined();
  session.forgetReceipt();
  expect(session.receipt).toBeNull();
});
