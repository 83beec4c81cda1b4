/** Where down is, seen by the phone: across the screen, along it, and into it; each -1 to 1. */
export interface Down {
  across: number;
  along: number;
  into: number;
}

const RADIANS = Math.PI / 180;

/** From the angles that a phone tells (degrees; `beta` front to back, `gamma` left to right). */
export function downOf(beta: number, gamma: number): Down {
  const [b, g] = [beta * RADIANS, gamma * RADIANS];
  return { across: Math.sin(g) * Math.cos(b), along: -Math.sin(b), into: Math.cos(g) * Math.cos(b) };
}

/**
 * How far the phone leans away from the nearest straight way to hold it: flat, upright or on its side. Degrees, split into
 * the two ways a bubble would run; a picture may be taken in any of them, only not in between.
 */
export function leanOf({ across, along, into }: Down): { degrees: number; x: number; y: number } {
  const parts = [across, along, into];
  const main = parts.reduce((best, part, index) => (Math.abs(part) > Math.abs(parts[best] ?? 0) ? index : best), 0);
  const rest = parts.map((part, index) => (index === main ? 0 : Math.asin(Math.max(-1, Math.min(1, part))) / RADIANS));
  const [x = 0, y = 0, z = 0] = rest;
  const bubble = { x: main === 0 ? z : x, y: main === 1 ? z : y };
  return { degrees: Math.hypot(bubble.x, bubble.y), ...bubble };
}
