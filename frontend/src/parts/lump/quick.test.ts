// @vitest-environment happy-dom
import { beforeEach, expect, test } from "vitest";
import { drafts, record } from "../../state";
import { router } from "../router.svelte";
import { toast } from "../toast.svelte";
import { answer } from "./quick";

const settled = async (condition: () => boolean): Promise<void> => {
  await expect.poll(condition).toBe(true);
};
const at = (place: string) => (): boolean => router.route.place === place;

beforeEach(async () => {
  await record.load();
  location.hash = "#/lumps";
  await settled(at("lumps"));
});

test("Undo of a Bigger takes the check back and leaves its form, with what was typed there", async () => {
  const { saved: lump } = await record.saveLump({ site: "calf" });
  await answer(lump, "bigger");
  await settled(at("check"));
  expect(record.observations(lump.id)).toMatchObject([{ id: router.route.part }]);
  const draft = `check ${lump.id} ${router.route.part ?? ""}`;
  await drafts.keep(draft, { note: "typed" });
  expect(await toast.said?.undo?.()).toBe(true);
  await settled(at("lumps"));
  expect(record.observations(lump.id)).toEqual([]);
  expect(await drafts.get(draft)).toBeNull();
});

test("Undo of a Bigger takes nobody away from where they have gone since", async () => {
  const { saved: lump } = await record.saveLump({ site: "calf" });
  await answer(lump, "bigger");
  router.go("#/you");
  await settled(at("you"));
  await toast.said?.undo?.();
  expect(router.route.place).toBe("you");
  expect(record.observations(lump.id)).toEqual([]);
});
