/** Chance that can be played again: the same seed gives the same history. */
export class Chance {
  #state: number;

  constructor(seed: number) {
    this.#state = (seed * 2_654_435_761 + 40_503) >>> 0;
  }

  /** A whole number from 0 up to, and without, `sides`. Mulberry32. */
  roll(sides: number): number {
    this.#state = (this.#state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(this.#state ^ (this.#state >>> 15), 1 | this.#state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) % sides;
  }

  one = <T>(list: readonly T[]): T => list[this.roll(list.length)] as T; // lists here are never empty
}
