// @vitest-environment happy-dom
import { afterEach, expect, test, vi } from "vitest";
import { Update } from "./update.svelte";

const worker = { postMessage: vi.fn() };
const reload = vi.fn();
let listeners: Record<string, () => void>;

function browserWith(waiting: typeof worker | null): Update {
  listeners = {};
  const registration = { waiting, installing: null, addEventListener: () => undefined, update: async () => undefined };
  const container = {
    controller: {},
    register: async () => registration,
    addEventListener: (name: string, listener: () => void) => (listeners[name] = listener),
  };
  vi.stubEnv("DEV", false);
  vi.stubGlobal("navigator", { serviceWorker: container });
  vi.stubGlobal("location", { reload });
  return new Update();
}

afterEach(() => {
  vi.unstubAllGlobals();
  vi.unstubAllEnvs();
  vi.clearAllMocks();
});

test("a newer version is offered and nothing is reloaded until somebody takes it", async () => {
  const update = browserWith(worker);
  await update.register();
  expect(update.ready).toBe(true);
  expect(worker.postMessage).not.toHaveBeenCalled();
  expect(listeners["controllerchange"]).toBeUndefined();
  expect(reload).not.toHaveBeenCalled();
});

test("taken, it is switched to and loaded", async () => {
  const update = browserWith(worker);
  await update.register();
  update.take();
  expect(worker.postMessage).toHaveBeenCalledWith("take-over");
  listeners["controllerchange"]?.();
  expect(reload).toHaveBeenCalled();
});

test("without a newer version nothing is offered", async () => {
  const update = browserWith(null);
  await update.register();
  expect(update.ready).toBe(false);
});
