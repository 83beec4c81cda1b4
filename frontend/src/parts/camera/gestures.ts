/** What one or two fingers did since the last report, in pixels of the screen. */
export interface Motion {
  dx: number;
  dy: number;
  /** 1 where only one finger is down. */
  scale: number;
  /** Radians, clockwise. */
  turn: number;
  /** The finger, or the middle of two, from the element's top left corner. */
  x: number;
  y: number;
  fingers: number;
}

export interface Gestures {
  onmove: (motion: Motion) => void;
  /** The first finger comes down. */
  onstart?: (x: number, y: number) => void;
  /** The last finger goes up. */
  onend?: () => void;
}

interface Spot {
  x: number;
  y: number;
}

/** The change from two places of fingers to two later ones; the second finger may be missing. */
export function motionOf(before: readonly Spot[], after: readonly Spot[]): Motion {
  const [from, to] = [middle(before), middle(after)];
  const [a, b] = [between(before), between(after)];
  const isPair = a !== null && b !== null && a.length > 0 && b.length > 0;
  return { dx: to.x - from.x, dy: to.y - from.y, scale: isPair ? b.length / a.length : 1, turn: isPair ? b.angle - a.angle : 0, x: to.x, y: to.y, fingers: after.length };
}

const middle = (spots: readonly Spot[]): Spot => ({
  x: spots.reduce((sum, { x }) => sum + x, 0) / Math.max(1, spots.length),
  y: spots.reduce((sum, { y }) => sum + y, 0) / Math.max(1, spots.length),
});

function between([first, second]: readonly Spot[]): { length: number; angle: number } | null {
  if (!first || !second) return null;
  const [dx, dy] = [second.x - first.x, second.y - first.y];
  return { length: Math.hypot(dx, dy), angle: Math.atan2(dy, dx) };
}

/** Reports drags, pinches and turns on an element. */
export function gestures(node: HTMLElement, handlers: Gestures): { update: (next: Gestures) => void; destroy: () => void } {
  let current = handlers;
  const down = new Map<number, Spot>();
  const spot = (event: PointerEvent): Spot => {
    const box = node.getBoundingClientRect();
    return { x: event.clientX - box.left, y: event.clientY - box.top };
  };
  const press = (event: PointerEvent): void => {
    if (down.size >= 2 || event.button > 0) return;
    try {
      node.setPointerCapture(event.pointerId);
    } catch {
      // A pointer that is gone already, or one made by a script.
    }
    const place = spot(event);
    down.set(event.pointerId, place);
    if (down.size === 1) current.onstart?.(place.x, place.y);
  };
  const move = (event: PointerEvent): void => {
    if (!down.has(event.pointerId)) return;
    const before = [...down.values()];
    down.set(event.pointerId, spot(event));
    current.onmove(motionOf(before, [...down.values()]));
  };
  const lift = (event: PointerEvent): void => {
    if (down.delete(event.pointerId) && down.size === 0) current.onend?.();
  };
  const heard = { pointerdown: press, pointermove: move, pointerup: lift, pointercancel: lift };
  for (const [name, listener] of Object.entries(heard)) node.addEventListener(name, listener as EventListener);
  return {
    update: (next) => (current = next),
    destroy: () => {
      for (const [name, listener] of Object.entries(heard)) node.removeEventListener(name, listener as EventListener);
    },
  };
}
