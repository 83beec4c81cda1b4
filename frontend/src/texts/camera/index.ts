/** The words of the camera, which is loaded only when it is used; its screens ask for them before they are drawn. */
import { isPseudo, learn } from "..";
import type { Rest } from "../words";

type Sentences = Rest["sentences"];

const files = import.meta.glob<Sentences>("./*.json", { import: "default" });

async function sentencesOf(language: string): Promise<Sentences> {
  if (isPseudo(language)) return (await import("../pseudo")).pseudoRest({ sentences: await sentencesOf("en"), fields: {} }, language).sentences;
  const load = files[`./${language}.json`] ?? files["./en.json"];
  return load ? load() : {};
}

/** From now on `t` says them too. Rejects where they cannot be had; asked again, it tries again. */
export const learnCamera = async (language: string): Promise<void> => learn(await sentencesOf(language));
