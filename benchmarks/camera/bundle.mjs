// Builds the camera's mathematics, what lays two photos over each other, what cleans HEIC files and what draws the sheet to print, as the app is built, for Node. Usage: node bundle.mjs FOLDER
import { build } from "../../frontend/node_modules/vite/dist/node/index.js";

const [folder] = process.argv.slice(2);
const root = new URL("../../frontend/", import.meta.url).pathname;

await build({
  root,
  configFile: false,
  publicDir: false,
  logLevel: "error",
  build: {
    ssr: true,
    minify: true,
    target: "es2022",
    outDir: folder,
    emptyOutDir: false,
    rolldownOptions: {
      input: {
        camera: `${root}src/domain/camera/index.ts`,
        align: `${root}src/parts/compare/align.ts`,
        faults: `${root}src/parts/camera/faults.ts`,
        heif: `${root}src/photo/heif.ts`,
        sheet: `${root}src/parts/measure/sheet-pdf.ts`,
      },
      output: { entryFileNames: "[name].mjs" },
    },
  },
});
