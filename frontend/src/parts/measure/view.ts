import type { Point } from "../../domain/camera";

/** What part of a picture is seen: how much it is enlarged, and where its top left corner lies in the frame. */
export interface View {
  zoom: number;
  x: number;
  y: number;
}

export interface Frame {
  width: number;
  height: number;
}

export const WHOLE: View = { zoom: 1, x: 0, y: 0 };
export const MOST_ZOOM = 8;
/** How much more the magnifier enlarges what lies under it. */
export const LOUPE_ENLARGES = 3;
/** A finger that covers this much between two reports travels; below a third of it, it places. */
const SWIFT_PX = 12;

/** The picture never leaves the frame, and never becomes smaller than it. */
export function within({ zoom, x, y }: View, frame: Frame): View {
  const size = Math.min(MOST_ZOOM, Math.max(1, zoom));
  const kept = (value: number, length: number): number => Math.min(0, Math.max(length * (1 - size), value));
  return { zoom: size, x: kept(x, frame.width), y: kept(y, frame.height) };
}

/** Enlarged by a factor about a place of the frame, then moved. */
export function moved(view: View, motion: { dx: number; dy: number; scale: number; x: number; y: number }, frame: Frame): View {
  const zoom = Math.min(MOST_ZOOM, Math.max(1, view.zoom * motion.scale));
  const by = zoom / view.zoom;
  const [fromX, fromY] = [motion.x - motion.dx, motion.y - motion.dy];
  return within({ zoom, x: motion.x - (fromX - view.x) * by, y: motion.y - (fromY - view.y) * by }, frame);
}

/** So that this place of the frame's picture (shares of it) stands in the middle. */
export const centred = (share: Point, zoom: number, frame: Frame): View =>
  within({ zoom, x: frame.width / 2 - share.x * frame.width * zoom, y: frame.height / 2 - share.y * frame.height * zoom }, frame);

/** From pixels of the picture to pixels of the frame, and how many of the one make one of the other. */
export function onFrame(point: Point, view: View, frame: Frame, picture: Frame): Point {
  const scale = (frame.width / picture.width) * view.zoom;
  return { x: point.x * scale + view.x, y: point.y * scale + view.y };
}

/**
 * How fast a point follows the finger. Placed slowly it moves as the magnified picture does, a third as fast, so that a
 * stray of the finger is a third as much in the picture; swept, it keeps up. Either way the stray shrinks by as much.
 */
export const paceOf = (dx: number, dy: number): number => Math.min(1, Math.max(1 / LOUPE_ENLARGES, Math.hypot(dx, dy) / SWIFT_PX));

export const perPixel = (view: View, frame: Frame, picture: Frame): number => picture.width / (frame.width * view.zoom);
