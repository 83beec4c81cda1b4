import { total, type Account, type Ramp } from "./growth-model";
import { barOf, GROWTH_RATES, type Weights } from "./growth-table";

/**
 * What a record says for growth: the likelihoods of every way of growing, over those of staying level or shrinking. The
 * twin of triage/growth_odds.py. A way of growing is a rate, a moment at which it began, and the rate before that.
 */

const SHRINK_RATES = [60, 30, 15].map((days) => -Math.LN2 / (3 * days));
export const EARLIER_RATES: readonly number[] = [50, 20].map((days) => -Math.LN2 / (3 * days));
const [FROM_THE_START, LATER] = [0.7, 0.3] as const;
const AGAIN = 0.5;
const OVERDUE_AT_MOST = 4;
const [LARGEST_LOG, SMALLEST_LOG] = [600, -6] as const;

/** The exponential of a log, within what a number can hold. */
export const bounded = (log: number): number => Math.exp(log < LARGEST_LOG ? log : LARGEST_LOG);

/** Likelihoods added up over every way to tell the record, in one unit: growing by its weights, the others bare. */
export interface Evidence {
  growing: number;
  level: number;
  shrinking: number;
  stopped: number;
}

export function evidenceOf(accounts: readonly Account[], weights: Weights): Evidence {
  const top = Math.max(...accounts.map((account) => account.levelLog));
  const evidence = { growing: 0, level: 0, shrinking: 0, stopped: 0 };
  for (const { levelLog, ramps } of accounts) {
    const told = Math.exp(levelLog - top);
    evidence.level += told;
    evidence.growing += told * growing(ramps, weights);
    evidence.shrinking += told * shrinking(ramps);
    evidence.stopped += told * stopped(ramps);
  }
  return evidence;
}

/** Odds that it grows; calibrated so that 9 to 1 keeps false alarms rare. */
export function growthOdds(evidence: Evidence, weights: Weights, readings: number): number {
  const other = evidence.level + weights.shrinking * (evidence.shrinking + LATER * evidence.stopped);
  return bounded(Math.log(evidence.growing / other) - barOf(readings, weights));
}

/** Odds that it is shrinking, against a level size or one that is level again. */
export const shrinkOdds = (evidence: Evidence): number => evidence.shrinking / (evidence.level + LATER * evidence.stopped);

/** Likelihood of growing over that of a level size, every way by its weight. */
function growing(ramps: readonly Ramp[], weights: Weights): number {
  const [first, ...later] = ramps;
  if (!first) return total(weights.fromStart, (share) => share);
  let sum = paces(first.along, first.spread, 0, weights.fromStart, weights);
  let again = 0;
  for (const ramp of later) {
    const { spread } = ramp;
    sum += paces(ramp.along, spread, 0, weights.later, weights);
    for (const before of EARLIER_RATES) {
      const [ended, along] = [stoppedLog(first, ramp, before), alongAfter(ramp, before)];
      if (ended + (along > 0 ? (0.5 * along * along) / spread : 0) > SMALLEST_LOG) {
        again += paces(along, spread, ended, weights.later, weights);
      }
    }
  }
  return sum + (weights.shrinking * AGAIN * again) / EARLIER_RATES.length;
}

/** The rates of growth from one moment on, each by its share. What would have been plain before counts for less. */
function paces(along: number, spread: number, logBefore: number, shares: readonly number[], weights: Weights): number {
  let sum = 0;
  for (let index = 0; index < GROWTH_RATES.length; index += 1) {
    const rate = GROWTH_RATES[index] ?? 0;
    const noise = rate * rate * spread;
    let log = logBefore + rate * along - 0.5 * noise;
    if (noise > weights.overdueFrom) log -= Math.min(OVERDUE_AT_MOST, weights.overdue * (noise - weights.overdueFrom));
    sum += (shares[index] ?? 0) * bounded(log);
  }
  return sum;
}

/** Log likelihood of the rate `before` until the ramp's day and none from then on, over that of a level size. */
export const stoppedLog = (first: Ramp, ramp: Ramp, before: number): number =>
  before * (first.along - ramp.along) - 0.5 * before * before * (first.spread - 2 * ramp.trend + ramp.spread);

/** The ramp's product with what the rate `before` leaves of the sizes. */
export const alongAfter = (ramp: Ramp, before: number): number => ramp.along - before * (ramp.trend - ramp.spread);

/** Likelihood of shrinking now over that of a level size. */
function shrinking(ramps: readonly Ramp[]): number {
  const [first, ...later] = ramps;
  if (!first) return FROM_THE_START;
  const sum = total(SHRINK_RATES, (rate) => {
    const likelihood = (ramp: Ramp): number => bounded(rate * ramp.along - 0.5 * rate * rate * ramp.spread);
    return FROM_THE_START * likelihood(first) + (LATER * total(later, likelihood)) / Math.max(1, later.length);
  });
  return sum / SHRINK_RATES.length;
}

/** Likelihood of having shrunk and come to a standstill over that of a level size. */
function stopped(ramps: readonly Ramp[]): number {
  const [first, ...later] = ramps;
  if (!first) return 0;
  const sum = total(later, (ramp) => total(EARLIER_RATES, (before) => bounded(stoppedLog(first, ramp, before))));
  return sum / Math.max(1, later.length * EARLIER_RATES.length);
}
