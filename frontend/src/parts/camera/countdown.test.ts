import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { Countdown } from "./countdown.svelte";

class FakeSound {
  static made: FakeSound[] = [];
  state = "running";
  currentTime = 0;
  destination = {};
  readonly beeps: number[] = [];
  constructor() {
    FakeSound.made.push(this);
  }
  createGain = (): object => ({ gain: { value: 1 }, connect: () => this.destination });
  createOscillator(): object {
    const tone = { frequency: { value: 0 }, connect: <T>(next: T): T => next, start: () => void this.beeps.push(tone.frequency.value), stop: () => undefined };
    return tone;
  }
  close(): Promise<void> {
    this.state = "closed";
    return Promise.resolve();
  }
}

beforeEach(() => {
  vi.useFakeTimers();
  vi.stubGlobal("AudioContext", FakeSound);
  FakeSound.made = [];
});
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

test("the last beep sounds to its end, though the screen goes on with the picture at once", async () => {
  const countdown = new Countdown();
  countdown.start(3, { aloud: false, then: () => countdown.stop() });
  await vi.advanceTimersByTimeAsync(3_000);
  const [sound] = FakeSound.made;
  expect(sound?.beeps).toEqual([587, 587, 587, 880]);
  await vi.advanceTimersByTimeAsync(300);
  expect(sound?.state).toBe("running");
  await vi.advanceTimersByTimeAsync(2_000);
  expect(sound?.state).toBe("closed"); // a phone has only a few of them
});

test("stopped while it counts it is silent at once", async () => {
  const countdown = new Countdown();
  countdown.start(3, { aloud: false, then: () => undefined });
  await vi.advanceTimersByTimeAsync(1_500);
  countdown.stop();
  expect(FakeSound.made[0]?.state).toBe("closed");
});
