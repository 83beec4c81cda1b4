/** The camera's three screens, each with the words it needs. Loaded when the first of them is gone to. */
import { locale } from "../../state";

type Screen = { default: unknown };

async function withWords(screen: Promise<Screen>): Promise<Screen> {
  const [loaded, { learnCamera }] = await Promise.all([screen, import("../../texts/camera")]);
  await learnCamera(locale.language);
  return loaded;
}

export const screens = {
  camera: () => withWords(import("./Take.svelte")),
  measure: () => withWords(import("./Measure.svelte")),
  compare: () => withWords(import("./Compare.svelte")),
};
