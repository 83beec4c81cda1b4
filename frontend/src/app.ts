import { mount } from "svelte";
import Root from "./Root.svelte";
import { start } from "./state";
import { loadRest, speak } from "./texts";
import type { Words } from "./texts/words";

/** How long a phone may take to read the record before skeletons stand in its place. */
const GRACE_MS = 400;

/**
 * Everything but the words begins at once; nothing is drawn before they are here. The record is there a moment later,
 * so the first picture waits for it: drawn without it, it would be thrown away at once.
 */
export async function open(words: Promise<Words>): Promise<void> {
  let started: Promise<void> | undefined;
  const read = new Promise<void>((resolve) => (started = start(resolve)));
  const spoken = await words;
  speak(spoken, () => loadRest(spoken.language));
  await Promise.race([read, new Promise((resolve) => setTimeout(resolve, GRACE_MS))]);
  const target = document.getElementById("app");
  target?.replaceChildren(); // the greeting
  if (target) mount(Root, { target });
  await started;
}
