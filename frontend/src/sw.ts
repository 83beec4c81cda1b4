/// <reference lib="webworker" />
import { isServerPath, noticeFrom, READ, safeTarget, spoken, tagOf } from "./push-text";

/**
 * Keeps the built app for offline use, shows what the server pushes, says "read" for it, and nothing else. Answers of the server are never
 * kept here: the record lives in IndexedDB, where signing out removes it.
 */
declare const self: ServiceWorkerGlobalScope;

const CACHE = `shell-${__VERSION__}`;
const START = "/";
const SHELL = [START, ...__FILES__];

/** Where the browser can, it takes these out of the cache by itself: starting this worker first would cost an opening app a tenth of a second. */
const ROUTES = [
  { condition: { urlPattern: { pathname: "/assets/*" }, requestMethod: "get" }, source: { cacheName: CACHE } },
  { condition: { urlPattern: { pathname: "/", search: "" }, requestMode: "navigate" }, source: { cacheName: CACHE } },
];

self.addEventListener("install", (event) => {
  event.addRoutes?.(ROUTES).catch(() => undefined); // what it cannot take goes the way below
  event.waitUntil(keepShell());
});

const asked = (path: string): Request => new Request(path, { cache: "reload" });

/** Whoever starts from here has the app: their page says nothing in its place and names its parts. */
async function keepShell(): Promise<void> {
  const cache = await caches.open(CACHE);
  const [page] = await Promise.all([fetch(asked("/start.html")), cache.addAll(__FILES__.map(asked))]);
  if (!page.ok) throw new Error("the start page did not come");
  const headers = new Headers(page.headers);
  for (const name of ["content-encoding", "content-length"]) headers.delete(name); // of the line, which is behind it
  await cache.put(START, new Response(await page.blob(), { headers })); // made anew: as it came, it is of another address
}

self.addEventListener("activate", (event) => {
  event.waitUntil(
    (async () => {
      for (const name of await caches.keys()) if (name !== CACHE) await caches.delete(name);
      await self.clients.claim();
    })(),
  );
});

// The page asks for this after a press on "Update": a form that is half filled is never reloaded by surprise.
self.addEventListener("message", (event) => {
  if (event.data === "take-over") void self.skipWaiting();
});

self.addEventListener("fetch", (event) => {
  const { request } = event;
  const url = new URL(request.url);
  if (request.method !== "GET" || url.origin !== self.location.origin || isServerPath(url.pathname)) return;
  const key = request.mode === "navigate" ? START : url.pathname;
  if (SHELL.includes(key)) event.respondWith(fromShell(key, request));
});

async function fromShell(key: string, request: Request): Promise<Response> {
  const cache = await caches.open(CACHE);
  return (await cache.match(key)) ?? fetch(request);
}

// Always shows something: a browser that saw a silent push takes the permission away.
self.addEventListener("push", (event) => {
  const { title, options } = noticeFrom(() => event.data?.text() ?? "", __READ__, spoken(__FALLBACK__, self.navigator.languages));
  event.waitUntil(self.registration.showNotification(title, options));
});

self.addEventListener("notificationclick", (event) => {
  const { notification, action } = event;
  notification.close();
  const data = notification.data as { navigate?: string } | null;
  const target = safeTarget(data?.navigate, self.location.origin);
  event.waitUntil(action === READ ? acknowledge(notification.tag).catch(() => open(target)) : open(target));
});

/** Says "read" by POST, in the person's own session. Rejects where that cannot be said from here: then the app opens. */
async function acknowledge(tag: string): Promise<void> {
  const token = (await self.cookieStore.get("csrftoken"))?.value ?? "";
  const listed = await fetch("/api/v1/notifications/?page_size=100", { cache: "no-store" });
  const { results } = (await listed.json()) as { results: { id: string }[] };
  for (const { id } of results) {
    if ((await tagOf(id)) !== tag) continue;
    const answer = await fetch(`/api/v1/notifications/${id}/acknowledge/`, {
      method: "POST",
      headers: { "Content-Type": "application/json", "X-CSRFToken": token },
      body: JSON.stringify({ answer: "read" }),
    });
    if (answer.ok) return;
  }
  throw new Error("not answered");
}

async function open(target: string): Promise<void> {
  const windows = await self.clients.matchAll({ type: "window", includeUncontrolled: true });
  const shown = windows.find((client) => !isServerPath(new URL(client.url).pathname));
  if (!shown) {
    await self.clients.openWindow(target);
    return;
  }
  await shown.focus();
  shown.postMessage({ navigate: target }); // the page goes there itself, so that what is half filled is kept first
}

// Where the event exists; elsewhere every start of the app does the same.
self.addEventListener("pushsubscriptionchange", (event) => {
  event.waitUntil(self.clients.matchAll({ type: "window" }).then((all) => all.forEach((client) => client.postMessage({ renew: true }))));
});
