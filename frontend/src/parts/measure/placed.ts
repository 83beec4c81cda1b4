/** One step of a point, in pixels of the picture for one of the screen. */
export interface Move {
  /** In the view and at the pace it was made. */
  perScreenPx: number;
  /** In the whole picture, not enlarged. */
  fullPx: number;
  /** By the handle that moves all points. */
  isAll: boolean;
}

/** Which points somebody has set, and how finely. Where they lie at first is no measure of anything. */
export interface Placed {
  set: ReadonlyMap<number, number>;
  fullPx: number;
  /** Moved all at once they may fit or not: that is asked. */
  all: "untouched" | "moved" | "confirmed";
}

export const UNTOUCHED: Placed = { set: new Map(), fullPx: 1, all: "untouched" };
/** How far a finger strays on the screen, one standard deviation. */
const FINGER_PX = 2;

export function moveOf({ set, all }: Placed, index: number, { perScreenPx, fullPx, isAll }: Move): Placed {
  const before = set.get(index);
  if (!isAll) return { set: new Map(set).set(index, perScreenPx), fullPx, all };
  return { set: before === undefined ? set : new Map(set).set(index, Math.max(before, perScreenPx)), fullPx, all: "moved" };
}

export const confirmed = (placed: Placed, isRight: boolean): Placed =>
  placed.all === "untouched" ? placed : { ...placed, all: isRight ? "confirmed" : "moved" };

const isEachSet = ({ set }: Placed, count: number): boolean => Array.from({ length: count }).every((_, index) => set.has(index));

/** Whether the first so many points were each set, or all moved and said to lie right. */
export const isPlaced = (placed: Placed, count: number): boolean => placed.all === "confirmed" || isEachSet(placed, count);

/** The finger's error in pixels of the picture: that of the point set most roughly. An untouched one lies no surer than the whole picture shows. */
export const touchSdOf = (placed: Placed, count: number): number =>
  FINGER_PX * Math.max(...placed.set.values(), isEachSet(placed, count) ? 0 : placed.fullPx);
