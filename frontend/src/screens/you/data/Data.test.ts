// @vitest-environment happy-dom
import { flushSync, mount, unmount } from "svelte";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { learnData } from "../../../texts/data";
import BringIn from "./BringIn.svelte";
import Erased from "./Erased.svelte";
import Kept from "./Kept.svelte";
import TakeOut from "./TakeOut.svelte";

const PATIENCE = { timeout: 8_000 };
const NONE = { new: 0, same: 0, different: 0, restored: 0 };
const COUNTS = {
  ...NONE,
  by_kind: { person: NONE, lump: NONE, observation: NONE, care: NONE, photo: NONE },
  problems: [],
  more_problems: 0,
  others: 0,
  questions: [] as object[],
};
const MADE = { id: "e1", done: 0, total: null, created_at: "2026-11-22T10:00:00Z", expires_at: "2026-11-24T10:00:00Z", size_bytes: 0, code: "" };
let part: ReturnType<typeof mount> | null = null;
let asked: { method: string; path: string; form: FormData | null }[] = [];
let answers: Record<string, object | object[]> = {};

beforeEach(async () => {
  await learnData("en");
  asked = [];
  answers = {};
  vi.spyOn(globalThis, "fetch").mockImplementation((address, options) => {
    const method = options?.method ?? "GET";
    const path = (address as string).replace("/api/v1/", "");
    asked.push({ method, path, form: options?.body instanceof FormData ? options.body : null });
    const answer = answers[`${method} ${path}`];
    return Promise.resolve(new Response(JSON.stringify(answer ?? {}), { status: answer ? 200 : 404 }));
  });
});
afterEach(async () => {
  if (part) await unmount(part);
  document.body.innerHTML = "";
});

const text = (): string => document.body.textContent;
async function says(...words: string[]): Promise<void> {
  await vi.waitFor(() => {
    flushSync();
    for (const word of words) expect(text()).toContain(word);
  }, PATIENCE);
}
function button(name: string): HTMLButtonElement {
  const found = [...document.querySelectorAll("button")].find((each) => each.textContent.trim() === name);
  if (!found) throw new Error(`no button ${name}`);
  return found;
}
const press = (name: string): void => {
  button(name).click();
  flushSync();
};
function choose(label: string): void {
  const found = [...document.querySelectorAll("label")].find((each) => each.textContent.trim() === label)?.querySelector("input");
  if (!found) throw new Error(`no choice ${label}`);
  found.click();
  flushSync();
}
function give(file: File): void {
  const input = document.querySelector<HTMLInputElement>("input[type=file]");
  if (!input) throw new Error("no place for a file");
  Object.defineProperty(input, "files", { value: [file], configurable: true });
  input.dispatchEvent(new Event("change", { bubbles: true }));
}

test("a ZIP is asked for, watched and fetched", async () => {
  answers["GET export/"] = [];
  answers["POST export/"] = { ...MADE, state: "waiting" };
  part = mount(TakeOut, { target: document.body });
  await says("Make a ZIP");
  answers["GET export/"] = [{ ...MADE, state: "working", done: 2, total: 6 }];
  press("Make a ZIP");
  await says("Making it: 2 of 6");
  answers["GET export/"] = [{ ...MADE, state: "ready", done: 6, total: 6, size_bytes: 2_400_000 }];
  await says("Download (2.4 MB)", "Whoever has the file can read it");
  const followed: string[] = [];
  vi.spyOn(HTMLAnchorElement.prototype, "click").mockImplementation(function (this: HTMLAnchorElement) {
    followed.push(this.href);
  });
  const fetchIt = [...document.querySelectorAll("button")].find((each) => each.textContent.startsWith("Download"));
  answers["GET export/e1/?fetch=true"] = MADE;
  fetchIt?.click();
  await vi.waitFor(() => expect(followed.map((href) => new URL(href).pathname)).toEqual(["/api/v1/export/e1/file/"]), PATIENCE);
});

test("a file is looked at first, what it leaves open is asked, and only then it is brought in", async () => {
  const found = { ...COUNTS, new: 2, by_kind: { ...COUNTS.by_kind, observation: { ...NONE, new: 2 } }, problems: [{ where: "line 4", code: "invalid", message: "“soon” is no day.", fields: {} }] };
  answers["POST import/?preview=1"] = { ...found, questions: [{ name: "date_order", choices: ["day_first", "month_first"], example: "05/09/2025" }] };
  part = mount(BringIn, { target: document.body });
  flushSync();
  give(new File(["date"], "mine.csv"));
  await says("Is 05/09/2025 written with the day or the month first?", "New: 2", "Not brought in: 1", "line 4");
  expect(button("Bring it in").disabled).toBe(true);
  answers["POST import/?preview=1"] = found;
  choose("Day first");
  await vi.waitFor(() => expect(button("Bring it in").disabled).toBe(false), PATIENCE);
  choose("Month first"); // who answered wrongly says it again
  await vi.waitFor(() => expect(asked.filter(({ form }) => form?.get("date_order") === "month_first")).toHaveLength(1), PATIENCE);
  await vi.waitFor(() => expect(button("Bring it in").disabled).toBe(false), PATIENCE);
  answers["POST import/"] = { ...found, id: "i1", state: "working", done: 0, total: 1 };
  answers["GET import/i1/"] = { ...found, id: "i1", state: "ready", done: 1, total: 1 };
  press("Bring it in");
  await says("Done. New: 2");
  const sent = asked.find(({ method, path }) => method === "POST" && path === "import/")?.form;
  expect(sent?.get("date_order")).toBe("month_first");
  expect(sent?.get("different")).toBe("keep");
});

test("where a file differs, what is here stays unless somebody says otherwise", async () => {
  answers["POST import/?preview=1"] = { ...COUNTS, different: 1, restored: 1 };
  answers["POST import/"] = { ...COUNTS, id: "i1", state: "failed", done: 0, total: 1, code: "unreadable" };
  part = mount(BringIn, { target: document.body });
  flushSync();
  give(new File(["PK"], "a.zip"));
  await says("Keep what is here", "Bring back what was deleted here");
  choose("Take what is in the file");
  document.querySelector<HTMLInputElement>("input[type=checkbox]")?.click();
  flushSync();
  press("Bring it in");
  await says("This file could not be brought in.");
  const sent = asked.find(({ method, path }) => method === "POST" && path === "import/")?.form;
  expect([sent?.get("different"), sent?.get("deleted")]).toEqual(["take", "leave"]);
});

test("a file that holds nothing new cannot be brought in", async () => {
  answers["POST import/?preview=1"] = { ...COUNTS, same: 5 };
  part = mount(BringIn, { target: document.body });
  flushSync();
  give(new File(["PK"], "a.zip"));
  await says("There is nothing new in this file.");
  expect(text()).not.toContain("Bring it in");
});

test("receipts tell when and how many", async () => {
  answers["GET erasures/"] = { next: null, results: [{ id: "r1", kind: "lump", at: "2026-11-22T10:00:00Z", counts: { lumps: 1, checks: 7 } }] };
  part = mount(Erased, { target: document.body });
  await says("A lump", "Lumps: 1 · Checks: 7", "Receipt r1");
});

test("what is kept is the server's own list", async () => {
  answers["GET retention/"] = [{ name: "exports", what: "Exports that you asked for", why: "So that you can fetch them.", until: "days", days: 2, stored: { "tracking.Export": ["user"] } }];
  part = mount(Kept, { target: document.body });
  await says("Exports that you asked for", "For 2 days", "tracking.Export: user");
});
