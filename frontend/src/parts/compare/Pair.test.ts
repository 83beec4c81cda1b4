// @vitest-environment happy-dom
import { flushSync, mount, unmount } from "svelte";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { learnCamera } from "../../texts/camera";
import { STRAIGHT } from "../camera/laying";
import Pair from "./Pair.svelte";

let part: ReturnType<typeof mount>;

beforeEach(async () => {
  await learnCamera("en");
  for (const [name, value] of [["clientWidth", 200], ["clientHeight", 150]] as const) vi.spyOn(HTMLElement.prototype, name, "get").mockReturnValue(value);
  const before = { url: "blob:old", caption: "1 Oct · 20 mm" };
  const after = { url: "blob:new", caption: "1 Nov · 24 mm", width: 1280, height: 960 };
  part = mount(Pair, { target: document.body, props: { mode: "side", before, after, lies: STRAIGHT } });
  flushSync();
});
afterEach(async () => {
  await unmount(part);
  vi.restoreAllMocks();
  document.body.innerHTML = "";
});

/** How each of the two is shown: where its corner lies, and how much it is enlarged. */
const views = (): number[][] =>
  [...document.querySelectorAll<HTMLElement>(".sheet")].map(({ style }) => Array.from(style.transform.matchAll(/-?[\d.]+/g), ([number]) => Number(number)));
function key(name: string, more: KeyboardEventInit = {}): KeyboardEvent {
  const event = new KeyboardEvent("keydown", { key: name, bubbles: true, cancelable: true, ...more });
  document.querySelector("[role=application]")?.dispatchEvent(event);
  flushSync();
  return event;
}
function press(label: string): void {
  document.querySelector<HTMLButtonElement>(`button[aria-label="${label}"]`)?.click();
  flushSync();
}

test("both photos are enlarged together, by keys and by buttons, and small again", () => {
  expect(views()).toEqual([[0, 0, 1], [0, 0, 1]]);
  key("+");
  const [old, fresh] = views();
  expect(old).toEqual(fresh);
  expect(old).toEqual([-25, -18.75, 1.25]);
  press("Closer");
  expect(views()[0]?.[2]).toBeCloseTo(2, 9);
  expect(views()[0]).toEqual(views()[1]);
  key("-");
  expect(views()[0]?.[2]).toBeCloseTo(1.6, 9);
});

test("arrow keys move both alike, and neither leaves its frame", () => {
  key("+");
  key("ArrowRight");
  expect(views()).toEqual([[-49, -18.75, 1.25], [-49, -18.75, 1.25]]);
  for (let time = 0; time < 5; time += 1) key("ArrowRight");
  expect(views()[0]?.[0]).toBe(-50);
});

test("keys that belong to the browser are left to it", () => {
  expect(key("+", { ctrlKey: true }).defaultPrevented).toBe(false);
  expect(key("Tab").defaultPrevented).toBe(false);
  expect(key("+").defaultPrevented).toBe(true);
});

test("what is shown is named with the day and the size of both", () => {
  expect(document.querySelector("[role=application]")?.getAttribute("aria-label")).toBe("Two photos. Before: 1 Oct · 20 mm. After: 1 Nov · 24 mm.");
});
