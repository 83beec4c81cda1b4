import { intl } from "../../texts";

const HIGH_HZ = 880;
const LOW_HZ = 587;

/** Counts down to a picture of a place that cannot be seen; beeps always, words where they were asked for. */
export class Countdown {
  /** Seconds left; `null` while nothing is counted. */
  left = $state<number | null>(null);

  #timer: ReturnType<typeof setTimeout> | undefined;
  #sound: AudioContext | null = null;

  start(seconds: number, { aloud, then }: { aloud: boolean; then: () => void }): void {
    this.stop();
    if (seconds === 0) {
      then();
      return;
    }
    this.#sound = typeof AudioContext === "undefined" ? null : new AudioContext();
    const step = (left: number): void => {
      if (left === 0) {
        this.#beep(HIGH_HZ);
        this.left = null;
        then();
        return;
      }
      this.left = left;
      this.#beep(LOW_HZ);
      if (aloud) say(left);
      this.#timer = setTimeout(() => step(left - 1), 1000);
    };
    step(seconds);
  }

  stop(): void {
    clearTimeout(this.#timer);
    this.left = null;
    if (this.#sound?.state !== "closed") void this.#sound?.close();
    this.#sound = null;
    if ("speechSynthesis" in globalThis) speechSynthesis.cancel();
  }

  #beep(hertz: number): void {
    const sound = this.#sound;
    if (!sound) return;
    const [tone, volume] = [sound.createOscillator(), sound.createGain()];
    tone.frequency.value = hertz;
    volume.gain.value = 0.2;
    tone.connect(volume).connect(sound.destination);
    tone.start();
    tone.stop(sound.currentTime + 0.15);
  }
}

function say(left: number): void {
  if (!("speechSynthesis" in globalThis)) return;
  const words = new SpeechSynthesisUtterance(new Intl.NumberFormat(intl()).format(left));
  words.lang = intl();
  speechSynthesis.cancel();
  speechSynthesis.speak(words);
}
