// @vitest-environment happy-dom
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { greet } from "./greet";

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
