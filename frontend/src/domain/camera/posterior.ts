import { backward, type Fit, type Misfit } from "./least-squares";
import type { View } from "./types";

/**
 * What the points leave open about the camera, as a few hundred weighted views. Drawn round each minimum as wide as its own
 * information says, and weighted by how well each draw really fits: near no tilt the errors are not symmetric, and a coin seen
 * from two sides looks alike, which one covariance cannot say.
 */
const PAIRS = 160;
const WIDER = 1.15;
const SAME = 0.05; // minima closer than this share of their own width are one
const WORSE = 12; // a minimum this much worse in chi-square is never what was seen

/** Numbers from a bell curve, always the same ones, so that the same touches give the same millimetres. */
function* bell(): Generator<number, never> {
  let state = 0x2545f491;
  const uniform = (): number => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return ((state >>> 0) + 0.5) / 4294967296;
  };
  for (;;) {
    const [radius, angle] = [Math.sqrt(-2 * Math.log(uniform())), 2 * Math.PI * uniform()];
    yield radius * Math.cos(angle);
    yield radius * Math.sin(angle);
  }
}

const square = (values: readonly number[]): number => values.reduce((sum, value) => sum + value * value, 0);

/** How far `numbers` lie from a minimum, in its own standard deviations, squared: |Lᵀ·(x − x₀)|². */
function distance2({ factor, numbers: middle }: Fit, numbers: readonly number[]): number {
  const offset = numbers.map((value, index) => value - (middle[index] ?? 0));
  return square(offset.map((_, column) => factor.reduce((sum, row, at) => sum + (row[column] ?? 0) * (offset[at] ?? 0), 0)));
}

const logVolume = ({ factor }: Fit): number => -factor.reduce((sum, row, index) => sum + Math.log(row[index] ?? 1), 0);

/** The different minima among these fits, best first. */
export function distinct(fits: readonly (Fit | null)[]): Fit[] {
  const kept: Fit[] = [];
  for (const fit of fits.filter((one) => one !== null).sort((a, b) => a.chi2 - b.chi2)) {
    const isNew = kept.every((other) => distance2(other, fit.numbers) > SAME ** 2);
    if (isNew && fit.chi2 <= (kept[0] ?? fit).chi2 + WORSE) kept.push(fit);
  }
  return kept;
}

/** The views that these minima of `misfit` stand for; the weights add up to one. */
export function viewsOf(misfit: Misfit, minima: readonly Fit[]): View[] {
  const draws = bell();
  const drawn: { numbers: number[]; log: number }[] = [];
  for (const fit of minima) {
    for (let pair = 0; pair < PAIRS / minima.length; pair += 1) {
      const offset = backward(fit.factor, fit.numbers.map(() => WIDER * draws.next().value));
      for (const side of [1, -1]) {
        const numbers = fit.numbers.map((value, index) => value + side * (offset[index] ?? 0));
        drawn.push({ numbers, log: -square(misfit(numbers)) / 2 - logDensity(minima, numbers) });
      }
    }
  }
  const most = Math.max(...drawn.map(({ log }) => log));
  const weights = drawn.map(({ log }) => Math.exp(log - most));
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  return drawn.map(({ numbers }, index) => ({ numbers, weight: (weights[index] ?? 0) / total }));
}

/**
 * The views that a reference of two points leaves open: it says nothing about the tilt, so any expected camera will do, and what
 * two points do settle is fitted to each, with fingers that strayed otherwise. `settle` returns the numbers, null if it cannot.
 */
export function viewsAsExpected(expected: readonly number[], settle: (camera: readonly number[], stray: () => number) => readonly number[] | null): View[] {
  const draws = bell();
  const stray = (): number => draws.next().value;
  const found: (readonly number[])[] = [];
  for (let draw = 0; draw < PAIRS; draw += 1) {
    const numbers = settle(expected.map((sd) => sd * stray()), stray);
    if (numbers) found.push(numbers);
  }
  return found.map((numbers) => ({ numbers, weight: 1 / found.length }));
}

/** The logarithm of how densely views are drawn here, but for a constant. */
function logDensity(minima: readonly Fit[], numbers: readonly number[]): number {
  const logs = minima.map((fit) => -distance2(fit, numbers) / (2 * WIDER ** 2) - logVolume(fit));
  const most = Math.max(...logs);
  return most + Math.log(logs.reduce((sum, log) => sum + Math.exp(log - most), 0));
}
