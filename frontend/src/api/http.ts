import { ApiError, type Problem } from "./problem";

const SAFE = new Set(["GET", "HEAD"]);
const TIMEOUT_MS = 20_000;
const UPLOAD_TIMEOUT_MS = 120_000;

/** Django's cookie, whatever prefix a hoster's https setting gives it. */
function csrfToken(): string {
  const cookie = document.cookie.split("; ").find((pair) => /^[^=]*csrftoken=/.test(pair));
  return cookie ? decodeURIComponent(cookie.slice(cookie.indexOf("=") + 1)) : "";
}

/** Whether this browser has ever spoken to the server's accounts: a first visit need not ask who is signed in. */
export const hasVisited = (): boolean => csrfToken() !== "";

export interface Answer<T> {
  status: number;
  body: T;
}

function retryAfter(response: Response): number | null {
  const seconds = Number(response.headers.get("Retry-After") ?? NaN);
  return Number.isFinite(seconds) ? seconds : null;
}

const noAnswer = (): ApiError =>
  new ApiError({ status: 0, code: "no_answer", message: "", fields: {}, retry_after: null });

/**
 * The app's only request. Any answer comes back as it is; only silence (offline, timed out) throws here.
 * `navigator.onLine` is never asked: it says yes in a lift.
 */
export async function send<T>(method: string, path: string, body?: object | FormData): Promise<Answer<T> & { problem: Problem }> {
  const isForm = body instanceof FormData;
  const headers: Record<string, string> = { Accept: "application/json", "Accept-Language": document.documentElement.lang };
  if (body && !isForm) headers["Content-Type"] = "application/json";
  if (!SAFE.has(method)) headers["X-CSRFToken"] = csrfToken();
  let response: Response;
  let text: string;
  try {
    response = await fetch(path, {
      method,
      headers,
      credentials: "same-origin",
      cache: "no-store",
      signal: AbortSignal.timeout(isForm ? UPLOAD_TIMEOUT_MS : TIMEOUT_MS),
      ...(body ? { body: isForm ? body : JSON.stringify(body) } : {}),
    });
    text = await response.text();
  } catch {
    throw noAnswer();
  }
  const parsed = parse(text) ?? response.headers.get("Erasure-Receipt"); // all that an empty answer may bring
  const given = (parsed ?? {}) as Partial<Problem>;
  return {
    status: response.status,
    body: parsed as T, // the server's promise; its tests hold the shapes
    problem: {
      status: response.status,
      code: given.code ?? `http_${String(response.status)}`,
      message: given.message ?? "",
      fields: given.fields ?? {},
      retry_after: retryAfter(response),
    },
  };
}

function parse(text: string): unknown {
  try {
    return text ? JSON.parse(text) : null;
  } catch {
    return null; // a proxy's error page; its status says enough
  }
}

/** A request to `/api/v1/`; throws `ApiError` for anything but success. */
export async function api<T>(method: string, path: string, body?: object | FormData): Promise<T> {
  const answer = await send<T>(method, `/api/v1/${path}`, body);
  if (answer.status >= 400) throw new ApiError(answer.problem);
  return answer.body;
}

/** The bytes of a picture; `null` while the server still works on it. Not kept by the browser: sign-out could not clear that. */
export async function fetchPicture(path: string): Promise<{ bytes: ArrayBuffer; type: string } | null> {
  try {
    const response = await fetch(`/api/v1/${path}`, {
      credentials: "same-origin",
      cache: "no-store",
      signal: AbortSignal.timeout(TIMEOUT_MS),
    });
    if (!response.ok) return null;
    return { bytes: await response.arrayBuffer(), type: response.headers.get("Content-Type") ?? "image/jpeg" };
  } catch {
    return null;
  }
}
