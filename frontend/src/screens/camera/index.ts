/** The camera's three screens, each with the words it needs. Loaded when the first of them is gone to. */
import { withWords } from "../withWords";

const words = () => import("../../texts/camera").then(({ learnCamera }) => learnCamera);

export const screens = {
  camera: () => withWords(import("./Take.svelte"), words()),
  measure: () => withWords(import("./Measure.svelte"), words()),
  compare: () => withWords(import("./Compare.svelte"), words()),
};
