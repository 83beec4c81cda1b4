import { first, names, rest } from "virtual:languages";
import type { Rest, Words } from "./words";

/**
 * Which language, and its texts: all that the first script does, so that the right words are on their way while the app
 * still is. A language that was chosen is kept on this phone; before, it is the phone's own.
 */

const KEPT = "language";
const DEFAULT = "en";
/** Made of English while it runs: longer words, and a script that runs from the right. For tests and development. */
const PSEUDO = ["en-XA", "ar-XB"];

export const languages: readonly string[] = Object.keys(names);
export const isPseudo = (language: string): boolean => PSEUDO.includes(language);
const isKnown = (language: string | null | undefined): language is string =>
  typeof language === "string" && (languages.includes(language) || isPseudo(language));

/** What somebody chose on this phone, or null. */
export function keptLanguage(): string | null {
  try {
    return localStorage.getItem(KEPT);
  } catch {
    return null; // a browser that keeps nothing for this site
  }
}

export function keepLanguage(language: string): void {
  try {
    localStorage.setItem(KEPT, language);
  } catch {
    // Then it is asked of the phone again at the next start.
  }
}

/** `?lang=` counts on loopback alone: an address must not decide in which language somebody reads an emergency. */
function askedLanguage(): string | null {
  const isHere = ["localhost", "127.0.0.1", "[::1]"].includes(location.hostname);
  return isHere ? new URLSearchParams(location.search).get("lang") : null;
}

export function chosenLanguage(): string {
  const own = navigator.languages.map((tag) => tag.split("-", 1)[0]);
  return [askedLanguage(), keptLanguage(), ...own].find(isKnown) ?? DEFAULT;
}

/** The texts of a language; English where there are none. */
export async function loadWords(language: string): Promise<Words> {
  if (isPseudo(language)) return (await import("./pseudo")).pseudoWords(await loadWords(DEFAULT), language);
  return (await ofLanguage(first, language)()).default;
}

/** What only later screens say. */
export async function loadRest(language: string): Promise<Rest> {
  if (isPseudo(language)) return (await import("./pseudo")).pseudoRest(await loadRest(DEFAULT), language);
  return (await ofLanguage(rest, language)()).default;
}

function ofLanguage<T>(loaders: Record<string, () => Promise<T>>, language: string): () => Promise<T> {
  const load = loaders[language] ?? loaders[DEFAULT];
  if (!load) throw new Error("the app was built without texts");
  return load;
}

/** For the browser, screen readers and every request: what language this page is in, and which way it runs. */
export function announce(words: Pick<Words, "language" | "direction">): void {
  document.documentElement.lang = words.language;
  document.documentElement.dir = words.direction;
}
