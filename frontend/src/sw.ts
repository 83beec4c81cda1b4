/// <reference lib="webworker" />
import { isServerPath, noticeFrom, safeTarget } from "./push-text";

/**
 * Keeps the built app for offline use, shows what the server pushes, and nothing else. Answers of the server are never
 * kept here: the record lives in IndexedDB, where signing out removes it.
 */
declare const self: ServiceWorkerGlobalScope;

const CACHE = `shell-${__VERSION__}`;

self.addEventListener("install", (event) => {
  event.waitUntil(caches.open(CACHE).then((cache) => cache.addAll(__SHELL__.map((path) => new Request(path, { cache: "reload" })))));
});

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
  const key = request.mode === "navigate" ? "/" : url.pathname;
  if (__SHELL__.includes(key)) event.respondWith(fromShell(key, request));
});

async function fromShell(key: string, request: Request): Promise<Response> {
  const cache = await caches.open(CACHE);
  return (await cache.match(key)) ?? fetch(request);
}

// Always shows something: a browser that saw a silent push takes the permission away.
self.addEventListener("push", (event) => {
  const { title, options } = noticeFrom(() => event.data?.text() ?? "");
  event.waitUntil(self.registration.showNotification(title, options));
});

self.addEventListener("notificationclick", (event) => {
  event.notification.close();
  const data = event.notification.data as { navigate?: string } | null;
  event.waitUntil(open(safeTarget(data?.navigate, self.location.origin)));
});

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
