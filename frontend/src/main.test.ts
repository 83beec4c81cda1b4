// @vitest-environment happy-dom
import { expect, test, vi } from "vitest";

const PATIENCE_MS = 60_000; // the whole app is loaded
const GREETING = '<div id="app"><p lang="en" class="greeting" hidden>Hello</p></div>';

test("a first visit is greeted, and the app takes the place of the greeting", async () => {
  Object.defineProperty(navigator, "serviceWorker", { value: { controller: null, addEventListener: () => undefined, register: async () => undefined }, configurable: true });
  document.body.innerHTML = GREETING;
  await import("./main");
  expect(document.body.textContent).toBe("Hello");
  expect(document.querySelector<HTMLElement>(".greeting")?.hidden).toBe(false);
  await vi.waitFor(() => {
    expect(document.querySelector("h1")?.textContent).toBe("Lumps");
  }, PATIENCE_MS);
  expect(document.querySelectorAll(".greeting")).toHaveLength(0);
}, PATIENCE_MS);
