// @vitest-environment happy-dom
import { flushSync, mount, unmount } from "svelte";
import { expect, test, vi } from "vitest";
import { BLANK } from "../../domain/record";
import { router } from "../../parts/router.svelte";
import type { Measuring } from "../../photo/shot";
import { pictures, record } from "../../state";
import { learnCamera } from "../../texts/camera";
import Measure from "./Measure.svelte";

/** What measuring hands on, as the screen listens to it. */
let ondone: ((measuring: Measuring) => void) | null = null;
vi.mock("../../parts/measure/MeasureIn.svelte", () => ({ default: (_anchor: Node, props: { ondone: (measuring: Measuring) => void }) => void (ondone = props.ondone) }));
vi.mock("../../parts/camera/pixels", async (load) => ({ ...(await load<object>()), loaded: () => Promise.resolve({}), extentOf: () => ({ width: 4, height: 4 }) }));
vi.setConfig({ testTimeout: 30_000 });

test("a size that is handed on twice by a double tap is saved once", async () => {
  await learnCamera("en");
  const { saved: lump } = await record.saveLump({ site: "calf" });
  const { saved: check } = await record.saveObservation({ lump: lump.id, signs: {} });
  vi.spyOn(record, "photos").mockReturnValue([{ id: "it", ...BLANK.photo, observation: check.id }]);
  vi.spyOn(pictures, "large").mockReturnValue("blob:it");
  const marked = vi.spyOn(record, "savePhoto").mockResolvedValue({ undo: () => Promise.resolve(true) } as never); // what is saved is not looked at
  const sized = vi.spyOn(record, "saveObservation");
  const gone = vi.spyOn(router, "finish").mockReturnValue();
  const part = mount(Measure, { target: document.body, props: { id: lump.id, part: "it" } });
  await vi.waitFor(() => {
    flushSync();
    expect(ondone).not.toBeNull();
  });
  const measuring = { mm_per_px: 0.1, marks: [], size: { length_mm: 18, width_mm: null, readings_mm: [], uncertainty_mm: 0.5 } };
  ondone?.(measuring);
  ondone?.(measuring);
  await vi.waitFor(() => expect(gone).toHaveBeenCalled());
  expect([marked, sized, gone].map(({ mock }) => mock.calls.length)).toEqual([1, 1, 1]);
  expect(record.observation(check.id)).toMatchObject({ length_mm: 18, method: "photo" });
  await unmount(part);
});
