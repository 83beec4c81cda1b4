import type { HtmlTagDescriptor, Plugin } from "vite";

interface Chunk {
  type: "chunk";
  fileName: string;
  moduleIds: string[];
  imports: string[];
  viteMetadata?: { importedCss: Set<string> };
}

/**
 * The page's own script only chooses the language and asks for its texts; the app is asked for beside it, not after it.
 * So the page names the app's parts and styles, as Vite does by itself for what a script imports outright. The first
 * sentence needs only the script and the styles: on a slow line the app's parts, ten times as heavy, come after them.
 */
export function preloadApp(entry: string): Plugin {
  return {
    name: "preload-app",
    apply: "build",
    transformIndexHtml: {
      order: "post",
      handler(html, { bundle }) {
        const chunks = Object.values(bundle ?? {}).filter((one) => one.type === "chunk") as unknown as Chunk[];
        const app = chunks.find((chunk) => chunk.moduleIds.some((id) => id.endsWith(entry)));
        if (!app) throw new Error(`no part was built of ${entry}`);
        const needed = new Set<Chunk>();
        const need = (chunk: Chunk | undefined): void => {
          if (!chunk || needed.has(chunk)) return;
          needed.add(chunk);
          for (const name of chunk.imports) need(chunks.find(({ fileName }) => fileName === name));
        };
        need(app);
        const scripts = [...needed].map(({ fileName }) => fileName).filter((name) => !html.includes(name));
        const styles = [...needed].flatMap(({ viteMetadata }) => [...(viteMetadata?.importedCss ?? [])]).filter((name) => !html.includes(name));
        return [
          ...scripts.map((name) => tag("modulepreload", name, { fetchpriority: "low" })),
          ...[...new Set(styles)].map((name) => tag("stylesheet", name)),
        ];
      },
    },
  };
}

const tag = (rel: string, name: string, more: Record<string, string> = {}): HtmlTagDescriptor => ({
  tag: "link",
  attrs: { rel, crossorigin: true, href: `/${name}`, ...more },
  injectTo: "head",
});
