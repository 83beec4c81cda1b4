import { intl } from "../../texts";

const HIGH_HZ = 880;
const LOW_HZ = 587;
const BEEP_S = 0.15;
/** Longer than a beep, with room for a headset that plays late. */
const CLOSED_AFTER_MS = 1_000;

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
        const sound = this.#sound;
        this.#sound = null; // the picture is taken and the screen goes on: the last beep is not to be cut by it
        beep(sound, HIGH_HZ);
        if (sound) setTimeout(() => void sound.close(), CLOSED_AFTER_MS);
        this.left = null;
        then();
        return;
      }
      this.left = left;
      beep(this.#sound, LOW_HZ);
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
}

function beep(sound: AudioContext | null, hertz: number): void {
  if (!sound) return;
  const [tone, volume] = [sound.createOscillator(), sound.createGain()];
  tone.frequency.value = hertz;
  volume.gain.value = 0.2;
  tone.connect(volume).connect(sound.destination);
  tone.start();
  tone.stop(sound.currentTime + BEEP_S);
}

function say(left: number): void {
  if (!("speechSynthesis" in globalThis)) return;
  const words = new SpeechSynthesisUtterance(new Intl.NumberFormat(intl()).format(left));
  words.lang = intl();
  speechSynthesis.cancel();
  speechSynthesis.speak(words);
}
