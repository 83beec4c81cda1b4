import { afterEach, expect, test, vi } from "vitest";
import { whenIdle } from "./idle";

afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

test("a browser that never says when it is idle does it soon", () => {
  vi.useFakeTimers();
  let done = 0;
  whenIdle(() => (done += 1));
  expect(done).toBe(0);
  vi.advanceTimersByTime(50);
  expect(done).toBe(1);
});

test("a browser that does say so is asked, and not to wait for ever", () => {
  const asked: { work: () => void; timeout: number | undefined }[] = [];
  vi.stubGlobal("requestIdleCallback", (work: () => void, options?: { timeout?: number }) => asked.push({ work, timeout: options?.timeout }));
  let done = 0;
  whenIdle(() => (done += 1));
  asked[0]?.work();
  expect([done, asked[0]?.timeout]).toEqual([1, 500]);
});

test("what was taken back is not done", () => {
  vi.useFakeTimers();
  let done = 0;
  whenIdle(() => (done += 1))();
  vi.advanceTimersByTime(1000);
  expect(done).toBe(0);
});
