import { mount } from "svelte";
import Root from "./Root.svelte";
import { start } from "./state";
import { loadRest, speak } from "./texts";
import type { Words } from "./texts/words";

/** Everything but the words begins at once; nothing is drawn before they are here. */
export async function open(words: Promise<Words>): Promise<void> {
  const started = start();
  const spoken = await words;
  speak(spoken, () => loadRest(spoken.language));
  const target = document.getElementById("app");
  if (target) mount(Root, { target });
  await started;
}
