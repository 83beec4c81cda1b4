// @vitest-environment happy-dom
import { flushSync, mount, unmount } from "svelte";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { UNMEASURED } from "../../photo/shot";
import { learnCamera } from "../../texts/camera";
import Hide from "./Hide.svelte";
import { blurPart, croppedTo } from "./hiding";
import { redone, type Taken } from "./taken";

vi.mock("./hiding", async (load) => ({ ...(await load<object>()), blurPart: vi.fn(), croppedTo: vi.fn() }));
vi.mock("./pixels", async (load) => ({ ...(await load<object>()), loaded: () => Promise.resolve({}), contextOf: () => ({ drawImage: () => undefined }), jpegOf: () => Promise.resolve(new Blob()) }));
vi.mock("./taken", () => ({ redone: vi.fn() }));

const grey = { width: 1, height: 1, data: new Uint8ClampedArray(4) };
const taken: Taken = { url: "blob:it", width: 1000, height: 1000, grey, bytes: new ArrayBuffer(1), thumb: new ArrayBuffer(1), measuring: UNMEASURED, isCropped: false, isLive: true };
let part: ReturnType<typeof mount>;
let done: ReturnType<typeof vi.fn>;

beforeEach(async () => {
  await learnCamera("en");
  for (const side of ["clientWidth", "clientHeight"] as const) vi.spyOn(HTMLElement.prototype, side, "get").mockReturnValue(100);
  for (const each of [blurPart, croppedTo, redone]) vi.mocked(each).mockReset();
  vi.mocked(redone).mockResolvedValue(taken);
  done = vi.fn();
  part = mount(Hide, { target: document.body, props: { taken, ondone: done as () => void, oncancel: () => undefined } });
  flushSync();
  await Promise.resolve(); // the picture is drawn
  flushSync();
});
afterEach(async () => {
  await unmount(part);
  vi.restoreAllMocks();
  document.body.innerHTML = "";
});

const button = (name: string): HTMLButtonElement => {
  const found = [...document.querySelectorAll("button")].find((each) => each.textContent.trim() === name);
  if (!found) throw new Error(`no button ${name}`);
  return found;
};
function pressed(name: string): void {
  button(name).click();
  flushSync();
}
function tool(name: string): void {
  [...document.querySelectorAll("label")].find((each) => each.textContent.trim() === name)?.querySelector("input")?.click();
  flushSync();
}
function drag(fromX: number, fromY: number, toX: number, toY: number): void {
  const frame = document.querySelector(".frame");
  const at = (kind: string, clientX: number, clientY: number): void => void frame?.dispatchEvent(Object.assign(new Event(kind, { bubbles: true }), { pointerId: 1, button: 0, clientX, clientY }));
  at("pointerdown", fromX, fromY);
  at("pointermove", toX, toY);
  at("pointerup", toX, toY);
  flushSync();
}
const blurred = (): unknown[] => vi.mocked(blurPart).mock.calls.map(([, box]) => box);
const FIRST = { x: 100, y: 100, width: 200, height: 200 };
const SECOND = { x: 500, y: 500, width: 300, height: 200 };
async function kept(): Promise<void> {
  pressed("Keep it like this");
  await vi.waitFor(() => expect(done).toHaveBeenCalledTimes(1));
}

test("a second box that was drawn and not blurred yet is blurred before the picture is kept", async () => {
  tool("Blur box");
  drag(10, 10, 30, 30);
  pressed("Blur the box");
  drag(50, 50, 80, 70);
  await kept();
  expect(blurred()).toEqual([FIRST, SECOND]);
});

test("a box alone, never blurred by hand, is enough to keep the picture, with the box blurred", async () => {
  tool("Blur box");
  expect(button("Keep it like this").disabled).toBe(true); // nothing is drawn yet
  drag(10, 10, 30, 30);
  await kept();
  expect(blurred()).toEqual([FIRST]);
});

test("neither a crop nor a box is lost by taking another tool", async () => {
  drag(10, 10, 90, 90);
  tool("Blur box");
  drag(50, 50, 80, 70);
  tool("Blur brush");
  expect(document.querySelectorAll("rect")).toHaveLength(2); // both are still to be seen
  await kept();
  expect(blurred()).toEqual([SECOND]);
  expect(vi.mocked(croppedTo).mock.calls[0]?.[1]).toEqual({ x: 100, y: 100, width: 800, height: 800 });
  expect(vi.mocked(redone).mock.calls[0]?.[3]).toBe(true);
});

test("begun again, nothing that was drawn is left", async () => {
  drag(10, 10, 90, 90);
  tool("Blur box");
  drag(50, 50, 80, 70);
  pressed("Start again");
  await vi.waitFor(() => {
    flushSync();
    expect(button("Keep it like this").disabled).toBe(true);
  });
  expect(blurred()).toEqual([]);
});
