/** Residuals, each divided by its own standard deviation. */
export type Misfit = (numbers: readonly number[]) => readonly number[];
export type Matrix = readonly (readonly number[])[];

export interface Fit {
  readonly numbers: readonly number[];
  /** Sum of the squared residuals. */
  readonly chi2: number;
  /** Cholesky factor (lower) of the information at the minimum; the inverse of the information is the covariance. */
  readonly factor: Matrix;
}

const ROUNDS = 40;
const STEP = 1e-5;
const ENOUGH = 1e-7;

const sumOfSquares = (values: readonly number[]): number => values.reduce((sum, value) => sum + value * value, 0);

/** Lower triangular L with L·Lᵀ = matrix, or null where there is none. */
export function cholesky(matrix: Matrix): Matrix | null {
  const factor: number[][] = [];
  for (const [row, values] of matrix.entries()) {
    const line: number[] = [];
    for (let column = 0; column <= row; column += 1) {
      const other = column === row ? line : (factor[column] as number[]); // rows before this one are there
      let rest = values[column] as number; // the matrix is square
      for (let k = 0; k < column; k += 1) rest -= (line[k] as number) * (other[k] as number); // both filled up to here
      if (column < row) line.push(rest / (other[column] as number));
      else if (rest > 0) line.push(Math.sqrt(rest));
      else return null;
    }
    factor.push(line);
  }
  return factor;
}

/** x with L·x = right. */
export function forward(factor: Matrix, right: readonly number[]): number[] {
  const found: number[] = [];
  for (const [row, line] of factor.entries()) {
    let rest = right[row] as number; // as long as the factor
    for (let k = 0; k < row; k += 1) rest -= (line[k] as number) * (found[k] as number);
    found.push(rest / (line[row] as number));
  }
  return found;
}

/** x with Lᵀ·x = right. */
export function backward(factor: Matrix, right: readonly number[]): number[] {
  const found = [...right];
  for (let row = factor.length - 1; row >= 0; row -= 1) {
    let rest = found[row] as number;
    for (let k = row + 1; k < factor.length; k += 1) rest -= (factor[k]?.[row] as number) * (found[k] as number);
    found[row] = rest / (factor[row]?.[row] as number);
  }
  return found;
}

/** How each residual changes with each number: one column a number. */
function slopes(misfit: Misfit, numbers: readonly number[], here: readonly number[]): number[][] {
  return numbers.map((value, index) => {
    const there = misfit(numbers.map((other, place) => (place === index ? value + STEP : other)));
    return there.map((residual, row) => (residual - (here[row] as number)) / STEP);
  });
}

const dot = (a: readonly number[], b: readonly number[]): number => a.reduce((sum, value, index) => sum + value * (b[index] ?? 0), 0);

/** Levenberg and Marquardt's least squares from a start; null where it leads nowhere. */
export function leastSquares(misfit: Misfit, start: readonly number[]): Fit | null {
  let numbers = [...start];
  let here = misfit(numbers);
  let chi2 = sumOfSquares(here);
  let damping = 1e-3;
  for (let round = 0; round < ROUNDS && Number.isFinite(chi2); round += 1) {
    const columns = slopes(misfit, numbers, here);
    const information = columns.map((a) => columns.map((b) => dot(a, b)));
    const downhill = columns.map((column) => -dot(column, here));
    let gained = -1;
    while (gained < 0 && damping < 1e8) {
      const damped = information.map((row, index) => row.map((value, column) => (column === index ? value * (1 + damping) + 1e-12 : value)));
      const factor = cholesky(damped);
      if (!factor) return null;
      const step = backward(factor, forward(factor, downhill));
      const next = numbers.map((value, index) => value + (step[index] as number));
      const there = misfit(next);
      gained = chi2 - sumOfSquares(there);
      if (gained >= 0) [numbers, here, chi2] = [next, there, chi2 - gained];
      damping = gained >= 0 ? damping / 8 : damping * 6;
    }
    if (gained < ENOUGH * (1 + chi2)) break;
  }
  const columns = slopes(misfit, numbers, here);
  const factor = cholesky(columns.map((a) => columns.map((b) => dot(a, b))));
  return factor && Number.isFinite(chi2) ? { numbers, chi2, factor } : null;
}
