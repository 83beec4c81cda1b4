// Measures by the app's own functions. Usage: node measure.mjs FOLDER ASKED TOLD: one JSON object a line in, one out.
// A line has `reference` (null searches only), the size of the picture and what `scene.py` and `touches.py` write.
import { createInterface } from "node:readline";
import { createReadStream, createWriteStream, readFileSync } from "node:fs";

const [folder, asked, told] = process.argv.slice(2);
const camera = await import(`${folder}/camera.mjs`);

const length = ([a, b]) => Math.hypot(b.x - a.x, b.y - a.y);

function found({ file, width, height }) {
  const data = new Uint8Array(readFileSync(file));
  const began = performance.now();
  return { marker: camera.findMarker({ data, width, height }), milliseconds: performance.now() - began };
}

/** The plane, and millimetres per pixel as a plain ruler laid over the picture would have it. */
function reference(row, marker) {
  if (row.reference === "card") return camera.planeFromCard(row.corners, row);
  if (row.reference === "coin") return camera.planeFromCoin(row.rim, row);
  if (row.reference === "ruler") return camera.planeFromRuler(...row.marks, row);
  return marker ? camera.planeFromMarker(marker) : { refused: "not_found" };
}

function plainScale(row, marker) {
  const mean = (values) => values.reduce((sum, value) => sum + value, 0) / values.length;
  const around = (points) => points.map((point, index) => [point, points[(index + 1) % points.length]]);
  if (row.reference === "card") return (2 * (85.6 + 53.98)) / (4 * mean(around(row.corners).map(length)));
  if (row.reference === "coin") {
    const middle = { x: mean(row.rim.map(({ x }) => x)), y: mean(row.rim.map(({ y }) => y)) };
    return row.diameter_mm / 2 / mean(row.rim.map((point) => length([middle, point])));
  }
  if (row.reference === "ruler") return row.mm / length(row.marks);
  return 15 / mean(marker.squares.flatMap(({ corners }) => around(corners).map(length)));
}

const out = createWriteStream(told);
for await (const line of createInterface({ input: createReadStream(asked) })) {
  const row = JSON.parse(line);
  const { marker, milliseconds } = row.file ? found(row) : { marker: null, milliseconds: 0 };
  const answer = { found: marker !== null, milliseconds, squares: marker?.squares.length ?? 0, residual_px: marker?.residual_px ?? null };
  const plane = row.reference ? reference(row, marker) : null;
  if (plane && "refused" in plane) answer.refused = plane.refused;
  else if (plane) {
    Object.assign(answer, camera.measure(plane, row.length, row.across, row));
    answer.exact_mm = row.true_length ? length(row.true_length.map(plane.toMm)) : null;
    answer.plain_mm = plainScale(row, marker) * length(row.length);
  }
  out.write(`${JSON.stringify(answer)}\n`);
}
out.end();
