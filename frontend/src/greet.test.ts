// @vitest-environment happy-dom
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { drawn, greet } from "./greet";

const shown = (): (string | undefined)[] => [...document.querySelectorAll<HTMLElement>("p")].filter(({ hidden }) => !hidden).map(({ lang }) => lang);

function answeredBy(controller: object | null): void {
  Object.defineProperty(navigator, "serviceWorker", { value: { controller }, configurable: true });
}

beforeEach(() => {
  document.body.innerHTML = '<div id="app"><p lang="en" class="greeting" hidden>Hello</p><p lang="es" class="greeting" hidden>Hola</p></div>';
  answeredBy(null);
});

afterEach(() => {
  vi.unstubAllGlobals();
  sessionStorage.clear();
  location.hash = "";
});

test("a first visit is greeted in the language of the phone", () => {
  expect(greet("es")).toBe(true);
  expect(shown()).toEqual(["es"]);
});

test("whoever was here before sees nothing but the app", () => {
  answeredBy({});
  expect(greet("en")).toBe(false);
  expect(shown()).toEqual([]);
});

test("a hidden screen stays empty", () => {
  sessionStorage.setItem("blank", "");
  expect(greet("en")).toBe(false);
  expect(shown()).toEqual([]);
});

test("another screen and a language without a greeting are left alone", () => {
  expect(greet("en-XA")).toBe(false);
  location.hash = "#/join/secret";
  expect(greet("en")).toBe(false);
  expect(shown()).toEqual([]);
});

test("the app comes once the browser says that the sentence stands", async () => {
  let say: (list: object) => void = () => undefined;
  class Watching {
    static supportedEntryTypes = ["paint"];
    constructor(said: typeof say) {
      say = said;
    }
    observe = (): void => undefined;
  }
  vi.stubGlobal("PerformanceObserver", Watching);
  vi.useFakeTimers();
  const come = vi.fn();
  const waited = drawn().then(come);
  say({ getEntriesByName: () => [] });
  await vi.advanceTimersByTimeAsync(200);
  expect(come).not.toHaveBeenCalled();
  say({ getEntriesByName: () => [{}] });
  await waited;
  expect(come).toHaveBeenCalled();
  vi.useRealTimers();
});

test("a browser that draws nothing does not keep the app away", async () => {
  vi.stubGlobal("PerformanceObserver", class { static supportedEntryTypes = ["paint"]; observe = (): void => undefined; });
  vi.useFakeTimers();
  const waited = drawn();
  await vi.advanceTimersByTimeAsync(300);
  await waited;
  vi.useRealTimers();
});
