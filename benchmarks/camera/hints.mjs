// What the app says about pictures. Usage: node hints.mjs FOLDER ASKED TOLD: one JSON object a line in, one out.
import { readFileSync, writeFileSync } from "node:fs";

const [folder, asked, told] = process.argv.slice(2);
const camera = await import(`${folder}/camera.mjs`);

function hints({ file, width, height }) {
  const grey = { data: new Uint8Array(readFileSync(file)), width, height };
  const began = performance.now();
  const { faults } = camera.quality(grey, null, () => null);
  const milliseconds = performance.now() - began;
  const paper = camera.paperIn(grey);
  const all = performance.now() - began;
  return { faults: camera.quality(grey, null, () => paper).faults, without_paper: faults, sheet: paper !== null, milliseconds, with_sheet_milliseconds: all };
}

const rows = readFileSync(asked, "utf8").split("\n").filter(Boolean);
writeFileSync(told, rows.map((row) => JSON.stringify(hints(JSON.parse(row)))).join("\n"));
