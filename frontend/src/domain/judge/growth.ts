import {
  accountsOf,
  kept,
  logOdds,
  logWeight,
  oddsOfChange,
  posterior,
  priorOdds,
  RATES,
  rateQuantiles,
  seriesOf,
  SHRINK_RATES,
  suspectedSlips,
  total,
  type Account,
  type Ramp,
  type Reading,
  type Series,
} from "./growth-model";
import { DAY, type Instant } from "./instant";

/**
 * Is it growing, and how fast: a change of pace told from measuring error. The twin of triage/growth.py, to the same
 * numbers; mathematics, calibration and scores are in docs/growth.md.
 */

// Coefficient of variation of one reading and the rounding step in mm
const READING_ERROR: Readonly<Record<string, readonly [error: number, step: number] | undefined>> = {
  photo: [0.07, 0.5],
  ultrasound: [0.07, 0.5],
  caliper: [0.1, 1],
  ruler: [0.12, 1],
  tape: [0.12, 1],
  clinician: [0.15, 1],
  comparison: [0.22, 5],
};
const UNSAID_ERROR = [0.22, 1] as const;
const OWN_ERROR_PRIOR_READINGS = 10;
const MEDIAN_VARIANCE = [1, 1, 0.5, 0.4487, 0.2982, 0.2868]; // of the median of n normal readings, n = 0 .. 5

const GROWING_FROM = 0.89;
const SUSPICIOUS_FROM = 0.75;
const SHRINKING_FROM = 0.89;
const CONFIRM_AFTER_DAYS = 3;
const MOST_READINGS = 400; // a longer record is judged by its latest readings

/** Doubling time of the volume with its 95 % interval; `high` null: no upper bound. */
export interface DoublingDays {
  estimate: number;
  low: number;
  high: number | null;
}

/** What the readings say. `since` is the moment of the smallest fitted size; `confirmAt` when to measure again. */
export interface Growth {
  state: "growing" | "stable" | "shrinking" | "too_few";
  measurements: number;
  probabilityGrowing: number | null;
  changeMm: number | null;
  changePercent: number | null;
  doublingDays: DoublingDays | null;
  since: Instant | null;
  confirmAt: Instant | null;
  sizeMm: number | null; // fitted, now
  lastIsSlipDown: boolean;
  observations: readonly string[];
}

const errorOf = (method: string | null): readonly [error: number, step: number] => READING_ERROR[method ?? ""] ?? UNSAID_ERROR;

/** Standard error of one sitting's log diameter: the method's error over the repeats, and the rounding. */
export function logError(length: number, method: string | null, readings: number, own: number | null): number {
  const [error, step] = errorOf(method);
  const shrink = MEDIAN_VARIANCE[readings] ?? Math.PI / (2 * readings);
  return Math.sqrt((own ?? error * error) * shrink + (step / length) ** 2 / 12);
}

/** The method's variance, moved towards what the person's own repeats at one sitting show. */
export function ownVariance(repeats: readonly (readonly number[])[], method: string | null): number {
  const [error] = errorOf(method);
  let [squares, freedom] = [0, 0];
  for (const readings of repeats) {
    const logs = readings.map(Math.log);
    const mean = total(logs, (value) => value) / logs.length;
    squares += total(logs, (value) => (value - mean) ** 2);
    freedom += logs.length - 1;
  }
  return (OWN_ERROR_PRIOR_READINGS * error * error + squares) / (OWN_ERROR_PRIOR_READINGS + freedom);
}

/** Judge the readings (oldest first). */
export function growthOf(all: readonly Reading[]): Growth {
  const readings = all.slice(-MOST_READINGS);
  const [first, last] = [readings[0], readings.at(-1)];
  if (!first || !last || first.at === last.at) return tooFew(readings);
  const series = seriesOf(readings);
  const suspects = suspectedSlips(series);
  return describe(readings, series, accountsOf(series, suspects), suspects.map(({ index }) => index));
}

const tooFew = (readings: readonly Reading[]): Growth => ({
  state: "too_few",
  measurements: readings.length,
  probabilityGrowing: null,
  changeMm: null,
  changePercent: null,
  doublingDays: null,
  since: null,
  confirmAt: null,
  sizeMm: null,
  lastIsSlipDown: false,
  observations: readings.map((reading) => reading.observation),
});

function describe(readings: readonly Reading[], series: Series, accounts: readonly Account[], suspects: readonly number[]): Growth {
  let odds = priorOdds(series.error) * oddsOfChange(accounts, RATES);
  if (odds > 1) odds = Math.max(1, odds / Math.max(1, oddsOfChange(accounts, SHRINK_RATES)));
  const probability = odds / (1 + odds);
  const state = probability >= GROWING_FROM ? "growing" : isShrinking(accounts, priorOdds(series.error)) ? "shrinking" : "stable";
  const rates = state === "stable" ? null : state === "growing" ? RATES : SHRINK_RATES;
  const account = best(accounts, (told) => told.levelLog + (rates ? logOdds(told, rates) : 0));
  const ramp = best(account.ramps, logWeight);
  const [start, now] = rates ? fitted(series, account.keep, ramp) : [0, 0];
  const size = rates ? now : level(series, account.keep);
  const [first, last] = [best(readings.slice(0, 1), () => 0), best(readings.slice(-1), () => 0)];
  const grows = state === "growing";
  const doubtful = !grows && (probability >= SUSPICIOUS_FROM || lastIsAJumpUp(series, suspects));
  return {
    state,
    measurements: readings.length,
    sizeMm: size,
    lastIsSlipDown: !account.keep.includes(readings.length - 1) && last.length < size,
    probabilityGrowing: probability,
    changeMm: grows ? now - start : 0,
    changePercent: grows ? 100 * (now / start - 1) : 0,
    doublingDays: grows ? doublingDays(account) : null,
    since: grows ? first.at + Math.round(ramp.day * DAY) : state === "shrinking" ? last.at : first.at,
    confirmAt: doubtful ? last.at + CONFIRM_AFTER_DAYS * DAY : null,
    observations: account.keep.flatMap((index) => readings[index]?.observation ?? []),
  };
}

/** The first of the highest. */
function best<T>(rows: readonly T[], value: (row: T) => number): T {
  const values = rows.map(value);
  const found = rows[values.indexOf(Math.max(...values))];
  if (found === undefined) throw new Error("nothing to choose from");
  return found;
}

/** The same question with the rates turned round, asked only where its answer could be yes. */
function isShrinking(accounts: readonly Account[], prior: number): boolean {
  const needed = Math.log(SHRINKING_FROM / (1 - SHRINKING_FROM) / prior);
  const strengths = accounts.flatMap(({ ramps }) =>
    ramps.filter(({ spread }) => spread > 0).map(({ along, spread }) => along ** 2 / (2 * spread)),
  );
  return Math.max(0, ...strengths) >= needed && oddsOfChange(accounts, SHRINK_RATES) >= Math.exp(needed);
}

function lastIsAJumpUp({ points }: Series, suspects: readonly number[]): boolean {
  const [before, last] = points.slice(-2);
  return suspects.includes(points.length - 1) && last !== undefined && before !== undefined && last.size > before.size;
}

/** Fitted size in mm before the change and at the last reading. */
function fitted(series: Series, keep: readonly number[], ramp: Ramp): [start: number, now: number] {
  const { mean: rate } = posterior(ramp);
  const points = kept(series, keep);
  const weight = total(points, (point) => point.weight);
  const start = total(points, (point) => point.weight * (point.size - rate * Math.max(0, point.day - ramp.day))) / weight;
  return [Math.exp(start), Math.exp(start + rate * ((series.points.at(-1)?.day ?? 0) - ramp.day))];
}

function level(series: Series, keep: readonly number[]): number {
  const points = kept(series, keep);
  return Math.exp(total(points, (point) => point.weight * point.size) / total(points, (point) => point.weight));
}

function doublingDays({ ramps }: Account): DoublingDays {
  const [low = 0, middle = 0, high = 0] = rateQuantiles(ramps, [0.025, 0.5, 0.975]);
  return {
    estimate: middle > 0 ? Math.LN2 / (3 * middle) : Infinity,
    low: Math.LN2 / (3 * high),
    high: low > 0 ? Math.LN2 / (3 * low) : null,
  };
}
