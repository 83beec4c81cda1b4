/**
 * The nearest number with that many decimals, as Python's `round`: of the number as the machine holds it, and a true half
 * goes to the even digit (0.25 to 0.2). `toFixed` is exact too but takes a true half away from zero.
 */
export function rounded(value: number, decimals: number): number {
  if (Number.isInteger(value)) return value;
  const nearest = Number(value.toFixed(decimals));
  if (Math.abs(value * 2 ** (decimals + 1)) % 2 !== 1) return nearest; // only odd multiples of such a half can be halves
  const digits = value.toFixed(decimals + 1);
  const cut = digits.slice(0, decimals === 0 ? -2 : -1);
  return digits.endsWith("5") && Number(cut.at(-1)) % 2 === 0 ? Number(cut) : nearest;
}

/** The middle one, or the mean of the middle two. */
export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  const upper = sorted[middle] ?? NaN;
  return sorted.length % 2 ? upper : ((sorted[middle - 1] ?? NaN) + upper) / 2;
}
