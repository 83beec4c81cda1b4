/** What the service worker decides, without a service worker: tests can ask. */

const SERVER = ["/api/", "/_allauth/", "/admin/", "/s/", "/shl/", "/healthz", "/readyz"];

/** Pages and answers that the server makes itself; the app's shell must never stand in for them. */
export const isServerPath = (path: string): boolean =>
  SERVER.some((prefix) => path.startsWith(prefix) || `${path}/` === prefix);

/** The one thing that can be answered without opening the app. */
export const READ = "read";
const TAG_LENGTH = 16;

/** The tag that the server gives to the pushes about a notification: it tells nobody else which one that is. */
export async function tagOf(notification: string): Promise<string> {
  const id = Uint8Array.from(notification.replaceAll("-", "").match(/../g) ?? [], (pair) => parseInt(pair, 16));
  const digest = await crypto.subtle.digest("SHA-256", new Uint8Array([...new TextEncoder().encode("topic:"), ...id]));
  const base64 = btoa(String.fromCharCode(...new Uint8Array(digest)));
  return base64.replaceAll("+", "-").replaceAll("/", "_").slice(0, TAG_LENGTH);
}

/** In the first of the phone's own languages that we speak; the worker cannot read which one was chosen in the app. */
export function spoken(words: Record<string, string>, tags: readonly string[]): string {
  const own = tags.map((tag) => tag.split("-", 1)[0] ?? "").find((language) => words[language]);
  return words[own ?? ENGLISH] ?? "";
}
const ENGLISH = "en";

interface Notice {
  title: string;
  options: {
    body: string;
    tag: string;
    icon: string;
    badge: string;
    lang?: string;
    data: { navigate: string };
    requireInteraction?: boolean;
    actions?: { action: string; title: string }[];
  };
}

const text = (value: unknown): string => (typeof value === "string" ? value : "");

/** The declarative web push form, `{web_push: 8030, notification: {title, navigate, …}}`; anything else gives a plain notice. */
export function noticeFrom(read: () => string, readWords: Record<string, string>, fallback: string): Notice {
  let given: Record<string, unknown> = {};
  try {
    const parsed = JSON.parse(read()) as { notification?: unknown } | null;
    given = (parsed?.notification ?? {}) as Record<string, unknown>;
  } catch {
    // Not our JSON, or cut off: the fallback below is shown.
  }
  const lang = text(given["lang"]);
  const words = text(given["tag"]) ? readWords[lang] : undefined; // without a tag nobody knows what would be answered
  return {
    title: text(given["title"]) || fallback,
    options: {
      body: text(given["body"]),
      tag: text(given["tag"]) || "tracker",
      icon: "/icons/icon-192.png",
      badge: "/icons/badge-96.png",
      ...(lang ? { lang } : {}),
      data: { navigate: text(given["navigate"]) },
      ...(given["requireInteraction"] === true ? { requireInteraction: true } : {}),
      ...(words ? { actions: [{ action: READ, title: words }] } : {}),
    },
  };
}

/** Where a press leads: a path of this origin, or the start. */
export function safeTarget(navigate: string | undefined, origin: string): string {
  try {
    const url = new URL(navigate || "/", origin);
    return url.origin === origin ? url.pathname + url.search + url.hash : "/";
  } catch {
    return "/";
  }
}
