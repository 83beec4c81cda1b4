import { downOf, leanOf } from "./level";

type Asking = typeof DeviceOrientationEvent & { requestPermission?: () => Promise<string> };

/** How the phone leans, where it tells. iPhones tell only whoever has asked, and may be asked only by a tap. */
export class Lean {
  now = $state<ReturnType<typeof leanOf> | null>(null);
  /** There is something to tap for it. */
  mayAsk = $state(false);
  isRefused = $state(false);

  start(): void {
    if (!("DeviceOrientationEvent" in globalThis)) return;
    if (typeof (DeviceOrientationEvent as Asking).requestPermission === "function") this.mayAsk = true;
    else addEventListener("deviceorientation", this.#tilted);
  }

  async ask(): Promise<void> {
    // Called before anything is waited for: later it would not count as the tap's.
    const answer = await (DeviceOrientationEvent as Asking).requestPermission?.().catch(() => "denied");
    this.mayAsk = false;
    this.isRefused = answer !== "granted";
    if (!this.isRefused) addEventListener("deviceorientation", this.#tilted);
  }

  stop(): void {
    removeEventListener("deviceorientation", this.#tilted);
    this.now = null;
  }

  readonly #tilted = ({ beta, gamma }: DeviceOrientationEvent): void => {
    this.now = beta === null || gamma === null ? null : leanOf(downOf(beta, gamma));
  };
}
