// @vitest-environment happy-dom
import { beforeEach, expect, test, vi } from "vitest";
import { Ways } from "./ways.svelte";

const MADE = "2026-11-22T10:00:00Z";
const LATER = "2026-11-22T11:00:00Z";
const URL = "https://example.org/api/v1/calendar/secret/";
const TOPIC = "https://ntfy.example.org/4f1c9a27be0d63a5";

/** A server with one account: it says a calendar's address only where it makes one. */
let calendar: string | null;
let addresses: { channel: string; address: string; state: string }[];
let offered: string[];

function answer(method: string, path: string, body: { address?: string }): [number, object | null] {
  if (path.endsWith("/calendar/")) {
    if (method === "POST") return [201, { created_at: (calendar = MADE), url: URL }];
    if (method === "DELETE") return [((calendar = null), 204), null];
    return [200, { created_at: calendar }];
  }
  if (path.endsWith("/channels/")) return [200, { offered, addresses }];
  if (method === "DELETE") return [((addresses = []), 204), null];
  if (!body.address?.startsWith("https://")) return [400, { code: "invalid", message: "Not here.", fields: { address: ["Not here."] } }];
  return [201, (addresses = [{ channel: "ntfy", address: body.address, state: "active" }])[0] ?? null];
}

beforeEach(() => {
  [calendar, addresses, offered] = [null, [], ["ntfy"]];
  vi.stubGlobal("fetch", async (path: string, { method, body }: { method: string; body?: string }) => {
    const [status, said] = answer(method, path, JSON.parse(body ?? "{}") as { address?: string });
    return new Response(said ? JSON.stringify(said) : null, { status });
  });
});

test("a calendar's address is known once it is made, and still after another look", async () => {
  const ways = new Ways();
  await ways.lookAtCalendar();
  expect(ways.calendar).toEqual({ created_at: null });
  await ways.makeCalendar();
  await ways.lookAtCalendar();
  expect(ways.calendar?.url).toBe(URL);
});

test("where another phone made a new calendar, the old address is not shown any more", async () => {
  const ways = new Ways();
  await ways.makeCalendar();
  calendar = LATER;
  await ways.lookAtCalendar();
  expect(ways.calendar).toEqual({ created_at: LATER });
});

test("a calendar that was ended is gone with its address", async () => {
  const ways = new Ways();
  await ways.makeCalendar();
  await ways.endCalendar();
  expect(ways.calendar).toEqual({ created_at: null });
  expect(calendar).toBeNull();
});

test("a topic that was given reaches somebody until it is dropped", async () => {
  const ways = new Ways();
  await ways.lookAtChannels();
  expect([ways.isOffered("ntfy"), ways.reaches]).toEqual([true, false]);
  await ways.give("ntfy", TOPIC);
  expect([ways.given("ntfy")?.address, ways.reaches]).toEqual([TOPIC, true]);
  await ways.drop("ntfy");
  expect([ways.given("ntfy"), ways.reaches]).toEqual([null, false]);
});

test("a topic where nobody answers any more reaches nobody, nor does mail that came back", async () => {
  addresses = [
    { channel: "ntfy", address: TOPIC, state: "gone" },
    { channel: "email", address: "ada@example.org", state: "active" },
  ];
  const ways = new Ways();
  await ways.lookAtChannels();
  expect(ways.reaches).toBe(false);
});

test("an address that is refused is said by its field, and what was there stays", async () => {
  const ways = new Ways();
  await ways.give("ntfy", TOPIC);
  await expect(ways.give("ntfy", "somewhere")).rejects.toMatchObject({ fields: { address: ["Not here."] } });
  expect(ways.given("ntfy")?.address).toBe(TOPIC);
});
