// @vitest-environment happy-dom
import { flushSync, mount, unmount } from "svelte";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import type { HelperLink } from "../../api/types";
import type { Lump } from "../../domain/record";
import { toast } from "../../parts/toast.svelte";
import { helping, lock, outbox, record } from "../../state";
import Helper from "./Helper.svelte";

const PATIENCE = { timeout: 8_000 };
vi.setConfig({ testTimeout: 30_000 }); // on a busy machine
const SECRETS = { url: "https://example.org/s/help/#secret", code: "0123456789" };

/** The server's side: what it keeps of a link is never what opens it. */
let links: HelperLink[] = [];
let sent: { method: string; path: string; body: Record<string, unknown> }[] = [];
let lump: Lump;
/** What the server answers to everything, where it does not serve. */
let refusal: Response | null = null;
let part: ReturnType<typeof mount> | null = null;

const aLink = (facts: Partial<HelperLink> = {}): HelperLink => ({ id: "h1", lump: lump.id, like: null, expires_at: "2026-11-22T10:00:00Z", taken_at: null, state: "open", ...facts });
const become = (state: HelperLink["state"]): void => void (links = links.map((link) => ({ ...link, state })));

function answer(method: string, path: string, body: Record<string, unknown>): Response {
  if (refusal) return refusal.clone();
  const [, id = "", keep] = /^helper-links\/([^/?]*)\/?(keep)?/.exec(path) ?? [];
  const old = links.find((link) => link.id === id);
  if (method === "DELETE" && old) become(old.state === "arrived" ? "refused" : "over");
  if (method === "DELETE") return new Response(null, { status: 204 });
  if (keep) become("kept");
  if (keep) return Response.json({}, { status: 201 });
  if (method === "GET") return Response.json({ results: links });
  const made = aLink({ id, ...body });
  links = [made, ...links];
  return Response.json({ ...made, ...SECRETS }, { status: 201 });
}

beforeEach(async () => {
  lump = (await record.saveLump({ site: "calf", side: "left" })).saved;
  [links, sent, refusal] = [[], [], null];
  vi.stubGlobal("fetch", async (address: string, { method = "GET", body: said = "{}" }: { method?: string; body?: string } = {}) => {
    const path = address.replace("/api/v1/", "");
    if (!path.startsWith("helper-links/")) return Response.json({ results: [] });
    const body = JSON.parse(said) as Record<string, unknown>;
    sent.push({ method, path, body });
    return answer(method, path, body);
  });
});
afterEach(async () => {
  if (part) await unmount(part);
  part = null;
  document.body.innerHTML = "";
  toast.clear();
  await record.delete("lump", lump.id);
});

async function show(...kept: HelperLink[]): Promise<void> {
  links = kept;
  helping.links = [];
  part = mount(Helper, { target: document.body, props: { lump: lump.id } });
  await vi.waitFor(() => {
    flushSync();
    expect(helping.links).toHaveLength(kept.length);
  }, PATIENCE);
}
async function says(...words: string[]): Promise<void> {
  await vi.waitFor(() => {
    flushSync();
    for (const word of words) expect(document.body.textContent).toContain(word);
  }, PATIENCE);
}
async function saysNoMore(word: string): Promise<void> {
  await vi.waitFor(() => {
    flushSync();
    expect(document.body.textContent).not.toContain(word);
  }, PATIENCE);
}
function press(name: string): void {
  const found = [...document.querySelectorAll("button")].find((each) => each.textContent.trim() === name);
  if (!found) throw new Error(`no button ${name}`);
  found.click();
  flushSync();
}
const puts = (): Record<string, unknown>[] => sent.filter(({ method }) => method === "PUT").map(({ body }) => body);
const tick = (): HTMLInputElement | null => document.querySelector("input[type=checkbox]");

test("a link is made: a code to scan and the same to say, kept nowhere on the phone", async () => {
  await show();
  press("Make a code for a helper");
  await says("Let them scan this", "01234 56789");
  await vi.waitFor(() => expect(document.querySelector("article svg path")).not.toBeNull(), PATIENCE);
  expect(puts()).toEqual([{ lump: lump.id, like: null }]);
  const db = await lock.db;
  const kept = JSON.stringify(await Promise.all([...db.objectStoreNames].map((name) => db.getAll(name))));
  expect(kept).toContain(lump.id);
  for (const secret of [SECRETS.code, "#secret"]) expect(kept).not.toContain(secret);
});

test("after the screen was left the code is not shown again, only that it waits, and it can still be ended", async () => {
  await show(aLink());
  await says("A code made earlier still waits for its photo.");
  expect(document.body.textContent).not.toContain("Let them scan this");
  press("Revoke");
  await saysNoMore("A code made earlier");
  expect(sent.filter(({ method }) => method === "DELETE").map(({ path }) => path)).toEqual(["helper-links/h1/"]);
});

test("once it was used the owner sees the photo, and their yes puts it among the others", async () => {
  const flush = vi.spyOn(outbox, "flush").mockImplementation(() => undefined);
  await show(aLink());
  become("arrived");
  press("Has it come?");
  await says("The photo has come");
  expect(document.querySelector("img")?.getAttribute("src")).toBe("/api/v1/helper-links/h1/photo/");
  flush.mockClear(); // what was saved before is none of this
  press("Keep it");
  await vi.waitFor(() => expect(toast.said?.text).toBe("Kept. It is among your photos."), PATIENCE);
  await saysNoMore("The photo has come");
  expect(sent.map(({ method, path }) => `${method} ${path}`)).toContain("POST helper-links/h1/keep/");
  expect(flush).toHaveBeenCalledTimes(1); // what the server made of it is fetched
  flush.mockRestore();
});

test("a photo that is not wanted is thrown away", async () => {
  await show(aLink({ state: "arrived" }));
  await says("The photo has come");
  press("Throw it away");
  await saysNoMore("The photo has come");
  expect(links.map(({ state }) => state)).toEqual(["refused"]);
});

test("what the server does not end still stands there, and why is said", async () => {
  await show(aLink());
  await says("A code made earlier");
  refusal = Response.json({ code: "server_error", message: "Not now." }, { status: 500 });
  press("Revoke");
  await vi.waitFor(() => expect(toast.said?.text).toBeTruthy(), PATIENCE);
  expect(toast.said?.text).not.toBe("Gone.");
  expect(document.body.textContent).toContain("A code made earlier");
});

test("a link of another lump, and one that is over, are not listed", async () => {
  await show(aLink({ id: "h2", lump: "another" }), aLink({ id: "h3", state: "over" }), aLink({ id: "h4", state: "kept" }));
  flushSync();
  expect(document.querySelectorAll("article")).toHaveLength(0);
});

/** A photo in the record, and whether the server has it. */
async function photographed(state: "waiting" | "ready"): Promise<string> {
  const check = (await record.saveObservation({ lump: lump.id, length_mm: 12, method: "ruler" })).saved;
  const id = crypto.randomUUID();
  const photo = { id, observation: check.id, taken_at: null, sha256: null, width: null, height: null, mm_per_px: null, marks: [], state };
  vi.spyOn(record, "photos").mockReturnValue([photo]);
  return id;
}

test("the last photo goes along where it is no intimate place, and stays where the person says so", async () => {
  const photo = await photographed("ready");
  await show();
  expect(tick()?.checked).toBe(true);
  press("Make a code for a helper");
  await says("Let them scan this");
  tick()?.click();
  flushSync();
  press("Make a code for a helper");
  await vi.waitFor(() => expect(puts()).toEqual([{ lump: lump.id, like: photo }, { lump: lump.id, like: null }]), PATIENCE);
  vi.mocked(record.photos).mockRestore();
});

test("of an intimate place it stays unless it is ticked", async () => {
  await record.saveLump({ id: lump.id, site: "groin" });
  await photographed("ready");
  await show();
  expect(tick()?.checked).toBe(false);
  vi.mocked(record.photos).mockRestore();
});

test("a photo that has not reached the server cannot go along", async () => {
  await photographed("waiting");
  await show();
  expect(tick()).toBeNull();
  press("Make a code for a helper");
  await says("Let them scan this");
  expect(puts()).toEqual([{ lump: lump.id, like: null }]);
  vi.mocked(record.photos).mockRestore();
});
