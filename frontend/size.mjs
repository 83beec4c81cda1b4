// What a first visit downloads, compressed, against the budget: `npm run size` after `npm run build`.
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";

const LIMITS = { script: 75_000, all: 120_000 };
const dist = join(import.meta.dirname, "dist");
const html = readFileSync(join(dist, "index.html"), "utf8");
const kinds = { js: "script", css: "style" };
const sum = { script: 0, style: 0, page: gzipSync(html).length };

// The first load is what the page names; parts loaded when used are listed apart.
for (const name of readdirSync(join(dist, "assets"))) {
  const bytes = gzipSync(readFileSync(join(dist, "assets", name)), { level: 9 }).length;
  const isFirst = html.includes(name);
  const kind = kinds[name.split(".").pop()];
  if (kind && isFirst) sum[kind] += bytes;
  console.log(`${String(bytes).padStart(8)}  ${isFirst ? "first" : "later"}  ${name}`);
}
const all = sum.script + sum.style + sum.page;
console.log(`script ${sum.script} of ${LIMITS.script}, all ${all} of ${LIMITS.all} bytes, gzip`);
if (sum.script > LIMITS.script || all > LIMITS.all) process.exit(1);
