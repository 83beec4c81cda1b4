/**
 * Says what this is while the app is still on its way. Only on a first visit, which the service worker has not answered,
 * and on the first screen: later the app is here before anybody could read, and a hidden screen has to stay empty.
 */
export function greet(language: string): boolean {
  if (location.hash.length > 2 || !isFirstVisit()) return false;
  const greeting = [...document.querySelectorAll<HTMLElement>(".greeting")].find(({ lang }) => lang === language);
  if (!greeting) return false;
  greeting.hidden = false;
  return true;
}

function isFirstVisit(): boolean {
  try {
    return "serviceWorker" in navigator && navigator.serviceWorker.controller === null && sessionStorage.length === 0;
  } catch {
    return false; // a browser that keeps nothing for this site
  }
}

/** The app comes then, whatever the browser draws. */
const LATEST_MS = 300;

/** Once it stands on the glass, as the browser says; where it does not say, once it has been asked to draw. */
export const drawn = (): Promise<void> =>
  new Promise((resolve) => {
    setTimeout(resolve, LATEST_MS);
    if (PerformanceObserver.supportedEntryTypes.includes("paint")) {
      new PerformanceObserver((list) => {
        if (list.getEntriesByName("first-contentful-paint").length > 0) resolve();
      }).observe({ type: "paint", buffered: true });
    } else requestAnimationFrame(() => setTimeout(resolve));
  });
