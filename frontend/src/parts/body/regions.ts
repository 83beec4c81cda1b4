/**
 * Which site of the record lies under which part of the drawing.
 *
 * Shapes are written once, for the viewer's right half: x counts from the body's
 * middle line, y from the top of the drawing, in the drawing's own units. A front
 * view looks at the patient, so the viewer's right is the patient's left there and
 * the patient's right in the back view. Everything that leaves this file says the
 * patient's side.
 */
import type { Pin, Side } from "../../domain/record";
import drawing from "./drawing.json";

export type View = Pin["view"];
export interface Place {
  /** The likeliest first. Empty where the drawing is touched outside the body. */
  sites: string[];
  side: Side;
}
interface Shape {
  /** More than one where a drawing cannot tell: the person then chooses. */
  sites: string[];
  views: View[];
  halves: "both" | "middle";
  points: [number, number][];
}

export const WIDTH = drawing.width;
export const HEIGHT = drawing.height;
const MIDDLE = WIDTH / 2;
/** A touch this near the middle line is on it. */
const MIDLINE_REACH = 5;

const box = (left: number, top: number, right: number, bottom: number): [number, number][] => [
  [left, top],
  [right, top],
  [right, bottom],
  [left, bottom],
];
const both: View[] = ["front", "back"];
const side = (site: string, views: View[], points: [number, number][]): Shape => ({ sites: [site], views, halves: "both", points });
const middle = (sites: string[], views: View[], points: [number, number][]): Shape => ({ sites, views, halves: "middle", points });

/** Smaller shapes come before the larger ones that they lie on. */
const SHAPES: Shape[] = [
  side("eyelid", ["front"], box(4, 32, 14, 41)),
  middle(["mouth", "lip"], ["front"], box(-8, 49, 8, 57)),
  side("jaw", ["front"], [[8, 57], [21, 47], [18, 60], [13, 66], [0, 66], [0, 58]]),
  middle(["scalp"], ["front"], box(-25, 6, 25, 26)),
  middle(["scalp"], ["back"], box(-28, 6, 28, 58)),
  middle(["face"], ["front"], box(-27, 26, 27, 58)),
  middle(["thyroid", "neck"], ["front"], box(-7, 71, 7, 85)),
  side("supraclavicular", ["front"], [[9, 82], [17, 80], [33, 88], [31, 91], [9, 91]]),
  middle(["neck"], both, box(-18, 58, 18, 85)),
  side("axilla", ["front"], box(32, 108, 43, 132)),
  side("breast", ["front"], box(7, 116, 38, 148)),
  side("shoulder", both, [[30, 84], [60, 84], [60, 116], [40, 116], [33, 104]]),
  side("elbow", both, box(40, 152, 66, 176)),
  side("upper_arm", both, [[40, 116], [62, 116], [62, 152], [42.8, 152]]),
  side("hand", both, box(56, 226, 90, 276)),
  side("forearm", both, box(45.5, 176, 80, 226)),
  middle(["chest"], ["front"], box(-38, 84, 38, 154)),
  side("flank", ["front"], box(22, 154, 40, 206)),
  side("flank", ["back"], box(23, 158, 40, 204)),
  middle(["abdomen"], ["front"], box(-36, 154, 36, 216)),
  middle(["vulva", "penis", "scrotum"], ["front"], box(-8, 224, 8, 254)),
  side("groin", ["front"], [[0, 216], [38, 216], [10, 244], [0, 244]]),
  middle(["upper_back"], ["back"], box(-40, 84, 40, 156)),
  middle(["natal_cleft"], ["back"], box(-4.5, 206, 4.5, 233)),
  middle(["anus"], ["back"], box(-4.5, 233, 4.5, 244)),
  middle(["lower_back"], ["back"], box(-38, 156, 38, 206)),
  side("buttock", ["back"], box(0, 206, 42, 252)),
  side("knee", both, box(4, 306, 40, 336)),
  side("thigh", both, box(0, 216, 44, 306)),
  side("calf", both, box(4, 336, 38, 402)),
  side("foot", both, box(4, 402, 34, 436)),
];

function isInside(points: [number, number][], x: number, y: number): boolean {
  let inside = false;
  for (const [i, [xi, yi]] of points.entries()) {
    const [xj, yj] = points.at(i - 1) ?? [0, 0];
    if (yi > y !== yj > y && x < ((xj - xi) * (y - yi)) / (yj - yi) + xi) inside = !inside;
  }
  return inside;
}

/** The patient's side of a distance from the middle line, as that view shows it. */
export function sideOf(view: View, offset: number): Side {
  if (Math.abs(offset) < MIDLINE_REACH) return "midline";
  return offset > 0 === (view === "front") ? "left" : "right";
}

/** What lies under a point of the drawing, in the drawing's units. */
export function placeAt(view: View, x: number, y: number): Place {
  const offset = x - MIDDLE;
  const found = SHAPES.find(
    (shape) => shape.views.includes(view) && isInside(shape.points, shape.halves === "both" ? Math.abs(offset) : offset, y),
  );
  return { sites: found?.sites ?? [], side: sideOf(view, offset) };
}

export interface Region {
  key: string;
  view: View;
  sites: string[];
  side: Side;
  points: string;
  centre: { x: number; y: number };
}

function region(view: View, shape: Shape, mirrored: boolean): Region {
  const points = shape.points.map(([x, y]): [number, number] => [MIDDLE + (mirrored ? -x : x), y]);
  const centre = {
    x: points.reduce((sum, [x]) => sum + x, 0) / points.length,
    y: points.reduce((sum, [, y]) => sum + y, 0) / points.length,
  }
  return {
    key: `${view}-${shape.sites[0]}-${mirrored}`,
    view,
    sites: shape.sites,
    side: shape.halves === "middle" ? "midline" : sideOf(view, centre.x - MIDDLE),
    points: points.map((point) => point.join(",")).join(" "),
    centre,
  }
}

/** Every region of a view, or those of one site: the large ones first so that the small ones lie on top. */
export function regionsOf(view: View, site?: string): Region[] {
  return SHAPES.filter((shape) => shape.views.includes(view) && (site === undefined || shape.sites.includes(site)))
    .flatMap((shape) => (shape.halves === "both" ? [region(view, shape, true), region(view, shape, false)] : [region(view, shape, false)]))
    .reverse();
}

/** Of the sites that both views show, these are more often meant at the back. */
const BACK_FIRST = new Set(["flank", "calf", "elbow"]);

/** A pin for a site that was chosen by its name, so that its picture has one too. */
export function pinFor(site: string, on: Side | null): Pin | null {
  for (const view of BACK_FIRST.has(site) ? (["back", "front"] as const) : (["front", "back"] as const)) {
    const regions = regionsOf(view, site);
    const found = regions.find((one) => one.side === on) ?? regions[0];
    if (!found) continue;
    const { x, y } = found.centre;
    const outward = (on === "left") === (view === "front") ? 1 : -1;
    const shifts = found.side === "midline" && (on === "left" || on === "right") ? [14, 6, 3] : [];
    const shift = shifts.find((far) => placeAt(view, x + far * outward, y).sites.includes(site)) ?? 0;
    return { view, x: (x + shift * outward) / WIDTH, y: y / HEIGHT };
  }
  return null;
}

/** Where a first touch looks closer: a window of the drawing around the touch. */
export function closeUp(x: number, y: number): { x: number; y: number; width: number; height: number } {
  const small = y < 96;
  const width = small ? 76 : 110;
  const height = width * 1.1;
  return {
    x: Math.min(Math.max(x - width / 2, 0), WIDTH - width),
    y: Math.min(Math.max(y - height / 2, 0), HEIGHT - height),
    width,
    height,
  }
}

/** Sites a finger could as well have meant: offered beside the one that was hit. */
export const NEAR: Record<string, string[]> = {
  scalp: ["face", "neck"],
  face: ["eyelid", "jaw", "scalp"],
  eyelid: ["face"],
  mouth: ["lip", "face", "jaw"],
  lip: ["mouth", "face"],
  jaw: ["neck", "face", "mouth"],
  neck: ["thyroid", "jaw", "supraclavicular"],
  thyroid: ["neck"],
  supraclavicular: ["neck", "chest", "shoulder"],
  axilla: ["breast", "chest", "upper_arm"],
  breast: ["chest", "axilla"],
  chest: ["breast", "supraclavicular"],
  upper_back: ["lower_back", "shoulder"],
  lower_back: ["flank", "upper_back", "buttock", "natal_cleft"],
  flank: ["lower_back", "abdomen"],
  abdomen: ["flank", "groin"],
  groin: ["abdomen", "thigh", "vulva", "penis", "scrotum"],
  buttock: ["natal_cleft", "lower_back", "thigh"],
  natal_cleft: ["anus", "buttock", "lower_back"],
  anus: ["natal_cleft", "buttock"],
  penis: ["scrotum", "vulva", "groin"],
  scrotum: ["penis", "vulva", "groin"],
  vulva: ["penis", "scrotum", "groin"],
  shoulder: ["upper_arm", "upper_back", "axilla"],
  upper_arm: ["shoulder", "elbow"],
  elbow: ["upper_arm", "forearm"],
  forearm: ["elbow", "hand"],
  hand: ["forearm"],
  thigh: ["groin", "knee", "buttock"],
  knee: ["thigh", "calf"],
  calf: ["knee", "foot"],
  foot: ["calf"],
};
