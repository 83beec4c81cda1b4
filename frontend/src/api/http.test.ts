import { afterEach, expect, test, vi } from "vitest";
import { fetchPicture } from "./http";

afterEach(() => {
  vi.unstubAllGlobals();
});

test("no picture is left in the browser's own cache, where sign-out could not reach it", async () => {
  const request = vi.fn<typeof fetch>(async () => new Response("bytes"));
  vi.stubGlobal("fetch", request);
  expect((await fetchPicture("photos/p/thumb/"))?.bytes.byteLength).toBe(5);
  expect(request.mock.calls[0]?.[1]?.cache).toBe("no-store");
});
