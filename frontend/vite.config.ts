import { svelte } from "@sveltejs/vite-plugin-svelte";
import { defineConfig } from "vitest/config";
import { icons } from "./build/icons.ts";
import { rulebook } from "./build/rulebook.ts";
import { preloadApp } from "./build/preload.ts";
import { serviceWorker } from "./build/service-worker.ts";
import { words } from "./build/texts.ts";

// What the first screen needs is two files, not twenty: on a slow line each request costs more than its bytes. What chooses
// the language stays apart, or the texts would be asked for only once the app is here.
const FIRST = [
  { name: "begin", tags: ["$initial" as const], priority: 2 },
  { name: "first", test: /src\/app\.ts$/, priority: 1, includeDependenciesRecursively: true },
];

// The page's Content-Security-Policy allows neither inline scripts nor data: modules, hence no inlining and no polyfill.
export default defineConfig({
  plugins: [svelte(), words(), rulebook(), preloadApp("/src/app.ts"), icons(), serviceWorker()],
  build: {
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    target: "es2022",
    sourcemap: false,
    rolldownOptions: { output: { codeSplitting: { groups: FIRST } } },
  },
  server: {
    fs: { allow: [".."] },
    proxy: { "/api": "http://127.0.0.1:8000", "/_allauth": "http://127.0.0.1:8000" },
  },
  resolve: process.env["VITEST"] ? { conditions: ["browser"] } : {},
  test: {
    environment: "node",
    include: ["src/**/*.test.ts"],
    setupFiles: ["src/test-setup.ts"],
    restoreMocks: true,
  },
});
