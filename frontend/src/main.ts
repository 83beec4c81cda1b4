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
const words = loadWords(language);
// What was greeted with is drawn before the app begins to work, which takes the page for a while.
const isFirstVisit = greet(language);
const greeted = isFirstVisit ? drawn() : Promise.resolve();
if (!isFirstVisit) openEarly();
void greeted.then(() => import("./app")).then(({ open }) => open(words));
