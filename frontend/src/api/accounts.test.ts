// @vitest-environment happy-dom
import { afterEach, expect, test, vi } from "vitest";
import { accounts } from "./accounts";
import { api } from "./http";

const answering = (status: number, body: object): void => {
  vi.stubGlobal("fetch", vi.fn(async () => Response.json(body, { status })));
};

afterEach(() => {
  vi.unstubAllGlobals();
});

test("nobody signed in is an answer, not an error", async () => {
  answering(401, { status: 401, data: { flows: [{ id: "login" }] }, meta: { is_authenticated: false } });
  expect(await accounts.current()).toEqual({ signedIn: false, user: null, pending: [], types: [], flows: ["login"] });
});

test("a step that waits is named", async () => {
  answering(401, { data: { flows: [{ id: "password_reset_by_code", is_pending: true }] }, meta: { is_authenticated: false } });
  expect((await accounts.requestReset("ada@example.org")).pending).toEqual(["password_reset_by_code"]);
});

test("a slip in a form is told by field", async () => {
  answering(400, { status: 400, errors: [{ message: "Too short.", code: "password_length", param: "password" }] });
  await expect(accounts.signUp("ada@example.org", "short")).rejects.toMatchObject({
    status: 400,
    code: "password_length",
    fields: { password: ["Too short."] },
  });
});

test("silence is an error with status 0, whatever the browser calls it", async () => {
  vi.stubGlobal("fetch", vi.fn(async () => Promise.reject(new TypeError("Failed to fetch"))));
  await expect(api("GET", "me/")).rejects.toMatchObject({ status: 0, code: "no_answer", passing: true });
});

test("a proxy's error page is an error like any other", async () => {
  vi.stubGlobal("fetch", vi.fn(async () => new Response("<h1>Bad gateway</h1>", { status: 502 })));
  await expect(api("GET", "me/")).rejects.toMatchObject({ status: 502, code: "http_502", passing: true });
});

test("a write carries the token against forged requests, a read does not", async () => {
  document.cookie = "csrftoken=abc123";
  answering(200, {});
  await api("GET", "me/");
  await api("PATCH", "me/", { units: "cm" });
  const headers = vi.mocked(fetch).mock.calls.map(([, request]) => (request?.headers as Record<string, string>)["X-CSRFToken"]);
  expect(headers).toEqual([undefined, "abc123"]);
});
