import { isPseudo, learn } from ".";
import type { Rest } from "./words";

export type Sentences = Rest["sentences"];
/** One file a language, as `import.meta.glob` finds them beside the part. */
type Files = Record<string, () => Promise<Sentences>>;

/**
 * The words that a part of the app brings along: what it gives back makes `t` say them in a language from then on. That
 * rejects where they cannot be had; asked again, it tries again.
 */
export function brought(files: Files): (language: string) => Promise<void> {
  async function sentencesOf(language: string): Promise<Sentences> {
    if (isPseudo(language)) return (await import("./pseudo")).pseudoRest({ sentences: await sentencesOf("en"), fields: {} }, language).sentences;
    const load = files[`./${language}.json`] ?? files["./en.json"];
    return load ? load() : {};
  }
  return async (language) => learn(await sentencesOf(language));
}
