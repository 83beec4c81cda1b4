/** The error function, which JavaScript lacks: to a relative 1e-13, as near to Python's `math.erfc` as anything here asks. */

const TURN = 2.5; // below it the series is quicker, above it the fraction
const FRACTION_TERMS = 60;

/** 1 - erf(x): twice the share of a normal distribution beyond x times the square root of two. */
export function erfc(x: number): number {
  if (x < 0) return 2 - erfc(-x);
  return x < TURN ? 1 - erfNearZero(x) : erfcFarOut(x);
}

/** Abramowitz and Stegun 7.1.6: every term is positive, so that nothing cancels. */
function erfNearZero(x: number): number {
  let term = x;
  let sum = x;
  for (let odd = 3; term > sum * 1e-17; odd += 2) {
    term *= (2 * x * x) / odd;
    sum += term;
  }
  return (2 / Math.sqrt(Math.PI)) * Math.exp(-x * x) * sum;
}

/** Abramowitz and Stegun 7.1.14: a continued fraction, from its tail up. */
function erfcFarOut(x: number): number {
  let tail = x;
  for (let k = FRACTION_TERMS; k > 0; k -= 1) tail = x + k / (2 * tail);
  return Math.exp(-x * x) / (Math.sqrt(Math.PI) * tail);
}
