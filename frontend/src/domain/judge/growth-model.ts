import { DAY, type Instant } from "./instant";
import { erfc } from "./normal";

/**
 * The model behind growth: a level, or a level that turns into a ramp, with and without likely slips. The twin of
 * triage/growth_model.py, to the same numbers; mathematics and calibration are in docs/growth.md.
 */

const METHOD_BIAS = 0.08;
const DOUBLING_DAYS = [22, 48, 90];
export const RATES = DOUBLING_DAYS.map((days) => Math.log(2) / (3 * days));
export const SHRINK_RATES = RATES.map((rate) => -rate);
const RATE_PRIOR = 0.012;
const [START_SHARE, START_SHARE_ERROR, START_SHARE_POWER] = [60, 0.12, 1.8] as const;
const [EVEN_ODDS_ERROR, ODDS_SLOPE, LARGEST_ODDS] = [0.07, 4, 1.3] as const;

const SLIP_SHARE = 0.02;
const SLIPS = [
  [Math.log(1.6), 0.45],
  [Math.log(0.6), 0.45],
  [Math.log(10), 0.03],
  [-Math.log(10), 0.03],
  [Math.log(2.54), 0.02],
  [-Math.log(2.54), 0.02],
] as const;
const MOST_SLIPS = 3;
const SLIP_SUSPECT = 1.9;
const MOST_CHANGE_POINTS = 60;

/** One sitting: the longest diameter in mm, its standard error on the log scale, when and from which observation. */
export interface Reading {
  at: Instant;
  length: number;
  method: string | null;
  logError: number;
  observation: string;
}

/** A reading as the model sees it: days since the first, log size, precision, number of the method. */
export interface Point {
  day: number;
  size: number;
  weight: number;
  method: number;
}

export interface Series {
  points: readonly Point[];
  error: number; // the usual standard error of a reading
  biases: readonly number[]; // variance of each method's steady bias; empty when one method was used throughout
}

/** A size that changes steadily after `day`: its weighted products with the sizes and with itself. */
export interface Ramp {
  day: number;
  along: number;
  spread: number;
  logPrior: number;
}

/** Mean and standard error of the rate (log diameter a day) if the change began at this ramp. */
export function posterior({ along, spread }: Ramp): { mean: number; error: number } {
  const variance = 1 / (spread + 1 / RATE_PRIOR ** 2);
  return { mean: variance * along, error: Math.sqrt(variance) };
}

/** How well this change point explains the record, the rate integrated out. */
export function logWeight(ramp: Ramp): number {
  const { mean, error } = posterior(ramp);
  return Math.log(error / RATE_PRIOR) + 0.5 * (mean / error) ** 2;
}

export const total = <T>(rows: readonly T[], value: (row: T) => number): number =>
  rows.reduce((sum, row) => sum + value(row), 0);

export function seriesOf(readings: readonly Reading[]): Series {
  const start = readings[0]?.at ?? 0;
  const names = [...new Set(readings.map((reading) => reading.method ?? ""))].sort();
  const points = readings.map((reading) => ({
    day: (reading.at - start) / DAY,
    size: Math.log(reading.length),
    weight: 1 / reading.logError ** 2,
    method: names.indexOf(reading.method ?? ""),
  }));
  return {
    points,
    error: Math.sqrt(points.length / total(points, (point) => point.weight)),
    biases: names.length > 1 ? names.map(() => METHOD_BIAS ** 2) : [],
  };
}

export interface Suspect {
  index: number;
  logDensity: number;
}

/** Readings that may be slips, with the log of how likely such a slip is. Judged against the neighbours' median. */
export function suspectedSlips({ points }: Series): Suspect[] {
  if (points.length < 3) return [];
  const found: (Suspect & { by: number })[] = [];
  points.forEach(({ size, weight }, index) => {
    const around = [...points.slice(Math.max(0, index - 3), index), ...points.slice(index + 1, index + 4)];
    const error = 1 / Math.sqrt(weight);
    const away = size - middleOf(around.map((point) => point.size));
    if (Math.abs(away) > SLIP_SUSPECT * error && Math.abs(away) > 0.25) {
      found.push({ by: -Math.abs(away) / error, index, logDensity: logSlipDensity(away, error * 1.3) });
    }
  });
  return found.sort((a, b) => a.by - b.by || a.index - b.index).slice(0, MOST_SLIPS);
}

function middleOf(sizes: number[]): number {
  sizes.sort((a, b) => a - b);
  const middle = sizes.length >> 1;
  const upper = sizes[middle] ?? 0;
  return sizes.length % 2 ? upper : ((sizes[middle - 1] ?? 0) + upper) / 2;
}

/** Log of share times density of a reading that far off being a slip. */
function logSlipDensity(away: number, error: number): number {
  const density = SLIPS.reduce((sum, [shift, share]) => sum + share * Math.exp(-0.5 * ((away - shift) / error) ** 2), 1e-6);
  return Math.log((SLIP_SHARE * density) / (error * Math.sqrt(2 * Math.PI)));
}

/** One way to tell the record: which readings are believed, and the ramps (change points) fitted to them. */
export interface Account {
  keep: readonly number[];
  levelLog: number; // log likelihood of a level size, times the prior of the slips left out
  ramps: readonly Ramp[];
}

/** Log of the likelihood of growing at one of `rates` from one of the change points, over that of a level. */
export function logOdds({ ramps }: Account, rates: readonly number[]): number {
  const logs = ramps.flatMap((ramp) => rates.map((rate) => ramp.logPrior + rate * ramp.along - 0.5 * rate * rate * ramp.spread));
  return logSum(logs) - Math.log(rates.length);
}

/** How many change points the start of the record counts for. */
const startShare = (error: number): number => START_SHARE * Math.max(1, error / START_SHARE_ERROR) ** START_SHARE_POWER;

/** Odds of growth before anything is compared. */
export const priorOdds = (error: number): number =>
  Math.min(LARGEST_ODDS, Math.max(1, 1 + ODDS_SLOPE * (error - EVEN_ODDS_ERROR)));

/** The record with every combination of suspected slips believed or left out. */
export function accountsOf(series: Series, suspects: readonly Suspect[]): Account[] {
  const accounts: Account[] = [];
  for (const dropped of combinations(suspects)) {
    const gone = new Set(dropped.map((suspect) => suspect.index));
    const keep = series.points.map((_, index) => index).filter((index) => !gone.has(index));
    if (keep.length < 2) continue;
    const prior = total(dropped, (suspect) => suspect.logDensity);
    accounts.push({ keep, levelLog: logLevel(series, keep) + prior, ramps: rampsOf(series, keep) });
  }
  return accounts;
}

/** Every choice of some of them, the smaller first, each in the order given. */
function combinations<T>(some: readonly T[]): T[][] {
  const all = some.reduce<T[][]>((sets, one) => [...sets, ...sets.map((set) => [...set, one])], [[]]);
  return all.sort((a, b) => a.length - b.length);
}

/** Likelihood of changing at one of `rates`, over that of a level, each summed over the accounts. */
export function oddsOfChange(accounts: readonly Account[], rates: readonly number[]): number {
  const level = accounts.map((account) => account.levelLog);
  const change = accounts.map((account) => account.levelLog + logOdds(account, rates));
  return Math.exp(Math.min(600, logSum(change) - logSum(level)));
}

function logSum(logs: readonly number[]): number {
  const top = Math.max(...logs);
  return top + Math.log(total(logs, (value) => Math.exp(value - top)));
}

export const kept = (series: Series, keep: readonly number[]): Point[] => keep.flatMap((index) => series.points.slice(index, index + 1));

/** Log likelihood of a level size, its height unknown. */
function logLevel(series: Series, keep: readonly number[]): number {
  const points = kept(series, keep);
  const weight = total(points, (point) => point.weight);
  const mean = total(points, (point) => point.weight * point.size) / weight;
  const squares = total(points, (point) => point.weight * (point.size - mean) ** 2);
  const scale = total(points, (point) => Math.log(point.weight / (2 * Math.PI)));
  return 0.5 * (scale - squares - Math.log(weight));
}

/** Indices after which a change may have begun: every reading but the last, thinned where there are very many. */
function changePoints(count: number): number[] {
  const points = Array.from({ length: count - 1 }, (_, index) => index);
  if (count <= MOST_CHANGE_POINTS) return points;
  const half = MOST_CHANGE_POINTS / 2;
  const older = points.slice(0, -half);
  const step = Math.ceil(older.length / half);
  return [...older.filter((_, index) => index % step === 0), ...points.slice(-half)];
}

/** A ramp from every change point. The start of the record counts as several: growth may well be older than it. */
function rampsOf(series: Series, keep: readonly number[]): Ramp[] {
  const points = kept(series, keep);
  const biases = series.biases.length > 0 ? series.biases : [0];
  const groups = biases
    .map((bias, method) => ({ bias, rows: series.biases.length > 0 ? points.filter((point) => point.method === method) : points }))
    .filter(({ rows }) => rows.length > 0)
    .map(({ bias, rows }) => new Group(rows, bias));
  const changes = changePoints(keep.length);
  const atStart = startShare(series.error);
  const share = -Math.log(changes.length - 1 + atStart);
  return changes.map((change, order) => {
    const day = points[change]?.day ?? 0;
    const { along, spread } = alongAndSpread(groups, day);
    return { day, along, spread, logPrior: share + (order === 0 ? Math.log(atStart) : 0) };
  });
}

/** Products of the ramp that begins at `changeDay`, the level (and steady method biases) projected out. */
function alongAndSpread(groups: readonly Group[], changeDay: number): { along: number; spread: number } {
  const [only] = groups;
  if (groups.length === 1 && only) return only.ramp(changeDay);
  let [along, spread, weights, u, y, uy, uu] = [0, 0, 0, 0, 0, 0, 0];
  for (const group of groups) {
    const ramp = group.ramp(changeDay);
    const weight = group.between;
    along += ramp.along;
    spread += ramp.spread;
    weights += weight;
    u += weight * ramp.mean;
    y += weight * group.mean;
    uy += weight * ramp.mean * group.mean;
    uu += weight * ramp.mean * ramp.mean;
  }
  return { along: along + uy - (u * y) / weights, spread: spread + uu - (u * u) / weights };
}

/** The readings of one method, as sums from each reading to the last, so that a ramp costs a few operations. */
class Group {
  readonly mean: number;
  readonly between: number;
  private readonly weight: number;
  private cursor = 0;
  // weight, weight*day, weight*day^2, weight*(y-mean), weight*day*(y-mean), over the readings from `i` on
  private readonly sums: [number, number, number, number, number][] = [[0, 0, 0, 0, 0]];

  constructor(
    private readonly points: readonly Point[],
    bias: number,
  ) {
    this.weight = total(points, (point) => point.weight);
    this.mean = total(points, (point) => point.weight * point.size) / this.weight;
    this.between = 1 / (1 / this.weight + bias);
    let [w, wd, wdd, wy, wdy] = [0, 0, 0, 0, 0];
    for (const { weight, day, size } of [...points].reverse()) {
      const residual = weight * (size - this.mean);
      w += weight;
      wd += weight * day;
      wdd += weight * day * day;
      wy += residual;
      wdy += day * residual;
      this.sums.push([w, wd, wdd, wy, wdy]);
    }
    this.sums.reverse();
  }

  /** Mean of the ramp, and its weighted products with the size and with itself. Ask in rising order of day. */
  ramp(changeDay: number): { mean: number; along: number; spread: number } {
    while (this.cursor < this.points.length && (this.points[this.cursor]?.day ?? 0) <= changeDay) this.cursor += 1;
    const [w, wd, wdd, wy, wdy] = this.sums[this.cursor] ?? [0, 0, 0, 0, 0];
    const u = wd - changeDay * w;
    const uu = wdd - 2 * changeDay * wd + changeDay * changeDay * w;
    return { mean: u / this.weight, along: wdy - changeDay * wy, spread: uu - (u * u) / this.weight };
  }
}

/** Quantiles of the present growth rate (log diameter a day), the moment of change averaged over. */
export function rateQuantiles(ramps: readonly Ramp[], shares: readonly number[]): number[] {
  const top = Math.max(...ramps.map(logWeight));
  const parts = ramps.map((ramp) => ({ weight: Math.exp(logWeight(ramp) - top), ...posterior(ramp) }));
  const all = total(parts, (part) => part.weight);
  const likely = parts.filter(({ weight }) => weight > 1e-9 * all).map((part) => ({ ...part, weight: part.weight / all }));
  return shares.map((share) => mixtureQuantile(likely, share));
}

function mixtureQuantile(parts: readonly { weight: number; mean: number; error: number }[], share: number): number {
  let low = Math.min(...parts.map(({ mean, error }) => mean - 6 * error));
  let high = Math.max(...parts.map(({ mean, error }) => mean + 6 * error));
  while (high - low > 1e-9) {
    const middle = (low + high) / 2;
    const below = total(parts, ({ weight, mean, error }) => weight * erfc((mean - middle) / (error * Math.SQRT2))) / 2;
    if (below < share) low = middle;
    else high = middle;
  }
  return (low + high) / 2;
}
