import type { IndexHtmlTransformContext } from "vite";
import { expect, test } from "vitest";
import { kept, preloadApp } from "../build/preload";

const chunk = (name: string, imports: string[] = [], css: string[] = []): object => ({ type: "chunk", fileName: name, moduleIds: [`/src/${name}`], imports, viteMetadata: { importedCss: new Set(css) } });

test("a first visit asks for the styles alone before it is greeted", () => {
  const { transformIndexHtml } = preloadApp("/src/app.ts");
  if (typeof transformIndexHtml !== "object" || !("handler" in transformIndexHtml)) throw new Error("it changes no page");
  const bundle = { begin: chunk("begin.js"), app: chunk("app.ts", ["begin.js", "more.js"], ["app.css"]), more: chunk("more.js") };
  const tags = transformIndexHtml.handler.call({} as never, "<script src=/begin.js>", { bundle } as unknown as IndexHtmlTransformContext);
  expect((tags as { attrs: object }[]).map(({ attrs }) => attrs)).toEqual([{ rel: "stylesheet", crossorigin: true, href: "/app.css" }]);
});

test("the page that a phone keeps greets nobody and runs the app after the script that asks for it", () => {
  const greeted = '<head><script src="begin.js"></script></head><div id="app"><p lang="en" class="greeting" hidden>Hello</p><p lang="es" class="greeting" hidden>Hola</p></div><noscript><p>No</p></noscript>';
  const html = kept(greeted, ["app.js", "more.js"]);
  expect(html).toContain('<div id="app"></div><noscript><p>No</p></noscript>');
  expect([...html.matchAll(/<(?:script|link rel="modulepreload")[^>]* (?:src|href)="([^"]+)">/g)].map(([, address]) => address)).toEqual(["begin.js", "/app.js", "/more.js"]);
});
