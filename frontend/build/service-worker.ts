import { createHash } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { join, relative, sep } from "node:path";
import { build, type Plugin, type ResolvedConfig } from "vite";

/** Every built file below `folder`, as a URL path, in a stable order. */
function builtFiles(folder: string): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => "/" + relative(folder, join(entry.parentPath, entry.name)).split(sep).join("/"))
    .filter((path) => path !== "/sw.js" && !path.endsWith(".map"))
    .sort();
}

/** Of these only the small ones are needed to start offline; the large install pictures are the system's business. */
const isShell = (path: string): boolean => !/\/icons\/.*\.png$/.test(path) || path.includes("badge");
/** Kept as the start page itself, in place of the one for a first visit. */
const isPage = (path: string): boolean => path.endsWith(".html");

/** A sentence that the worker says itself, by language: it has no catalogue of its own. */
function sayings(folder: string, name: "push.read" | "push.fallback"): Record<string, string> {
  const catalogues = readdirSync(folder).filter((name) => /^[a-z]{2}\.json$/.test(name));
  const words = catalogues.map((file): [string, string] => {
    const sentences = JSON.parse(readFileSync(join(folder, file), "utf8")) as Record<string, string>;
    return [file.slice(0, 2), sentences[name] ?? ""];
  });
  return Object.fromEntries(words);
}

/** Builds `src/sw.ts` to `/sw.js` after the app, with the list of files it keeps and a version made from their bytes. */
export function serviceWorker(): Plugin {
  let config: ResolvedConfig;
  return {
    name: "service-worker",
    apply: "build",
    configResolved(resolved) {
      config = resolved;
    },
    async closeBundle() {
      const outDir = join(config.root, config.build.outDir);
      const files = builtFiles(outDir).filter(isShell);
      const hash = createHash("sha256");
      for (const file of files) hash.update(file).update(readFileSync(join(outDir, file)));
      await build({
        configFile: false,
        root: config.root,
        logLevel: "warn",
        publicDir: false,
        define: {
          __FILES__: JSON.stringify(files.filter((path) => !isPage(path))),
          __READ__: JSON.stringify(sayings(join(config.root, "src/texts"), "push.read")),
          __FALLBACK__: JSON.stringify(sayings(join(config.root, "src/texts"), "push.fallback")),
          __VERSION__: JSON.stringify(hash.digest("hex").slice(0, 12)),
        },
        build: {
          outDir: config.build.outDir,
          emptyOutDir: false,
          rolldownOptions: {
            input: join(config.root, "src/sw.ts"),
            output: { format: "iife", entryFileNames: "sw.js" },
          },
        },
      });
    },
  };
}
