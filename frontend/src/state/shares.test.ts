// @vitest-environment happy-dom
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import type { ShareLink } from "../api/types";
import { lock } from "./index";
import { Shares } from "./shares.svelte";

const DAY_MS = 86_400_000;
const inDays = (days: number): string => new Date(Date.now() + days * DAY_MS).toISOString();
const SECRETS = { url: "https://example.org/s/#shlink:/abc", code: "0123456789" };
const WISH = { lumps: ["lump"] };

/** The server's links, and the answers that it has not sent yet: each as things stood when it was asked. */
let links: ShareLink[];
let slow: "GET" | "PUT" | null;
let waiting: (() => void)[];

function aLink(facts: Partial<ShareLink>): ShareLink {
  const limits = { passcode_tries_left: 5, openings: 0, max_openings: null, expires_at: inDays(3), revoked_at: null };
  const shown = { lumps: ["lump"], photos: true, intimate_photos: false, write_back: false, names: false, label: "" };
  return { id: "l1", created_at: inDays(-1), has_passcode: true, ...limits, ...shown, ...facts };
}

function answer(method: string, id: string, body: Partial<ShareLink>): Response {
  const old = links.find((link) => link.id === id);
  if (method === "GET") return Response.json({ results: links });
  const now = method === "DELETE" ? { revoked_at: inDays(0) } : body;
  const put = { ...(old ?? aLink({ id })), ...now };
  links = [put, ...links.filter((link) => link !== old)];
  return method === "DELETE" ? new Response(null, { status: 204 }) : Response.json(old ? put : { ...put, ...SECRETS });
}

beforeEach(() => {
  [links, slow, waiting] = [[], null, []];
  vi.stubGlobal("fetch", async (address: string, { method = "GET", body = "{}" }: { method?: string; body?: string } = {}) => {
    const [, id = ""] = /share-links\/([^/?]*)/.exec(address) ?? [];
    const said = answer(method, id, JSON.parse(body) as Partial<ShareLink>);
    if (method === slow) await new Promise<void>((sent) => waiting.push(sent));
    return said;
  });
});
afterEach(() => vi.unstubAllGlobals());

/** The server did `first`, but its answer is there only after all of `then`. */
async function answeredAfter(method: "GET" | "PUT", first: () => Promise<unknown>, then: () => Promise<unknown>): Promise<void> {
  slow = method;
  const answered = first();
  await vi.waitFor(() => expect(waiting).toHaveLength(1));
  slow = null;
  await then();
  waiting.forEach((send) => send());
  await answered;
}

test("a link made while an older list was on its way stays, with what opens it", async () => {
  const shares = new Shares(lock.db);
  await answeredAfter("GET", () => shares.refresh(), () => shares.create(WISH));
  expect(shares.links).toMatchObject([SECRETS]);
  await shares.refresh();
  expect(shares.links).toMatchObject([SECRETS]);
});

test("a link revoked while an older list was on its way stays revoked", async () => {
  const shares = new Shares(lock.db);
  const { id } = await shares.create(WISH);
  await answeredAfter("GET", () => shares.refresh(), () => shares.revoke(id));
  expect(shares.live).toEqual([]);
});

test("a link that a list told of before its own answer was there is one link, with what opens it", async () => {
  const shares = new Shares(lock.db);
  await answeredAfter("PUT", () => shares.create(WISH), () => shares.refresh());
  expect(shares.links).toMatchObject([SECRETS]);
});

test("seven days more never make a link shorter, whatever the phone's clock says", async () => {
  const expires_at = inDays(92); // by a clock two days behind
  links = [aLink({ expires_at })];
  const shares = new Shares(lock.db);
  await shares.refresh();
  await shares.extend(links[0] ?? aLink({}), 7);
  expect(shares.links).toMatchObject([{ expires_at }]);
});

test("a link that another device took away goes with the next list", async () => {
  const shares = new Shares(lock.db);
  await shares.create(WISH);
  links = [];
  await shares.refresh();
  expect(shares.links).toEqual([]);
});
