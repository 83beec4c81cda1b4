// @vitest-environment happy-dom
import { flushSync, mount, unmount, type Component } from "svelte";
import { afterEach, expect, test, vi } from "vitest";
import { addDays, dayOf } from "../../domain/dates";
import type { Care, Id, Lump } from "../../domain/record";
import { router } from "../../parts/router.svelte";
import { toast } from "../../parts/toast.svelte";
import { advice, record } from "../../state";
import CareScreen from "../Care.svelte";
import LumpScreen from "../Lump.svelte";
import Timeline from "./Timeline.svelte";

const PATIENCE = { timeout: 8_000 };
vi.setConfig({ testTimeout: 30_000 }); // on a busy machine the judgement takes a while to load
const PLAN = "Scan, then call.";
let part: ReturnType<typeof mount> | null = null;

afterEach(async () => {
  if (part) await unmount(part);
  part = null;
  document.body.innerHTML = "";
  toast.clear();
});

/** Ada's lump after somebody with her link wrote back. */
async function writtenBack(said: Partial<Care> = {}): Promise<{ lump: Lump; care: Id }> {
  const lump = (await record.saveLump({ site: "calf", side: "left" })).saved;
  const care = crypto.randomUUID(); // made by the server from the link: no moment is written in it
  await record.saveCare({ id: care, lump: lump.id, on: "2026-10-02", kind: "seen", outcome: PLAN, review_on: "2099-11-02", by: "clinician", confirmed: false, ...said });
  return { lump, care };
}
const written = (lump: Lump): Care | undefined => record.care(lump.id)[0];

function show(screen: Component<never>, props: Record<string, unknown>): void {
  part = mount(screen as Component<Record<string, unknown>>, { target: document.body, props });
  flushSync();
}
const showTimeline = (lump: Lump): void => show(Timeline, { lump });
const all = (kind: string): HTMLElement[] => [...document.querySelectorAll<HTMLElement>(kind)];
const named = (kind: string, name: string): HTMLElement | undefined => all(kind).find((each) => each.textContent.trim() === name);
function press(name: string): void {
  const found = named("button", name);
  if (!found) throw new Error(`no button ${name}`);
  found.click();
}
const waitFor = (what: () => void): Promise<void> =>
  vi.waitFor(() => {
    flushSync();
    what();
  }, PATIENCE);

test("an entry that nobody confirmed says who wrote it and asks; yes makes it count, and Undo takes the yes back", async () => {
  const { lump } = await writtenBack();
  showTimeline(lump);
  const group = document.querySelector("[role=group]");
  expect(document.getElementById(group?.getAttribute("aria-labelledby") ?? "")?.textContent).toBe("Written by somebody who opened your link. Is this right?");
  expect(document.body.textContent).toContain(`They wrote: ${PLAN}`);
  expect(document.body.textContent).not.toContain("What you were told");
  press("Yes, this is right");
  await waitFor(() => expect(written(lump)).toMatchObject({ confirmed: true, by: "clinician", outcome: PLAN }));
  await waitFor(() => expect(document.body.textContent).toContain("written by a clinician"));
  expect(document.querySelector("[role=group]")).toBeNull();
  await toast.said?.undo?.();
  await waitFor(() => expect(named("button", "Yes, this is right")).toBeDefined());
});

test("what is not right is removed, with Undo", async () => {
  const { lump } = await writtenBack();
  showTimeline(lump);
  press("Not right: remove it");
  await waitFor(() => expect(record.care(lump.id)).toEqual([]));
  await toast.said?.undo?.();
  await waitFor(() => expect(written(lump)).toMatchObject({ confirmed: false, outcome: PLAN }));
});

test("what is not right is changed: from then on it is the owner's own word, and counts", async () => {
  const { lump, care } = await writtenBack();
  showTimeline(lump);
  expect(named("a", "Not right: change it")?.getAttribute("href")).toBe(`#/care/${lump.id}/${care}`);
  if (part) await unmount(part);
  vi.spyOn(router, "finish").mockImplementation(() => undefined);
  show(CareScreen, { id: lump.id, part: care });
  expect(document.querySelector("h1")?.textContent).toContain("Change this entry");
  const outcome = document.querySelector("textarea");
  expect(outcome?.value).toBe(PLAN);
  if (outcome) outcome.value = "Call first.";
  outcome?.dispatchEvent(new Event("input", { bubbles: true }));
  flushSync();
  press("Save");
  await waitFor(() => expect(written(lump)).toMatchObject({ id: care, kind: "seen", on: "2026-10-02", outcome: "Call first.", review_on: "2099-11-02", by: "person", confirmed: true }));
});

test.each([false, true])("who logs for the owner is not offered a clinician's words to change (confirmed: %s)", async (confirmed) => {
  const { lump, care } = await writtenBack({ confirmed });
  await record.savePerson({ id: lump.person, role: "logger" });
  showTimeline(lump);
  expect(document.body.textContent).toContain(PLAN);
  expect(all(`button, a[href="#/care/${lump.id}/${care}"]`).map((each) => each.textContent)).toEqual([]);
  if (part) await unmount(part);
  show(CareScreen, { id: lump.id, part: care });
  expect(document.querySelector("textarea")).toBeNull();
  await record.savePerson({ id: lump.person, role: "owner" });
});

test("a lump with a clinician's words in it is an owner's to delete", async () => {
  const { lump, care } = await writtenBack({ confirmed: true });
  show(LumpScreen, { id: lump.id });
  expect(named("button", "Delete this lump")).toBeDefined();
  await record.savePerson({ id: lump.person, role: "logger" });
  await waitFor(() => expect(named("button", "Delete this lump")).toBeUndefined());
  await record.delete("care", care);
  await waitFor(() => expect(named("button", "Delete this lump")).toBeDefined());
  await record.savePerson({ id: lump.person, role: "owner" });
});

test("until it is confirmed it mutes no advice on this phone, and from then on it does", async () => {
  const today = dayOf(new Date());
  const { lump, care } = await writtenBack({ on: today });
  await record.saveLump({ id: lump.id, first_noticed_on: addDays(today, -90) });
  await record.saveObservation({ lump: lump.id, length_mm: 12, method: "ruler", signs: { trend: "same" } });
  const judged = async (): Promise<string | null> => {
    await advice.judge(record.lump(lump.id) ?? lump);
    return advice.level(lump.id);
  };
  expect(await judged()).toBe("routine");
  await record.saveCare({ id: care, confirmed: true });
  expect(await judged()).toBe("watch");
});

test("the lump's screen points to what waits, and leads there", async () => {
  const { lump, care } = await writtenBack();
  show(LumpScreen, { id: lump.id });
  expect(document.body.textContent).toContain("Somebody with your link wrote something. Is it right?");
  press("Look at it");
  expect(document.activeElement?.id).toBe(`asked-${care}`);
  await record.saveCare({ id: care, confirmed: true });
  await waitFor(() => expect(named("button", "Look at it")).toBeUndefined());
});
