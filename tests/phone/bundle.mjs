// Builds the judgement as the app is built, for Node: the same plugins, the same minifying. Usage: node bundle.mjs FOLDER
import { build, loadConfigFromFile } from "../../frontend/node_modules/vite/dist/node/index.js";

const [folder] = process.argv.slice(2);
const root = new URL("../../frontend/", import.meta.url).pathname;
const env = { command: "build", mode: "production" };
const { config } = await loadConfigFromFile(env, `${root}vite.config.ts`, root);
const ofThePage = ["icons", "preload-app", "service-worker"];
const parts = ["engine", "history", "judge", "rulebook-page", "words"].map((name) => [name, `${root}src/domain/judge/${name}.ts`]);

await build({
  root,
  configFile: false,
  logLevel: "error",
  plugins: config.plugins.flat().filter(({ name }) => !ofThePage.includes(name)),
  build: {
    ...config.build,
    ssr: true,
    minify: true,
    outDir: folder,
    emptyOutDir: false,
    rolldownOptions: { input: Object.fromEntries(parts), output: { entryFileNames: "[name].mjs", chunkFileNames: "[name]-[hash].mjs" } },
  },
});
