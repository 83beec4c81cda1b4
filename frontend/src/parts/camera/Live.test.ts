// @vitest-environment happy-dom
import { flushSync, mount, unmount } from "svelte";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { learnCamera } from "../../texts/camera";
import Live from "./Live.svelte";

/** A camera as the browser hands it out; the page is told of its frames by `frame()`. */
class FakeTrack extends EventTarget {
  readyState = "live";
  readonly asked: unknown[] = [];
  getCapabilities = (): object => ({ torch: true });
  applyConstraints = (wanted: unknown): Promise<void> => Promise.resolve(void this.asked.push(wanted));
  stop = (): void => void (this.readyState = "ended");
}
let track: FakeTrack;
let part: ReturnType<typeof mount>;
let shade: number;
let spoken: string[];
let shots: unknown[];
/** Of each shot: whether the last photo was to be seen over it. */
let ghosts: boolean[];

const text = (): string => document.body.textContent;
const button = (name: string): HTMLButtonElement | null => [...document.querySelectorAll("button")].find((each) => each.textContent.trim() === name) ?? null;
const pressed = (name: string): void => {
  button(name)?.click();
  flushSync();
};
function ticked(label: string): void {
  [...document.querySelectorAll("label")].find((each) => each.textContent.trim() === label)?.querySelector("input")?.click();
  flushSync();
}
function frame(): void {
  const video = document.querySelector("video");
  for (const [side, value] of [["videoWidth", 64], ["videoHeight", 48]] as const) Object.defineProperty(video, side, { configurable: true, value });
  video?.dispatchEvent(new Event("loadeddata"));
  flushSync();
}
function hide(hidden: boolean): void {
  Object.defineProperty(document, "hidden", { configurable: true, get: () => hidden });
  document.dispatchEvent(new Event("visibilitychange"));
  flushSync();
}
const turned = (beta: number, gamma: number): void => {
  dispatchEvent(Object.assign(new Event("deviceorientation"), { beta, gamma }));
  flushSync();
};
async function opened(): Promise<void> {
  const props = { ghost: "blob:last", ghostDay: "1 Oct", discreet: false, onshot: (shot: unknown, isUnderGhost: boolean) => void (shots.push(shot), ghosts.push(isUnderGhost)), onfile: () => undefined };
  part = mount(Live, { target: document.body, props });
  await vi.advanceTimersByTimeAsync(0);
  flushSync();
}

beforeEach(async () => {
  await learnCamera("en");
  vi.useFakeTimers();
  [track, spoken, shots, ghosts, shade] = [new FakeTrack(), [], [], [], 128];
  const drawn = (_x: number, _y: number, width: number, height: number) => ({ width, height, data: new Uint8ClampedArray(4 * width * height).fill(shade) });
  vi.spyOn(HTMLCanvasElement.prototype, "getContext").mockImplementation(() => ({ drawImage: () => undefined, getImageData: drawn }) as unknown as null); // its type is that of one of many contexts
  const stream = { getVideoTracks: () => [track], getTracks: () => [track] };
  Object.defineProperty(navigator, "mediaDevices", { configurable: true, value: { getUserMedia: () => Promise.resolve(stream) } });
  vi.stubGlobal("createImageBitmap", () => Promise.resolve("a picture"));
  vi.stubGlobal("SpeechSynthesisUtterance", class { constructor(readonly text: string) {} });
  vi.stubGlobal("speechSynthesis", { cancel: () => undefined, speak: (said: { text: string }) => spoken.push(said.text) });
  Object.defineProperty(HTMLVideoElement.prototype, "srcObject", { configurable: true, writable: true, value: null });
  hide(false);
});
afterEach(async () => {
  await unmount(part);
  vi.unstubAllGlobals();
  vi.restoreAllMocks();
  vi.useRealTimers();
  document.body.innerHTML = "";
});

test("no photo can be taken before the camera has shown anything", async () => {
  await opened();
  expect(button("Take photo")?.disabled).toBe(true);
  expect(text()).toContain("The camera is starting");
  frame();
  expect(button("Take photo")?.disabled).toBe(false);
});

test.each([
  [10, "It is dark here"],
  [255, "There is glare"],
  [128, "Move the phone until"],
])("what is wrong with the light is said while there is time to mend it: %i", async (seen, said) => {
  await opened();
  frame();
  shade = seen;
  await vi.advanceTimersByTimeAsync(1_600);
  flushSync();
  expect(text()).toContain(said);
});

test("the lamp is asked for and given back", async () => {
  await opened();
  ticked("Lamp on");
  await vi.advanceTimersByTimeAsync(0);
  ticked("Lamp on");
  expect(track.asked).toEqual([{ advanced: [{ torch: true }] }, { advanced: [{ torch: false }] }]);
});

test("the seconds are spoken where that was asked for, and then the photo is taken", async () => {
  await opened();
  frame();
  ticked("Count out loud, for a place you cannot see");
  ticked("3 seconds");
  pressed("Take photo");
  await vi.advanceTimersByTimeAsync(2_900);
  expect(spoken).toEqual(["3", "2", "1"]);
  expect(shots).toEqual([]);
  await vi.advanceTimersByTimeAsync(200);
  expect(shots).toEqual(["a picture"]);
});

test("who wants it counted aloud and chose no wait is given three seconds, and keeps ten", async () => {
  await opened();
  frame();
  ticked("Count out loud, for a place you cannot see");
  pressed("Take photo");
  await vi.advanceTimersByTimeAsync(2_900);
  expect([spoken, shots]).toEqual([["3", "2", "1"], []]);
  await vi.advanceTimersByTimeAsync(200);
  ticked("Count out loud, for a place you cannot see");
  ticked("10 seconds");
  ticked("Count out loud, for a place you cannot see");
  pressed("Take photo");
  await vi.advanceTimersByTimeAsync(100);
  expect(spoken.at(-1)).toBe("10");
});

test("a shot says whether the last photo was to be seen over it", async () => {
  await opened();
  frame();
  const shot = async (): Promise<void> => {
    pressed("Take photo");
    await vi.advanceTimersByTimeAsync(0);
  };
  await shot();
  pressed("Show the last photo over it");
  await shot();
  expect(ghosts).toEqual([true, false]);
});

test("nothing counts on behind a hidden page, and no photo is taken there", async () => {
  await opened();
  frame();
  ticked("3 seconds");
  pressed("Take photo");
  await vi.advanceTimersByTimeAsync(1_100);
  expect(button("Stop counting")).not.toBeNull();
  hide(true);
  expect(track.readyState).toBe("ended");
  await vi.advanceTimersByTimeAsync(10_000);
  hide(false);
  await vi.advanceTimersByTimeAsync(0);
  frame();
  expect(button("Take photo")?.disabled).toBe(false);
  expect(shots).toEqual([]);
});

test("the last photo is as strong over the live one as the slider says, and gone when tapped", async () => {
  await opened();
  const slider = document.querySelector<HTMLInputElement>("input[type=range]");
  if (!slider) throw new Error("no slider");
  slider.value = "80";
  slider.dispatchEvent(new Event("input", { bubbles: true }));
  flushSync();
  expect(document.querySelector<HTMLElement>("img.ghost")?.style.opacity).toBe("0.8");
  pressed("Show the last photo over it");
  expect(document.querySelector("img.ghost")).toBeNull();
  expect(slider.disabled).toBe(true);
});

test("a phone that tells its lean by itself is listened to", async () => {
  vi.stubGlobal("DeviceOrientationEvent", Event);
  await opened();
  expect(button("Show me how level the phone is")).toBeNull();
  turned(20, 0);
  expect(text()).toContain("bring the dot to the middle");
  turned(1, 0);
  expect(text()).not.toContain("bring the dot to the middle");
});

test.each([
  ["granted", "bring the dot to the middle"],
  ["denied", "does not tell how level it is"],
])("an iPhone is asked for its lean by a tap and not before: %s", async (answer, said) => {
  const asked = vi.fn(() => Promise.resolve(answer));
  vi.stubGlobal("DeviceOrientationEvent", Object.assign(() => undefined, { requestPermission: asked }));
  await opened();
  expect(asked).not.toHaveBeenCalled();
  pressed("Show me how level the phone is");
  expect(asked).toHaveBeenCalledTimes(1);
  await vi.advanceTimersByTimeAsync(0);
  flushSync();
  turned(20, 0);
  expect(text()).toContain(said);
  expect(button("Show me how level the phone is")).toBeNull();
});
