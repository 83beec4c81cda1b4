import type { IndexHtmlTransformContext } from "vite";
import { expect, test } from "vitest";
import { preloadApp } from "../build/preload";

const chunk = (name: string, imports: string[] = [], css: string[] = []): object => ({ type: "chunk", fileName: name, moduleIds: [`/src/${name}`], imports, viteMetadata: { importedCss: new Set(css) } });

test("the app's parts are asked for from the start, after the script and the styles of the first sentence", () => {
  const { transformIndexHtml } = preloadApp("/src/app.ts");
  if (typeof transformIndexHtml !== "object" || !("handler" in transformIndexHtml)) throw new Error("it changes no page");
  const bundle = { begin: chunk("begin.js"), app: chunk("app.ts", ["begin.js", "more.js"], ["app.css"]), more: chunk("more.js") };
  const tags = transformIndexHtml.handler.call({} as never, "<script src=/begin.js>", { bundle } as unknown as IndexHtmlTransformContext);
  expect((tags as { attrs: object }[]).map(({ attrs }) => attrs)).toEqual([
    { rel: "modulepreload", crossorigin: true, href: "/app.ts", fetchpriority: "low" },
    { rel: "modulepreload", crossorigin: true, href: "/more.js", fetchpriority: "low" },
    { rel: "stylesheet", crossorigin: true, href: "/app.css" },
  ]);
});
