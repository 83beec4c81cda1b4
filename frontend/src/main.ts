import { drawn, greet } from "./greet";
import { openEarly } from "./store/opening";
import { chosenLanguage, loadWords } from "./texts/begin";

/** Trusted Types: the one text that becomes code is the address of a script of our own, for the workers. */
interface Types {
  createPolicy: (name: string, rules: { createScriptURL: (url: string) => string | null }) => unknown;
}
(globalThis as { trustedTypes?: Types }).trustedTypes?.createPolicy("default", {
  createScriptURL: (url) => (new URL(url, location.href).origin === location.origin ? url : null),
});

const language = chosenLanguage();
const isFirstVisit = greet(language);
if (!isFirstVisit) openEarly();
void begin();

/** What is greeted with is on the glass before anything else takes the line or the processor. */
async function begin(): Promise<void> {
  if (isFirstVisit) await drawn();
  const words = loadWords(language);
  const { open } = await import("./app");
  await open(words);
}
