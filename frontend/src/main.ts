import { chosenLanguage, loadWords } from "./texts/begin";

const words = loadWords(chosenLanguage());
void import("./app").then(({ open }) => open(words));
