import { existsSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";

/**
 * Which sentences the first screen may need: every name that stands in the source of what it is made of. All others come
 * with the first screen that is gone to, so a sentence costs the first load nothing unless its own code says it.
 */

const IMPORTED = /\b(?:import|export)\s+(?!type\b)[^"'`;]*?from\s*["'](\.[^"']+)["']|\bimport\s*["'](\.[^"']+)["']/g;
const LATER = /\bimport\(\s*["'](\.[^"']+\.svelte)["']\s*\)/g;
/** The one module whose later parts wait for all words; what others load on their way may be drawn at once. */
const DOOR = "App.svelte";
const SAID = /["'`]([a-z_]+(?:\.[a-z_0-9]+)+)["'`]/g;
/** A name that is put together while the app runs: all that begin so. */
const BEGUN = /`([a-z_]+\.[a-z_0-9.]*)\$\{/g;
const COUNTED = /\.(zero|one|two|few|many|other)$/;

function fileOf(from: string, path: string): string | null {
  const found = [path, `${path}.ts`, join(path, "index.ts")].map((each) => join(dirname(from), each));
  return found.find((each) => /\.(ts|svelte)$/.test(each) && existsSync(each)) ?? null;
}

/** Every file that the first load is made of, with its text. */
export function sources(entry: string): Map<string, string> {
  const found = new Map<string, string>();
  const read = (file: string | null): void => {
    if (file === null || found.has(file)) return;
    const text = readFileSync(file, "utf8");
    found.set(file, text);
    const later = file.endsWith(DOOR) ? [] : [...text.matchAll(LATER)];
    for (const [, one, other] of [...text.matchAll(IMPORTED), ...later]) read(fileOf(file, one ?? other ?? ""));
  };
  read(entry);
  return found;
}

/** Says of a sentence's name whether it belongs to the first load. */
export function firstWords(entry: string): (name: string) => boolean {
  const texts = [...sources(entry).values()].join("\n");
  const said = new Set([...texts.matchAll(SAID)].map(([, name]) => name));
  const begun = [...texts.matchAll(BEGUN)].map(([, name]) => name ?? "");
  return (name) => said.has(name) || said.has(name.replace(COUNTED, "")) || begun.some((each) => name.startsWith(each));
}
