// @vitest-environment happy-dom
import { flushSync, mount, unmount } from "svelte";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { BLANK, type Photo } from "../../domain/record";
import { ghostMark, overMark, STRAIGHT } from "../../parts/camera/laying";
import { pictures, record } from "../../state";
import { learnCamera } from "../../texts/camera";
import Compare from "./Compare.svelte";

vi.mock("../../parts/camera/pixels", async (load) => ({ ...(await load<object>()), loaded: () => Promise.resolve({}), extentOf: () => ({ width: 400, height: 300 }) }));
vi.setConfig({ testTimeout: 30_000 });
const PATIENCE = { timeout: 8_000 };
let part: ReturnType<typeof mount>;
let asked: Set<string>;

beforeEach(async () => {
  await learnCamera("en");
  asked = new Set();
  vi.spyOn(pictures, "large").mockImplementation((photo) => {
    asked.add(photo);
    return `blob:${photo}`;
  });
});
afterEach(async () => {
  await unmount(part);
  vi.restoreAllMocks();
  document.body.innerHTML = "";
});

/** So many photos, one a day; `p1` is the oldest. */
async function opened(count: number, more: (photo: Photo, number: number) => Partial<Photo> = () => ({})): Promise<void> {
  const { saved: lump } = await record.saveLump({ site: "calf" });
  const { saved: check } = await record.saveObservation({ lump: lump.id, signs: {}, length_mm: 18, method: "ruler" });
  const photos = Array.from({ length: count }, (_, index): Photo => {
    const taken_at = new Date(Date.UTC(2026, 8, 1 + index, 12)).toISOString();
    const photo: Photo = { id: `p${index + 1}`, ...BLANK.photo, state: "ready", observation: check.id, taken_at };
    return { ...photo, ...more(photo, index + 1) };
  });
  vi.spyOn(record, "photos").mockReturnValue(photos.reverse());
  part = mount(Compare, { target: document.body, props: { id: lump.id } });
  await seen(() => expect(document.querySelector("select")).not.toBeNull());
}
const seen = (what: () => void): Promise<void> =>
  vi.waitFor(() => {
    flushSync();
    what();
  }, PATIENCE);
const text = (): string => document.body.textContent;
const select = (index: number): HTMLSelectElement => document.querySelectorAll("select")[index] as HTMLSelectElement; // there are two
const isOffered = (name: string): boolean => [...document.querySelectorAll("button")].some((each) => each.textContent.trim() === name);

test("of twenty-five photos each can be chosen, and only the two that are shown are loaded", async () => {
  await opened(25);
  expect([...select(0).options].map(({ value }) => value)).toEqual(Array.from({ length: 25 }, (_, index) => `p${index + 1}`));
  expect([...asked].sort()).toEqual(["p24", "p25"]);
  select(0).value = "p1";
  select(0).dispatchEvent(new Event("change", { bubbles: true }));
  await seen(() => expect(document.querySelector('img[src="blob:p1"]')).not.toBeNull());
  expect([...asked].sort()).toEqual(["p1", "p24", "p25"]);
  expect(document.querySelectorAll("tbody tr")).toHaveLength(25);
});

test("the strip of more photos than a phone can hold is the first one and the latest", async () => {
  await opened(30, () => ({ mm_per_px: 0.1 }));
  [...document.querySelectorAll("label")].find((each) => each.textContent.trim() === "One scale")?.querySelector("input")?.click();
  await seen(() => expect(document.querySelectorAll("svg image")).toHaveLength(24));
  const shown = [...document.querySelectorAll("svg image")].map((each) => each.getAttribute("href"));
  expect([shown[0], shown[1], shown.at(-1)]).toEqual(["blob:p1", "blob:p8", "blob:p30"]);
  expect(text()).toContain("the first photo and the 23 latest");
  expect(text()).not.toContain("Left out");
});

test.each([
  ["under the ghost", [ghostMark("p1")], "Taken with the earlier photo lying over it."],
  ["by hand", [overMark("p1", STRAIGHT)], "Lined up by hand."],
  ["not at all", [], "Not lined up yet."],
] as const)("how two photos were brought over each other is said: %s", async (_, marks, said) => {
  await opened(2, (_photo, number) => (number === 2 ? { marks: [...marks] } : {}));
  await seen(() => expect(text()).toContain(said));
});

test("what was measured in both lines them up better than the ghost did", async () => {
  const ends = (x: number): object[] => [
    { kind: "length", points: [{ x, y: 100 }, { x: x + 100, y: 100 }] },
    { kind: "reference", reference: "card", points: [{ x, y: 200 }, { x: x + 80, y: 200 }, { x: x + 80, y: 250 }, { x, y: 250 }] },
  ];
  await opened(2, (_photo, number) => ({ mm_per_px: 0.1, marks: number === 2 ? [ghostMark("p1"), ...ends(120)] : ends(60) }));
  await seen(() => expect(text()).toContain("Lined up by what was measured in both."));
});

test("who may only look is not offered to line them up", async () => {
  await opened(2);
  await seen(() => expect(isOffered("Line up by hand")).toBe(true));
  await unmount(part);
  document.body.innerHTML = "";
  vi.spyOn(record, "mayLog").mockReturnValue(false);
  await opened(2);
  await seen(() => expect(document.querySelector("img")).not.toBeNull());
  expect(isOffered("Line up by hand")).toBe(false);
});
