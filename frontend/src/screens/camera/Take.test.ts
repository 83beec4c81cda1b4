// @vitest-environment happy-dom
import { flushSync, mount, unmount } from "svelte";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { BLANK } from "../../domain/record";
import { UNMEASURED, type Shot } from "../../photo/shot";
import { takenFrom } from "../../parts/camera/taken";
import { trayFor } from "../../parts/camera/tray";
import { router } from "../../parts/router.svelte";
import { drafts, pictures, record } from "../../state";
import { learnCamera } from "../../texts/camera";
import Take from "./Take.svelte";

vi.mock("../../parts/camera/taken", async (load) => ({ ...(await load<object>()), takenFrom: vi.fn() }));
/** The live picture's shutter, without a camera. */
let shoot: ((picture: ImageBitmap, isUnderGhost: boolean) => void) | null = null;
vi.mock("../../parts/camera/Live.svelte", async (load) => {
  const { default: Live } = await load<{ default: (anchor: Node, props: { onshot: typeof shoot }) => unknown }>();
  return { default: (anchor: Node, props: { onshot: typeof shoot }) => ((shoot = props.onshot), Live(anchor, props)) };
});
vi.setConfig({ testTimeout: 30_000 });
const PATIENCE = { timeout: 8_000 };
const LAST = "blob:last";
let part: ReturnType<typeof mount> | null = null;

beforeEach(async () => {
  await learnCamera("en");
  vi.spyOn(pictures, "large").mockReturnValue(LAST);
  const grey = { width: 4, height: 4, data: new Uint8ClampedArray(16) };
  const drawn = { url: "blob:new", width: 4, height: 4, grey, bytes: new ArrayBuffer(1), thumb: new ArrayBuffer(1) };
  vi.mocked(takenFrom).mockResolvedValue({ ...drawn, measuring: UNMEASURED, isCropped: false, isLive: false });
});
afterEach(async () => {
  if (part) await unmount(part);
  part = null;
  vi.restoreAllMocks();
  document.body.innerHTML = "";
});

/** A photo is there already, and another is chosen from the phone's own pictures. */
async function chosenFor(site: string): Promise<string> {
  const person = (await record.savePerson({ name: "Ada", birth_date: "1971-04-09", sex: "female" })).saved;
  const lump = (await record.saveLump({ person: person.id, site })).saved;
  vi.spyOn(record, "photos").mockReturnValue([{ id: "old", ...BLANK.photo, state: "ready" }]);
  part = mount(Take, { target: document.body, props: { id: lump.id, part: null } });
  flushSync();
  const input = document.querySelector<HTMLInputElement>("input[type=file]:not([capture])");
  if (!input) throw new Error("no way to choose a file");
  Object.defineProperty(input, "files", { value: [new File(["x"], "photo.jpg", { type: "image/jpeg" })] });
  input.dispatchEvent(new Event("change", { bubbles: true }));
  await vi.waitFor(() => {
    flushSync();
    expect(button("Leave it out")).toBeDefined();
  }, PATIENCE);
  return lump.id;
}
function pressed(...names: string[]): void {
  names.map(button).find((found) => found)?.click();
  flushSync();
}
/** What it says there depends on what is wrong with the picture, which takes a moment to be told. */
const use = (): void => pressed("Use this photo", "Use anyway");
const button = (name: string): HTMLButtonElement | undefined => [...document.querySelectorAll("button")].find((each) => each.textContent.trim() === name);
const isLastShown = (): boolean => document.body.innerHTML.includes(LAST);

test("the last photo of an intimate place lies over a chosen one only once it was asked for", async () => {
  await chosenFor("groin");
  expect(isLastShown()).toBe(false);
  expect(button("They lie on each other")).toBeUndefined();
  button("Show")?.click();
  flushSync();
  expect(isLastShown()).toBe(true);
  expect(button("They lie on each other")).toBeDefined();
});

test("without having seen it one can go on", async () => {
  await chosenFor("groin");
  button("Leave it out")?.click();
  flushSync();
  expect(isLastShown()).toBe(false);
  expect(document.querySelector('img[src="blob:new"]')).not.toBeNull();
});

test("of another place it lies there at once", async () => {
  await chosenFor("calf");
  expect(isLastShown()).toBe(true);
  expect(button("Show")).toBeUndefined();
});

test("a full phone is said at once, nothing goes on to the check, and the same photo counts once there is room", async () => {
  const lump = await chosenFor("calf");
  pressed("Leave it out");
  const gone = vi.spyOn(router, "back").mockReturnValue();
  const full = vi.spyOn(drafts, "keep").mockRejectedValueOnce(new DOMException("no room", "QuotaExceededError"));
  use();
  await vi.waitFor(() => {
    flushSync();
    expect(document.querySelector("[role=alert]")?.textContent).toContain("could not be kept");
  }, PATIENCE);
  expect(gone).not.toHaveBeenCalled();
  full.mockRestore();
  use();
  await vi.waitFor(() => expect(gone).toHaveBeenCalledTimes(1), PATIENCE);
  expect((await trayFor(lump, null)).files).toHaveLength(1);
});

test("tapped twice it is laid once, and goes back once", async () => {
  const lump = await chosenFor("calf");
  pressed("Leave it out");
  const gone = vi.spyOn(router, "back").mockReturnValue();
  use();
  use();
  await vi.waitFor(() => expect(gone).toHaveBeenCalled(), PATIENCE);
  expect((await trayFor(lump, null)).files).toHaveLength(1); // after whatever else was laid
  expect(gone).toHaveBeenCalledTimes(1);
});

test.each([
  [true, [{ kind: "over", photo: "old", x: 0, y: 0, scale: 1, turn: 0, by: "ghost" }]],
  [false, []],
])("a live photo says that it was taken under the last one, if it was: %s", async (isUnderGhost, marks) => {
  const lump = await chosenFor("calf"); // and then taken live instead
  pressed("Leave it out");
  pressed("Take again");
  shoot?.({} as ImageBitmap, isUnderGhost); // only handed on
  await vi.waitFor(() => {
    flushSync();
    expect(button("Use this photo") ?? button("Use anyway")).toBeDefined();
  }, PATIENCE);
  const gone = vi.spyOn(router, "back").mockReturnValue();
  use();
  await vi.waitFor(() => expect(gone).toHaveBeenCalled(), PATIENCE);
  const [file] = (await trayFor(lump, null)).files;
  expect((file as Shot).measuring.marks).toEqual(marks);
});
