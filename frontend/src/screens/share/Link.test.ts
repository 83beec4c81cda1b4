// @vitest-environment happy-dom
import { flushSync, mount, unmount } from "svelte";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import type { ShareAccess, ShareLink } from "../../api/types";
import type { Lump } from "../../domain/record";
import { toast } from "../../parts/toast.svelte";
import { dateAndTime } from "../../parts/words";
import { lock, record, session, shares } from "../../state";
import Share from "../Share.svelte";

const PATIENCE = { timeout: 8_000 };
vi.setConfig({ testTimeout: 30_000 }); // on a busy machine
const DAY_MS = 86_400_000;
const inDays = (days: number): string => new Date(Date.now() + days * DAY_MS).toISOString();
const SECRETS = { url: "https://example.org/s/#shlink:/abc", code: "0123456789" };

/** The server's side: what it keeps of a link is never what opens it. */
let links: ShareLink[] = [];
let accesses: ShareAccess[] = [];
let sent: { method: string; path: string; body: Record<string, unknown> }[] = [];
let lump: Lump;
/** It ends no link. */
let isStuck = false;
let part: ReturnType<typeof mount> | null = null;

/** What else the app says meanwhile: the lump that the links are to. */
function synced({ operations }: { operations?: { op_id: string }[] }): Response {
  const results = (operations ?? []).map(({ op_id }) => ({ op_id, status: "applied", rev: 1, error: null, conflicts: null }));
  return Response.json({ results, changes: [], cursor: "1", more: false });
}

function answer(method: string, path: string, body: Record<string, unknown>): Response {
  const [, id = "", accessed] = /^share-links\/([^/]*)\/?(accesses)?/.exec(path) ?? [];
  if (accessed) return Response.json({ results: accesses });
  if (path === "sync/") return synced(body);
  if (!path.startsWith("share-links/")) return Response.json({ results: [] });
  const old = links.find((link) => link.id === id);
  if (method === "DELETE") {
    if (isStuck) return Response.json({ code: "server_error", message: "Not now." }, { status: 503 });
    links = links.map((link) => (link === old ? { ...link, revoked_at: inDays(0) } : link));
    return new Response(null, { status: 204 });
  }
  if (method === "GET") return Response.json({ results: links });
  const put = { ...(old ?? aLink({ id })), ...body, passcode: undefined };
  links = [put, ...links.filter((link) => link !== old)];
  return Response.json(old ? put : { ...put, ...SECRETS, passcode: body["passcode"] ?? "271828" });
}

function aLink(facts: Partial<ShareLink> = {}): ShareLink {
  const limits = { passcode_tries_left: 5, openings: 0, max_openings: null, expires_at: inDays(3), revoked_at: null };
  const shown = { lumps: [lump.id], photos: true, intimate_photos: false, write_back: false, names: false, label: "" };
  return { id: "l1", created_at: inDays(-1), has_passcode: true, ...limits, ...shown, ...facts };
}

beforeEach(async () => {
  vi.stubGlobal("scrollTo", () => undefined);
  lump = (await record.saveLump({ site: "calf", side: "left" })).saved;
  [links, accesses, sent] = [[], [], []];
  isStuck = false;
  session.status = "signed_in";
  vi.stubGlobal("fetch", async (address: string, { method = "GET", body: said = "{}" }: { method?: string; body?: string } = {}) => {
    const path = address.replace("/api/v1/", "");
    const body = JSON.parse(said) as Record<string, unknown>;
    sent.push({ method, path, body });
    return answer(method, path, body);
  });
  await shares.refresh();
});
afterEach(async () => {
  if (part) await unmount(part);
  part = null;
  document.body.innerHTML = "";
  toast.clear();
  session.status = "anonymous"; // what waits is not sent any more
  await record.delete("lump", lump.id);
});

const text = (): string => document.body.textContent;
const buttons = (): string[] => [...document.querySelectorAll("article button")].map((each) => each.textContent.trim());
async function says(...words: string[]): Promise<void> {
  await vi.waitFor(() => {
    flushSync();
    for (const word of words) expect(text()).toContain(word);
  }, PATIENCE);
}
function press(name: string): void {
  const found = [...document.querySelectorAll("button")].find((each) => each.textContent.trim() === name);
  if (!found) throw new Error(`no button ${name}`);
  found.click();
  flushSync();
}
function choose(label: string): void {
  const found = [...document.querySelectorAll("label")].find((each) => each.textContent.trim() === label);
  (found?.querySelector("input") ?? document.getElementById(found?.htmlFor ?? ""))?.click();
  flushSync();
}
async function show(...kept: ShareLink[]): Promise<void> {
  links = kept;
  await shares.refresh();
  part = mount(Share, { target: document.body, props: { id: lump.id } });
  await vi.waitFor(() => {
    flushSync();
    expect(document.querySelectorAll("article[aria-label]")).toHaveLength(kept.length);
  }, PATIENCE);
}
const keptHere = async (): Promise<string> => JSON.stringify(await (await lock.db).get("cache", "shares"));
const puts = (): Record<string, unknown>[] => sent.filter(({ method }) => method === "PUT").map(({ body }) => body);

test("a link is made for somebody, without typing, and says so among the links", async () => {
  await show();
  expect(document.querySelector("fieldset legend + .chips, fieldset .chips")).not.toBeNull();
  choose("Specialist");
  press("Make a link");
  await says("For Specialist");
  expect(puts()).toMatchObject([{ label: "Specialist", lumps: [lump.id] }]);
});

test("a link for 90 days ends a minute sooner, so that a phone whose clock runs ahead is not refused", async () => {
  await show();
  choose("90 days");
  press("Make a link");
  await says("It is not shown again");
  const ahead = Date.parse(puts()[0]?.["expires_at"] as string) - Date.now();
  expect(ahead).toBeLessThanOrEqual(90 * DAY_MS - 60_000);
  expect(ahead).toBeGreaterThan(89 * DAY_MS);
});

test("for whom may be a name, or left out", async () => {
  await show();
  const named = [...document.querySelectorAll("label")].find((each) => each.textContent.trim() === "Or a name");
  const input = document.getElementById(named?.htmlFor ?? "") as HTMLInputElement;
  input.value = " Dr Khan ";
  input.dispatchEvent(new Event("input", { bubbles: true }));
  flushSync();
  press("Make a link");
  await says("For Dr Khan");
  expect(puts()).toMatchObject([{ label: "Dr Khan" }]);
});

test("the passcode is shown once, when the link is made, and kept nowhere on the phone", async () => {
  await show();
  press("Make a link");
  await says("It is not shown again", "01234 56789", "They type it at", "example.org/s/");
  const passcode = puts()[0]?.["passcode"] as string;
  expect(text()).toContain(passcode);
  expect(await keptHere()).toContain(SECRETS.url);
  expect(await keptHere()).not.toContain(passcode);
  if (part) await unmount(part);
  part = mount(Share, { target: document.body, props: { id: lump.id } });
  await says("Show the code", "The passcode was shown once");
  expect(text()).not.toContain(passcode);
});

test("a passcode that an earlier version kept is gone from the phone once the app was started", async () => {
  await (await lock.db).put("cache", [{ ...aLink(), ...SECRETS, passcode: "314159" }], "shares");
  await shares.load();
  expect(await keptHere()).toContain(SECRETS.url);
  expect(await keptHere()).not.toContain("314159");
});

test("a lost passcode: another link to the same takes the old one's place, with the passcode that the server made", async () => {
  const old = aLink({ label: "GP", max_openings: 3 });
  await show(old);
  press("New link in its place");
  await says("271828", "It is not shown again", "Revoked on");
  expect(puts()).toMatchObject([{ label: "GP", lumps: [lump.id], max_openings: 3, expires_at: old.expires_at }]);
  expect(puts()[0]).not.toHaveProperty("passcode");
  expect(links.find(({ id }) => id === "l1")?.revoked_at).not.toBeNull();
});

test("a new link whose old one could not be ended is shown all the same, and the old one is said to be open", async () => {
  await show(aLink());
  isStuck = true;
  press("New link in its place");
  await says("271828", "It is not shown again");
  expect(toast.said?.text).toBe("This is the new link. The old one is still open. Revoke it below.");
  expect(shares.live).toHaveLength(2);
});

test("two taps make one new link", async () => {
  await show(aLink());
  const button = [...document.querySelectorAll("button")].find((each) => each.textContent.trim() === "New link in its place");
  button?.click();
  button?.click();
  flushSync();
  expect(button?.disabled).toBe(true);
  await says("271828", "Revoked on");
  expect(puts()).toHaveLength(1);
});

test.each([
  ["Open until", {}, true],
  ["Revoked on", { revoked_at: inDays(-1) }, false],
  ["Ended on", { expires_at: inDays(-1) }, false],
  ["Used up: opened as often as you allowed.", { max_openings: 1, openings: 1 }, false],
  ["Closed for good after too many wrong passcodes.", { passcode_tries_left: 0 }, false],
] as const)("%s: a link says what it is by now, and who opened it whatever it is", async (standing, facts, isOpen) => {
  const at = new Date(2026, 10, 21, 9, 5).toISOString();
  accesses = ["photo", "report", "opened"].map((what) => ({ at, what, recipient: "", reader: "b" }));
  await show(aLink(facts));
  await says(standing);
  if (!isOpen) expect(text()).not.toContain("Open until");
  expect(buttons().includes("7 days more")).toBe(isOpen);
  press("Who opened it");
  await says(dateAndTime(at), "opened it, took the PDF, looked at a photo");
});

test("wrong passcodes are told while the link is still open", async () => {
  await show(aLink({ passcode_tries_left: 2 }));
  await says("2 more and the link closes for good");
});

test("an app that starts on this screen asks for the links once it knows who is signed in", async () => {
  session.status = "unknown";
  links = [aLink({ openings: 1 })];
  part = mount(Share, { target: document.body, props: { id: lump.id } });
  flushSync();
  expect(text()).not.toContain("Opened 1 time");
  session.status = "signed_in";
  await says("Opened 1 time");
});

test("nobody has opened it, and that is said", async () => {
  await show(aLink());
  press("Who opened it");
  await says("Nobody has opened it yet.");
});

test("a link stays open longer: the same link, seven days more", async () => {
  const link = aLink({ label: "GP" });
  await show(link);
  press("7 days more");
  await vi.waitFor(() => expect(toast.said?.text).toBe("It stays open longer."), PATIENCE);
  const until = new Date(Date.parse(link.expires_at) + 7 * DAY_MS).toISOString();
  expect(puts()).toMatchObject([{ label: "GP", lumps: [lump.id], expires_at: until }]);
  expect(links.map(({ id }) => id)).toEqual(["l1"]);
});

test("a link is revoked: it says so, shows nothing that opens it, and can neither be made longer nor revoked again", async () => {
  await (await lock.db).put("cache", [{ ...aLink(), ...SECRETS }], "shares");
  await shares.load();
  await show(aLink());
  await says("01234 56789");
  press("Revoke");
  await says("Revoked on");
  expect(sent).toContainEqual({ method: "DELETE", path: "share-links/l1/", body: {} });
  expect(buttons()).toEqual(["Who opened it"]);
  expect(await keptHere()).not.toContain(SECRETS.code);
});
