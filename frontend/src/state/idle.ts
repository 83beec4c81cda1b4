/** How long a busy page may put it off. */
const LATEST_MS = 500;
/** Where the browser does not say when it is idle: two frames at sixty a second. */
const SOON_MS = 32;

/** Does it once the page has drawn what it has to draw and nobody is waiting for it. Returns what takes that back. */
export function whenIdle(work: () => void): () => void {
  if (typeof requestIdleCallback === "function") {
    const asked = requestIdleCallback(work, { timeout: LATEST_MS });
    return () => {
      cancelIdleCallback(asked);
    };
  }
  const timer = setTimeout(work, SOON_MS);
  return () => {
    clearTimeout(timer);
  };
}
