// @vitest-environment happy-dom
import { flushSync, mount, tick, unmount } from "svelte";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import type { Measuring } from "../../photo/shot";
import { learnCamera } from "../../texts/camera";
import MeasureIn from "./MeasureIn.svelte";

/** The picture is shown 320 wide: four of its pixels are one of the screen. */
const PICTURE = { url: "blob:picture", width: 1280, height: 960 };
const SCREEN = { clientWidth: 320, clientHeight: 240 };
const PATIENCE_MS = 8_000;
const BUSY_MACHINE = { timeout: 30_000 };
let part: ReturnType<typeof mount>;
let done: Measuring | null = null;

beforeEach(async () => {
  await learnCamera("en");
  for (const [name, value] of Object.entries(SCREEN)) vi.spyOn(HTMLElement.prototype, name as "clientWidth", "get").mockReturnValue(value);
  done = null;
  part = mount(MeasureIn, { target: document.body, props: { picture: PICTURE, region: "GB", kept: [{ kind: "cropped" }], ondone: (measuring: Measuring) => (done = measuring) } });
  flushSync();
});
afterEach(async () => {
  await unmount(part);
  document.body.innerHTML = "";
});

const buttons = (): HTMLButtonElement[] => [...document.querySelectorAll("button")];
const button = (name: string): HTMLButtonElement => {
  const found = buttons().find((each) => (each.getAttribute("aria-label") ?? each.textContent).trim().startsWith(name));
  if (!found) throw new Error(`no button ${name}`);
  return found;
};
function choose(label: string): void {
  const found = [...document.querySelectorAll("label")].find((each) => each.textContent.trim() === label);
  (found?.querySelector("input") ?? document.getElementById(found?.htmlFor ?? ""))?.click();
  flushSync();
}
const arrow = (name: string, key: string): void => {
  button(name).dispatchEvent(new KeyboardEvent("keydown", { key, bubbles: true, cancelable: true }));
  flushSync();
};
/** There and back: set where it lies. */
function set(...names: string[]): void {
  for (const name of names) for (const key of ["ArrowRight", "ArrowLeft"]) arrow(name, key);
}
async function settled(): Promise<void> {
  await vi.waitFor(() => {
    flushSync();
    if (button("Next: the lump").disabled) throw new Error("not yet");
  }, PATIENCE_MS);
}
const LENGTH = ["Longest, one end", "Longest, other end"];

test("a ruler's two marks and the lump's ends, set by keys, give millimetres that say how sure they are", BUSY_MACHINE, async () => {
  choose("Ruler");
  expect(button("Next: the lump").disabled).toBe(true);
  set("Mark 1", "Mark 2");
  await settled();
  button("Next: the lump").click();
  flushSync();
  expect(button("Use this size").disabled).toBe(true);
  set(...LENGTH);
  button("Use this size").click();
  await tick();
  const pixelsPerMm = (2 * 0.18 * 960) / 50;
  expect(done?.size?.length_mm).toBeCloseTo((2 * 0.12 * 960) / pixelsPerMm, -1);
  expect(done?.size?.uncertainty_mm).toBeGreaterThan(0.5);
  expect(done?.size?.width_mm).toBeNull(); // nobody set its ends
  expect(done?.marks.map(({ kind }) => kind)).toEqual(expect.arrayContaining(["cropped", "reference", "length"]));
});

test("measured once more it is the middle of the readings, each set anew, until there are five", BUSY_MACHINE, async () => {
  choose("Ruler");
  set("Mark 1", "Mark 2");
  await settled();
  button("Next: the lump").click();
  flushSync();
  for (let count = 1; count < 5; count += 1) {
    expect(button("Measure once more").disabled).toBe(true); // its ends are not set yet
    set(...LENGTH);
    for (let step = 0; step < 10 * count; step += 1) arrow(LENGTH[1] ?? "", "ArrowRight");
    button("Measure once more").click();
    flushSync();
    expect(document.body.textContent).toContain(count === 1 ? "1 reading so far" : `${count} readings so far`);
  }
  set(...LENGTH);
  expect(button("Measure once more").disabled).toBe(true); // five are enough
  button("Use this size").click();
  await tick();
  const readings = done?.size?.readings_mm ?? [];
  expect(readings).toHaveLength(5);
  expect(new Set(readings).size).toBeGreaterThan(2);
  expect(done?.size?.length_mm).toBe([...readings].sort((one, two) => one - two)[2]);
  expect(done?.marks.filter(({ kind }) => kind === "length")).toHaveLength(1); // of the last one
});

test("points that nobody has set are no measure", BUSY_MACHINE, async () => {
  choose("Bank card");
  set("Corner 1", "Corner 2", "Corner 3");
  expect(document.body.textContent).toContain("Set every point.");
  set("Corner 4");
  expect(document.body.textContent).not.toContain("Set every point.");
  await settled();
});

/** As somebody who chooses or types it. */
function said(tag: "select" | "input[inputmode]", value: string): void {
  const field = document.querySelector<HTMLInputElement | HTMLSelectElement>(tag);
  if (!field) throw new Error(`no ${tag}`);
  field.value = value;
  field.dispatchEvent(new Event(tag === "select" ? "change" : "input", { bubbles: true }));
  flushSync();
}
async function toLump(): Promise<void> {
  await settled();
  button("Next: the lump").click();
  flushSync();
}
function readOnce(): void {
  set(...LENGTH);
  button("Measure once more").click();
  flushSync();
}

test.each(["ruler", "coin"] as const)("readings by another %s do not stay among those by the one said now", BUSY_MACHINE, async (by) => {
  choose(by === "ruler" ? "Ruler" : "Coin");
  if (by === "coin") said("select", "gbp-2");
  set(...(by === "ruler" ? ["Mark 1", "Mark 2"] : Array.from({ length: buttons().filter((each) => each.getAttribute("aria-label")?.startsWith("Rim ")).length }, (_, index) => `Rim ${index + 1}`)));
  await toLump();
  readOnce();
  readOnce();
  button("Back to the reference").click();
  flushSync();
  if (by === "ruler") said("input[inputmode]", "25");
  else said("select", "gbp-005");
  await toLump();
  expect(document.body.textContent).not.toContain("so far");
  set(...LENGTH);
  button("Use this size").click();
  await tick();
  expect(done?.size?.readings_mm).toEqual([]);
});

test("going back and forth without a change keeps the readings, and the last one can be dropped", BUSY_MACHINE, async () => {
  choose("Ruler");
  set("Mark 1", "Mark 2");
  await toLump();
  readOnce();
  readOnce();
  button("Back to the reference").click();
  flushSync();
  await toLump();
  expect(document.body.textContent).toContain("2 readings so far");
  button("Drop the last reading").click();
  flushSync();
  expect(document.body.textContent).toContain("1 reading so far");
  button("Drop the last reading").click();
  flushSync();
  expect(document.body.textContent).not.toContain("so far");
  expect(buttons().some((each) => each.textContent.includes("Drop the last reading"))).toBe(false);
});
