import type { Mark } from "../../photo/shot";

/** How an older picture lies over a newer one: moved by shares of the newer one's width, then turned and scaled about its middle. */
export interface Laying {
  x: number;
  y: number;
  scale: number;
  /** Radians, clockwise. */
  turn: number;
}

export const STRAIGHT: Laying = { x: 0, y: 0, scale: 1, turn: 0 };

const SCALES = { least: 0.2, most: 5 };
const STEPS: Record<string, (lies: Laying, step: number) => Laying> = {
  ArrowLeft: (lies, step) => ({ ...lies, x: lies.x - step }),
  ArrowRight: (lies, step) => ({ ...lies, x: lies.x + step }),
  ArrowUp: (lies, step) => ({ ...lies, y: lies.y - step }),
  ArrowDown: (lies, step) => ({ ...lies, y: lies.y + step }),
  "+": (lies, step) => scaled(lies, 1 + step),
  "=": (lies, step) => scaled(lies, 1 + step),
  "-": (lies, step) => scaled(lies, 1 / (1 + step)),
  "[": (lies, step) => ({ ...lies, turn: lies.turn - step }),
  "]": (lies, step) => ({ ...lies, turn: lies.turn + step }),
};
const FINE = 0.005;
const COARSE = 0.03;

export const scaled = (lies: Laying, by: number): Laying => ({
  ...lies,
  scale: Math.min(SCALES.most, Math.max(SCALES.least, lies.scale * by)),
});

/** What a key does to it; `null` for a key that does nothing here. */
export function afterKey(lies: Laying, key: string, isCoarse: boolean): Laying | null {
  return STEPS[key]?.(lies, isCoarse ? COARSE : FINE) ?? null;
}

/** What fingers do: the picture stays under them. `width` and `height` are those of the newer picture on the screen. */
export function afterMotion(
  lies: Laying,
  motion: { dx: number; dy: number; scale: number; turn: number; x: number; y: number },
  { width, height }: { width: number; height: number },
): Laying {
  const next = { ...scaled(lies, motion.scale), turn: lies.turn + motion.turn };
  const by = next.scale / lies.scale; // less than was asked for at the ends
  const [cosine, sine] = [Math.cos(motion.turn) * by, Math.sin(motion.turn) * by];
  const from = { x: width / 2 + lies.x * width - (motion.x - motion.dx), y: height / 2 + lies.y * width - (motion.y - motion.dy) };
  const to = { x: motion.x + cosine * from.x - sine * from.y, y: motion.y + sine * from.x + cosine * from.y };
  return { ...next, x: (to.x - width / 2) / width, y: (to.y - height / 2) / width };
}

export const transformOf = ({ x, y, scale, turn }: Laying, width: number): string =>
  `translate(${x * width}px, ${y * width}px) rotate(${turn}rad) scale(${scale})`;

/** Kept with the newer picture. */
export const overMark = (photo: string, lies: Laying): Mark => ({ kind: "over", photo, ...lies });

/** Taken live while `photo` lay over it as a ghost: about where it lies, by nobody's care afterwards. */
export const ghostMark = (photo: string): Mark => ({ ...overMark(photo, STRAIGHT), by: "ghost" });

export const isUnderGhost = (marks: readonly object[], photo: string): boolean =>
  (marks as readonly Mark[]).some((mark) => mark["kind"] === "over" && mark["photo"] === photo && mark["by"] === "ghost");

/** How `photo` was laid over the picture with these marks, if it was. */
export function layingIn(marks: readonly object[], photo: string): Laying | null {
  const found = (marks as readonly Mark[]).find((mark) => mark["kind"] === "over" && mark["photo"] === photo);
  const lies = found && { x: found["x"], y: found["y"], scale: found["scale"], turn: found["turn"] };
  return lies && Object.values(lies).every((value) => typeof value === "number" && Number.isFinite(value)) && Number(lies.scale) > 0 ? (lies as Laying) : null;
}
