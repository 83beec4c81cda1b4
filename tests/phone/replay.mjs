// The judgement as the phone has it, for tests: reads {"document", "at", "language"} a line from a file and writes
// {"assessment", "growth"} a line to another, `growth` with the numbers before they are rounded; {"rulebook": region,
// "language"} is answered by the rule book for people. Usage: node replay.mjs BUNDLE FROM TO, after node bundle.mjs BUNDLE
import { readFileSync, writeFileSync } from "node:fs";

const [bundle, from, to] = process.argv.slice(2);
const load = (name) => import(`${bundle}/${name}.mjs`);
const [{ assess }, { readHistory }, { inWords }, { rulebookPage }, { loadWords }] = await Promise.all(
  ["engine", "history", "judge", "rulebook-page", "words"].map(load),
);
const languages = {};

async function answer({ document, at, language, rulebook }) {
  const words = (languages[language] ??= await loadWords(language));
  if (rulebook !== undefined) return rulebookPage(words, rulebook);
  const history = readHistory(document);
  const judged = assess(history, new Date(at).getTime() * 1000);
  return { assessment: inWords(judged, words, history.region), growth: judged.growth };
}

// JSON has no infinity
const finite = (_key, value) => (typeof value === "number" && !Number.isFinite(value) ? String(value) : value);

const answers = [];
for (const line of readFileSync(from, "utf8").split("\n").filter(Boolean)) {
  const told = await answer(JSON.parse(line)).catch((wrong) => ({ error: String(wrong.stack) }));
  answers.push(JSON.stringify(told, finite));
}
writeFileSync(to, `${answers.join("\n")}\n`);
