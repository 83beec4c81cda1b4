import { best, total, type Account, type Ramp } from "./growth-model";
import { alongAfter, EARLIER_RATES, stoppedLog } from "./growth-odds";
import { erfc } from "./normal";

/**
 * The present rate of growth with its interval, whatever the verdict: every way to tell the record averaged over. The
 * twin of triage/growth_rate.py.
 */

const RATE_SPREAD = 0.01;
const [FROM_THE_START, LATER, AFTER_SHRINKING] = [1, 0.03, 0.1] as const;
const SMALLEST_SHARE = 1e-6;
const FINEST = 1e-10;
const [MOST_STEPS, HALVED_EVERY] = [80, 6] as const;

/** Change of the log diameter a day, now: the middle and the ends of the 95 % interval. */
export interface Rate {
  middle: number;
  low: number;
  high: number;
}

/** One way to tell the record: which readings are believed, the last change, and the rate before it. */
export interface Course {
  account: Account;
  ramp: Ramp;
  before: number;
}

/** One way to tell the record: its weight, and the rate it leads to with its standard error (0: known exactly). */
interface Part {
  weight: number;
  mean: number;
  error: number;
}

export function rateNow(accounts: readonly Account[]): Rate {
  const parts = partsOf(accounts);
  const mean = total(parts, (part) => part.weight * part.mean);
  const spread = Math.sqrt(total(parts, (part) => part.weight * (part.error * part.error + (part.mean - mean) ** 2)));
  const rate = (share: number, z: number): number => quantile(parts, share, mean + z * spread);
  return { low: rate(0.025, -2), middle: rate(0.5, 0), high: rate(0.975, 2) };
}

/** Mean and standard error of the rate since the ramp's day, and `before` until then. */
export function fittedRate(ramp: Ramp, before: number): { mean: number; error: number } {
  const variance = 1 / (ramp.spread + 1 / RATE_SPREAD ** 2);
  return { mean: variance * alongAfter(ramp, before), error: Math.sqrt(variance) };
}

/** The course with a rise at its end that explains the record best, every moment of change counting alike. */
export function likeliestGrowth(accounts: readonly Account[]): Course {
  const courses = accounts.flatMap((account) =>
    account.ramps.flatMap((ramp, order) => (order ? [0, ...EARLIER_RATES] : [0]).map((before) => ({ account, ramp, before }))),
  );
  const rising = courses.filter(({ ramp, before }) => alongAfter(ramp, before) > 0);
  return best(rising.length > 0 ? rising : courses, (course) => course.account.levelLog + logShare(course));
}

/** Log likelihood of a change on the ramp's day, the rate since then integrated out. */
function logShare({ account, ramp, before }: Course): number {
  const first = account.ramps[0] ?? ramp;
  const { mean, error } = fittedRate(ramp, before);
  const logBefore = before ? stoppedLog(first, ramp, before) + Math.log(AFTER_SHRINKING) : 0;
  return logBefore + Math.log(error / RATE_SPREAD) + 0.5 * (mean / error) ** 2;
}

/** Logs are weighed against the largest: a long record soon tells more than an exponential can hold. */
function partsOf(accounts: readonly Account[]): Part[] {
  const found = accounts.flatMap(logPartsOf);
  const top = found.reduce((largest, { log }) => Math.max(largest, log), -Infinity);
  const parts = found.map(({ log, mean, error }) => ({ weight: Math.exp(log - top), mean, error }));
  const all = total(parts, (part) => part.weight);
  return parts.filter((part) => part.weight > SMALLEST_SHARE * all).map((part) => ({ ...part, weight: part.weight / all }));
}

/** As a part, with the log of its weight. */
type LogPart = Omit<Part, "weight"> & { log: number };

function logPartsOf({ levelLog, ramps: [first, ...later] }: Account): LogPart[] {
  const level = { log: levelLog, mean: 0, error: 0 };
  const fromTheStart = levelLog + Math.log(FROM_THE_START);
  if (!first) return [level, { log: fromTheStart, mean: 0, error: RATE_SPREAD }];
  const found = [level, logPartOf(fromTheStart, first, 0)];
  for (const ramp of later) {
    const logOdds = levelLog + Math.log(LATER);
    found.push(logPartOf(logOdds, ramp, 0));
    for (const before of EARLIER_RATES) {
      const log = logOdds + Math.log(AFTER_SHRINKING) + stoppedLog(first, ramp, before);
      found.push({ log, mean: 0, error: 0 }, logPartOf(log, ramp, before));
    }
  }
  return found;
}

/** The log likelihood with the rate integrated out, and the rate it leaves. */
function logPartOf(logOdds: number, ramp: Ramp, before: number): LogPart {
  const { mean, error } = fittedRate(ramp, before);
  return { log: logOdds + Math.log(error / RATE_SPREAD) + 0.5 * (mean / error) ** 2, mean, error };
}

/** Newton's steps within a bracket, halved now and then; where the distribution jumps it closes on the jump. */
function quantile(parts: readonly Part[], share: number, guess: number): number {
  let low = Math.min(...parts.map(({ mean, error }) => mean - 6 * error));
  let high = Math.max(...parts.map(({ mean, error }) => mean + 6 * error));
  let rate = Math.min(Math.max(guess, low), high);
  let following = rate;
  for (let step = 0; step < MOST_STEPS; step += 1) {
    const { below, density } = belowOf(parts, rate);
    if (below < share) low = rate;
    else high = rate;
    following = density > 0 && step % HALVED_EVERY !== HALVED_EVERY - 1 ? rate - (below - share) / density : (low + high) / 2;
    if (!(low < following && following < high)) following = (low + high) / 2;
    if (Math.abs(following - rate) < FINEST || high - low < FINEST) break;
    rate = following;
  }
  return Math.abs(following) < 10 * FINEST ? 0 : following;
}

/** The share below a rate, and how densely it lies there. */
function belowOf(parts: readonly Part[], rate: number): { below: number; density: number } {
  let [below, density] = [0, 0];
  for (const { weight, mean, error } of parts) {
    const z = error === 0 ? (rate >= mean ? Infinity : -Infinity) : (rate - mean) / error;
    if (z > 8) below += weight;
    else if (z > -8) {
      below += (weight * erfc(-z / Math.SQRT2)) / 2;
      density += (weight * Math.exp(-0.5 * z * z)) / (error * Math.sqrt(2 * Math.PI));
    }
  }
  return { below, density };
}
