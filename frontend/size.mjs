// What a first visit downloads and what the judgement weighs, compressed, against the budgets: `npm run size` after a build.
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";

const LIMITS = { script: 75_000, all: 120_000, judge: 25_000, words: 25_000 };
const dist = join(import.meta.dirname, "dist");
const page = readFileSync(join(dist, "index.html"), "utf8");
const html = page + readFileSync(join(dist, "start.html"), "utf8"); // names what the first asks for by itself
const kinds = { js: "script", css: "style" };
const sum = { script: 0, style: 0, page: gzipSync(page).length };

const names = readdirSync(join(dist, "assets")).filter((name) => name.split(".").pop() in kinds); // not their packed twins
const text = (name) => readFileSync(join(dist, "assets", name), "utf8");
const bytes = (name) => gzipSync(text(name), { level: 9 }).length;
const kept = readFileSync(join(dist, "sw.js"), "utf8");
const isFirst = (name) => html.includes(name);
let tooMuch = false;

function say(what, value, limit) {
  console.log(`${what}: ${value} of ${limit} bytes, gzip`);
  if (!(value <= limit)) tooMuch = true;
}

/** A part and what it cannot do without, but for what the first load has brought already. */
function needs(name, found = new Set()) {
  if (isFirst(name) || found.has(name)) return found;
  found.add(name);
  for (const [, other] of text(name).matchAll(/(?:from|import)\s*["']\.\/([\w.-]+\.js)["']/g)) needs(other, found);
  return found;
}

/** All parts of these names with what they need; NaN, which keeps no limit, where one is not there or not kept at install. */
function weight(...parts) {
  const found = parts.map((part) => names.filter((name) => name.startsWith(part) && name.endsWith(".js")));
  if (found.some((some) => some.length === 0 || !some.every((name) => kept.includes(`/assets/${name}`)))) return NaN;
  return [...new Set(found.flat().flatMap((name) => [...needs(name)]))].reduce((all, name) => all + bytes(name), 0);
}

// The first load is what the page names; parts loaded when used are listed apart.
for (const name of names) {
  const kind = kinds[name.split(".").pop()];
  if (kind && isFirst(name)) sum[kind] += bytes(name);
  console.log(`${String(bytes(name)).padStart(8)}  ${isFirst(name) ? "first" : "later"}  ${name}`);
}
// One language's texts come with them: whichever weighs most. The page does not name them, since it is the same for all.
const texts = names.filter((name) => name.startsWith("_virtual_texts-"));
sum.script += texts.length > 0 ? Math.max(...texts.map(bytes)) : NaN;
say("script at first", sum.script, LIMITS.script);
say("all at first", sum.script + sum.style + sum.page, LIMITS.all);

// The judgement comes later: what decides, and in each language what is said and after which sources.
const WORDS = "_virtual_rule-words-";
say("facts, growth, engine, conditions", weight("judge-", "judgement-"), LIMITS.judge);
const languages = names.filter((name) => name.startsWith(WORDS)).map((name) => name.slice(WORDS.length).split("-", 1)[0]);
if (!languages.includes("en")) tooMuch = true;
for (const language of languages) {
  say(`texts and sources in ${language}`, weight(`${WORDS}${language}-`, "_virtual_rule-sources-"), LIMITS.words);
}
if (tooMuch) process.exit(1);
