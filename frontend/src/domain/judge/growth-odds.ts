import { total, type Account, type Ramp } from "./growth-model";
import { GROWTH_RATES, type Weights } from "./growth-table";

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
const [HUGE, TINY] = [Math.exp(580), Math.exp(-700)] as const;

/** The exponential of a log, within what a number can hold. */
const bounded = (log: number): number => Math.exp(log < LARGEST_LOG ? log : LARGEST_LOG);

/**
 * Likelihoods added up over every way to tell the record, in one unit: growing by its weights, the others bare. `logUnit`:
 * the log of that unit over the likelihood of a level size, where more was told than a number holds.
 */
export interface Evidence {
  growing: number;
  level: number;
  shrinking: number;
  stopped: number;
  logUnit: number;
}

export function evidenceOf(accounts: readonly Account[], weights: Weights): Evidence {
  const told = accounts.map(({ ramps, levelLog }) => {
    const found = evidenceIn(ramps, weights);
    return { found, log: levelLog + found.logUnit };
  });
  const top = Math.max(...told.map(({ log }) => log));
  const sum = (of: (found: Evidence) => number): number => total(told, ({ found, log }) => Math.exp(log - top) * of(found));
  return {
    growing: sum((found) => found.growing),
    level: sum((found) => found.level),
    shrinking: sum((found) => found.shrinking),
    stopped: sum((found) => found.stopped),
    logUnit: 0,
  };
}

/** Odds that it grows; calibrated so that 9 to 1 keeps false alarms rare. */
export function growthOdds(evidence: Evidence, weights: Weights, bar: number): number {
  const other = evidence.level + weights.shrinking * (evidence.shrinking + LATER * evidence.stopped);
  const log = Math.log(Math.max(TINY, evidence.growing)) - Math.log(Math.max(TINY, other));
  return bounded(log - bar);
}

/** Odds that it is shrinking, against a level size or one that is level again. */
export const shrinkOdds = (evidence: Evidence): number => evidence.shrinking / Math.max(TINY, evidence.level + LATER * evidence.stopped);

/** Likelihoods over that of a level size for one way to tell the record. */
function evidenceIn(ramps: readonly Ramp[], weights: Weights): Evidence {
  const [first, ...later] = ramps;
  if (!first) {
    return { growing: total(weights.fromStart, (share) => share), level: 1, shrinking: FROM_THE_START, stopped: 0, logUnit: 0 };
  }
  const found = evidenceOver(first, later, weights, 0);
  if (Math.max(found.growing, found.shrinking, found.stopped) < HUGE) return found;
  return evidenceOver(first, later, weights, largestLog(first, later));
}

function evidenceOver(first: Ramp, later: readonly Ramp[], weights: Weights, logUnit: number): Evidence {
  let growing = paces(first.along, first.spread, -logUnit, weights.fromStart, weights);
  let [again, shrinking, stopped] = [0, 0, 0];
  for (const ramp of later) {
    growing += paces(ramp.along, ramp.spread, -logUnit, weights.later, weights);
    shrinking += shrinkingFrom(ramp, logUnit);
    for (const before of EARLIER_RATES) {
      const [until, after] = [stoppedLog(first, ramp, before) - logUnit, alongAfter(ramp, before)];
      stopped += bounded(until);
      if (until + (after > 0 && ramp.spread > 0 ? (0.5 * after * after) / ramp.spread : 0) > SMALLEST_LOG) {
        again += paces(after, ramp.spread, until, weights.later, weights);
      }
    }
  }
  const moments = Math.max(1, later.length);
  return {
    growing: growing + (weights.shrinking * AGAIN * again) / EARLIER_RATES.length,
    level: Math.exp(-logUnit),
    shrinking: FROM_THE_START * shrinkingFrom(first, logUnit) + (LATER * shrinking) / moments,
    stopped: stopped / (EARLIER_RATES.length * moments),
    logUnit,
  };
}

/** The largest log likelihood over a level size of all that is added up, before any weights. */
function largestLog(first: Ramp, later: readonly Ramp[]): number {
  let largest = 0;
  const among = (rates: readonly number[], along: number, spread: number, log: number): void => {
    for (const rate of rates) largest = Math.max(largest, log + rate * along - 0.5 * rate * rate * spread);
  };
  for (const ramp of [first, ...later]) among([...GROWTH_RATES, ...SHRINK_RATES], ramp.along, ramp.spread, 0);
  for (const ramp of later) {
    for (const before of EARLIER_RATES) among([0, ...GROWTH_RATES], alongAfter(ramp, before), ramp.spread, stoppedLog(first, ramp, before));
  }
  return largest;
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

/** Likelihood of shrinking from one moment on. */
const shrinkingFrom = ({ along, spread }: Ramp, logUnit: number): number =>
  total(SHRINK_RATES, (rate) => bounded(rate * along - 0.5 * rate * rate * spread - logUnit)) / SHRINK_RATES.length;
