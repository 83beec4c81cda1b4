// The judgement as the phone has it, for tests: reads {"document", "at"} a line from a file, writes {"assessment", "growth"}
// a line to another. `growth` has the numbers before they are rounded. Usage: node replay.mjs FROM TO
import { readFileSync, writeFileSync } from "node:fs";
import { createServer } from "../../frontend/node_modules/vite/dist/node/index.js";

const [from, to] = process.argv.slice(2);
const root = new URL("../../frontend/", import.meta.url).pathname;
const server = await createServer({
  root,
  appType: "custom",
  logLevel: "error",
  server: { middlewareMode: true, hmr: false, ws: false, watch: null },
  optimizeDeps: { noDiscovery: true },
});

async function load(path) {
  const module = await server.ssrLoadModule(`/src/domain/judge/${path}.ts`);
  return module;
}

try {
  const [{ assess }, { readHistory }, { inWords }, { loadWords }] = await Promise.all(
    ["engine", "history", "judge", "words"].map(load),
  );
  const words = await loadWords("en");
  const answers = readFileSync(from, "utf8")
    .split("\n")
    .filter(Boolean)
    .map((line) => {
      const { document, at } = JSON.parse(line);
      try {
        const history = readHistory(document);
        const judged = assess(history, new Date(at).getTime() * 1000);
        return { assessment: inWords(judged, words, history.region), growth: judged.growth };
      } catch (wrong) {
        return { error: String(wrong.stack) };
      }
    });
  writeFileSync(to, answers.map((answer) => JSON.stringify(answer, finite)).join("\n") + "\n");
} finally {
  await server.close();
}

// JSON has no infinity
function finite(_key, value) {
  return typeof value === "number" && !Number.isFinite(value) ? String(value) : value;
}
