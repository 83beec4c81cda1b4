/** Why there is no live picture: each has a sentence and a way on. */
export type Trouble = "refused" | "busy" | "none" | "failed";

const TROUBLES: Record<string, Trouble> = {
  NotAllowedError: "refused",
  SecurityError: "refused",
  NotReadableError: "busy",
  AbortError: "busy",
  NotFoundError: "none",
  OverconstrainedError: "none",
  TypeError: "none",
};

const WANTED: MediaStreamConstraints = {
  audio: false,
  video: { facingMode: { ideal: "environment" }, width: { ideal: 2560 }, height: { ideal: 1920 } },
};

/** The phone's camera while a screen shows it. Nothing of it runs while the page is hidden or left. */
export class LiveCamera {
  stream = $state.raw<MediaStream | null>(null);
  trouble = $state<Trouble | null>(null);
  hasTorch = $state(false);
  torch = $state(false);

  /** Counts the starts, so that a stream that comes too late is stopped at once. */
  #start = 0;
  #isWanted = false;

  async start(): Promise<void> {
    this.#isWanted = true;
    this.trouble = null;
    const mine = (this.#start += 1);
    if (document.hidden) return; // the page's coming back starts it
    try {
      const devices = navigator.mediaDevices as MediaDevices | undefined; // missing where the page came without https
      if (!devices) throw new TypeError("no camera here");
      const stream = await devices.getUserMedia(WANTED);
      if (mine !== this.#start) {
        stopAll(stream);
        return;
      }
      this.#show(stream);
    } catch (error) {
      if (mine === this.#start) this.trouble = TROUBLES[(error as { name?: string }).name ?? ""] ?? "failed";
    }
  }

  stop(): void {
    this.#isWanted = false;
    this.#end();
  }

  /** Cameras run on behind a hidden page, and phones take them away there without a word. */
  readonly onvisibility = (): void => {
    if (document.hidden) this.#end();
    else if (this.#isWanted && !this.stream && !this.trouble) void this.start();
  };

  async light(on: boolean): Promise<void> {
    const [track] = this.stream?.getVideoTracks() ?? [];
    try {
      await track?.applyConstraints({ advanced: [{ torch: on } as MediaTrackConstraintSet] }); // nor is this
      this.torch = on;
    } catch {
      this.hasTorch = false;
    }
  }

  #show(stream: MediaStream): void {
    const [track] = stream.getVideoTracks();
    const can: (MediaTrackCapabilities & { torch?: boolean }) | undefined = track?.getCapabilities?.(); // not yet in TypeScript's library
    this.stream = stream;
    this.hasTorch = Boolean(can?.torch);
    track?.addEventListener("ended", () => {
      if (this.stream !== stream) return;
      this.#end();
      this.trouble = "busy";
    });
  }

  #end(): void {
    this.#start += 1;
    if (this.stream) stopAll(this.stream);
    this.stream = null;
    this.torch = false;
  }
}

const stopAll = (stream: MediaStream): void => stream.getTracks().forEach((track) => track.stop());
