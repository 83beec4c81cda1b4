import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { HtmlTagDescriptor, Plugin } from "vite";

interface Chunk {
  type: "chunk";
  fileName: string;
  moduleIds: string[];
  imports: string[];
  viteMetadata?: { importedCss: Set<string> };
}

/** The page that a phone starts from once it keeps the app; a first visit gets `index.html`. */
const KEPT = "start.html";

/**
 * The page's own script chooses the language and asks for its texts and the app. On a first visit, over a slow line, the
 * app would keep the first sentence waiting, ten times as heavy: so that page names the app's styles alone, and its script
 * asks for the rest when the sentence stands. Where the phone keeps the app there is nothing to say meanwhile: the page that
 * its worker answers with has no greeting, and names the app's parts, so that they are read beside the script.
 */
export function preloadApp(entry: string): Plugin {
  let parts: string[] = [];
  return {
    name: "preload-app",
    apply: "build",
    transformIndexHtml: {
      order: "post",
      handler(html, { bundle }) {
        const needed = neededFor(entry, Object.values(bundle ?? {}).filter((one) => one.type === "chunk"));
        parts = needed.map(({ fileName }) => fileName).filter((name) => !html.includes(name));
        const styles = needed.flatMap(({ viteMetadata }) => [...(viteMetadata?.importedCss ?? [])]).filter((name) => !html.includes(name));
        return [...new Set(styles)].map((name) => tag("stylesheet", name));
      },
    },
    writeBundle({ dir = "" }) {
      writeFileSync(join(dir, KEPT), kept(readFileSync(join(dir, "index.html"), "utf8"), parts));
    },
  };
}

/** The part that this is built into, and all that it cannot do without. */
function neededFor(entry: string, chunks: readonly Chunk[]): Chunk[] {
  const app = chunks.find((chunk) => chunk.moduleIds.some((id) => id.endsWith(entry)));
  if (!app) throw new Error(`no part was built of ${entry}`);
  const needed = new Set<Chunk>();
  const need = (chunk: Chunk | undefined): void => {
    if (!chunk || needed.has(chunk)) return;
    needed.add(chunk);
    for (const name of chunk.imports) need(chunks.find(({ fileName }) => fileName === name));
  };
  need(app);
  return [...needed];
}

/** The same page without its greeting, with the app's parts. The app is run where the script has asked for it, in one go with it. */
export function kept(html: string, [app, ...parts]: readonly string[]): string {
  const tags = [`<script type="module" crossorigin src="/${app ?? ""}"></script>`, ...parts.map((name) => `<link rel="modulepreload" crossorigin href="/${name}">`)];
  return html.replace(/<p [^>]*class="greeting"[^>]*>.*?<\/p>/gs, "").replace("</head>", `${tags.map((each) => `  ${each}\n  `).join("")}</head>`);
}

const tag = (rel: string, name: string): HtmlTagDescriptor => ({
  tag: "link",
  attrs: { rel, crossorigin: true, href: `/${name}` },
  injectTo: "head",
});
