// @vitest-environment happy-dom
import { flushSync, mount, unmount } from "svelte";
import { expect, test } from "vitest";
import { update } from "../state";
import Banners from "./Banners.svelte";
import { router } from "./router.svelte";

const FORMS = ["add", "check", "care", "share", "sign-in", "sign-up", "reset", "camera", "measure", "compare", "join", "security", "data", "you", "lump"];

test("a newer version is offered on the list and never where something may be half filled", async () => {
  update.ready = true;
  const part = mount(Banners, { target: document.body });
  const isOffered = (address: string): boolean => {
    router.replace(`#/${address}`);
    flushSync();
    return document.querySelector("button") !== null;
  };
  expect(["", "advice", "rules"].filter((place) => !isOffered(place))).toEqual([]);
  expect(FORMS.filter(isOffered)).toEqual([]);
  await unmount(part);
});
