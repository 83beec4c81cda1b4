// Lays one photograph over another by their marks, as the app does. Usage: node pairs.mjs FOLDER ASKED TOLD: one JSON object a line in, one out.
// A line has `before` and `after` (rows as for measure.mjs) and `places`, each [x, y, x, y]: one place of the skin in both.
import { readFileSync, writeFileSync } from "node:fs";

const [folder, asked, told] = process.argv.slice(2);
const camera = await import(`${folder}/camera.mjs`);
const { byMarks } = await import(`${folder}/align.mjs`);
const { scaleAgainst } = await import(`${folder}/faults.mjs`);

function planeOf(row) {
  if (row.reference === "card") return camera.planeFromCard(row.corners, row);
  if (row.reference === "coin") return camera.planeFromCoin(row.rim, row);
  if (row.reference === "ruler") return camera.planeFromRuler(...row.marks, row);
  const { file, width, height } = row;
  const marker = camera.findMarker({ data: new Uint8Array(readFileSync(file)), width, height });
  return marker ? camera.planeFromMarker(marker) : { refused: "not_found" };
}

const kept = (points) => points.map(({ x, y }) => ({ x: Math.round(x * 10) / 10, y: Math.round(y * 10) / 10 }));

/** The picture with its marks as the record keeps them (parts/measure/result.ts); `null` where no number was given. */
function marked(row) {
  const plane = planeOf(row);
  if ("refused" in plane) return null;
  const measured = camera.measure(plane, row.length, row.across, row);
  if ("refused" in measured) return null;
  const marks = [
    { kind: "reference", reference: plane.kind, points: kept(plane.outline) },
    { kind: "length", points: kept(row.length) },
    { kind: "width", points: kept(row.across) },
  ];
  return { mm_per_px: measured.mm_per_px, marks, width: row.width, height: row.height };
}

/** What the app says about the distance, from a grey that has nothing else to say. */
function distanceHint(before, after) {
  const scale = scaleAgainst({ width: after.width, height: after.height, measuring: after }, { last: before, lies: { scale: 1 } });
  const { faults } = camera.quality({ data: new Uint8Array(64 * 64).fill(128), width: 64, height: 64 }, scale, () => null);
  return faults.find((fault) => fault === "farther" || fault === "nearer") ?? null;
}

function laid(row) {
  const [before, after] = [marked(row.before), marked(row.after)];
  const found = before && after && byMarks(before, after);
  if (!found) return { misses: null };
  const misses = row.places.map(([x, y, toX, toY]) => {
    const at = found.apply({ x, y });
    return Math.hypot(at.x - toX, at.y - toY);
  });
  return { misses, turn: found.turn_radians, distance: distanceHint(before, after) };
}

const rows = readFileSync(asked, "utf8").split("\n").filter(Boolean);
writeFileSync(told, rows.map((row) => JSON.stringify(laid(JSON.parse(row)))).join("\n"));
