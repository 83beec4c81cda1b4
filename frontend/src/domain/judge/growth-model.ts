import { DAY, type Instant } from "./instant";
import { median } from "./rounding";

/**
 * The readings as a record of log sizes, and the ways to tell it: which readings are slips, when a change began. The twin
 * of triage/growth_model.py, to the same numbers; mathematics and calibration are in docs/growth.md.
 */

const METHOD_BIAS = 0.08;
export const USUAL_MM = 25;
const SIZE_SPREAD = 0.45;
const SLIP_SHARE = 0.02;
const SLIPS = [
  [Math.log(1.6), 0.45],
  [Math.log(0.6), 0.45],
  [Math.log(10), 0.03],
  [-Math.log(10), 0.03],
  [Math.log(2.54), 0.02],
  [-Math.log(2.54), 0.02],
] as const;
const [MOST_SLIPS, MOST_SLIPS_IN_LONG_RECORDS] = [4, 3] as const;
const [SLIP_SUSPECT, SLIP_LEAST] = [2.8, 0.2] as const;
const NEIGHBOURS = 3;
const PAIR_DAYS = 21;
const MOST_CHANGE_POINTS = 60;

/** One sitting: the longest diameter in mm, its standard error on the log scale, when and from which observation. */
export interface Reading {
  at: Instant;
  length: number;
  method: string | null;
  logError: number;
  observation: string;
}

/** A reading as the model sees it: days since the first, log size over the usual one, precision, number of the method. */
export interface Point {
  day: number;
  size: number;
  weight: number;
  method: number;
}

export interface Series {
  points: readonly Point[];
  bias: number; // variance of each method's steady bias; 0 when one method was used throughout
  error: number; // the usual standard error of a reading
}

/**
 * A size that is level until `day` and then changes steadily; the level (and the methods' biases) projected out. `along`
 * is its weighted product with the sizes, `spread` with itself, `trend` with a steady change from the first believed
 * reading on (which is the first ramp).
 */
export interface Ramp {
  day: number;
  along: number;
  spread: number;
  trend: number;
}

/** One way to tell the record: which readings are believed, and a ramp from each of them but the last. */
export interface Account {
  keep: readonly number[];
  points: readonly Point[]; // those of `keep`
  levelLog: number; // log likelihood of a level size, times the prior of the slips left out
  ramps: readonly Ramp[];
}

/** The sum of what each row gives, from the first on. */
export function total<T>(rows: readonly T[], value: (row: T) => number): number {
  let sum = 0;
  for (const row of rows) sum += value(row);
  return sum;
}

/** The first of the highest. */
export function best<T>(rows: readonly T[], value: (row: T) => number): T {
  let found = -1;
  let top = -Infinity;
  rows.forEach((row, index) => {
    const own = value(row);
    if (found < 0 || own > top) [found, top] = [index, own];
  });
  const row = rows[found];
  if (row === undefined) throw new Error("nothing to choose from");
  return row;
}

export function seriesOf(readings: readonly Reading[]): Series {
  const start = readings[0]?.at ?? 0;
  const names = [...new Set(readings.map((reading) => reading.method ?? ""))].sort();
  const points = readings.map((reading) => ({
    day: (reading.at - start) / DAY,
    size: Math.log(reading.length / USUAL_MM),
    weight: 1 / reading.logError ** 2,
    method: names.indexOf(reading.method ?? ""),
  }));
  const error = Math.sqrt(points.length / total(points, (point) => point.weight));
  return { points, bias: names.length > 1 ? METHOD_BIAS ** 2 : 0, error };
}

export interface Suspect {
  index: number;
  logDensity: number;
}

/** Readings that may be slips, with the log of how likely such a slip is. Judged against the neighbours' median. */
export function suspectedSlips({ points }: Series): Suspect[] {
  if (points.length === 2 && (points[1]?.day ?? 0) > PAIR_DAYS) return [];
  const found: (Suspect & { by: number })[] = [];
  points.forEach(({ size, weight }, index) => {
    const around = [...points.slice(Math.max(0, index - NEIGHBOURS), index), ...points.slice(index + 1, index + 1 + NEIGHBOURS)];
    const away = size - median(around.map((point) => point.size));
    if (Math.abs(away) > SLIP_LEAST && away * away * weight > SLIP_SUSPECT ** 2) {
      const error = 1 / Math.sqrt(weight);
      found.push({ by: -Math.abs(away) / error, index, logDensity: logSlipDensity(away, error * 1.3) });
    }
  });
  const most = points.length <= MOST_CHANGE_POINTS ? MOST_SLIPS : MOST_SLIPS_IN_LONG_RECORDS;
  return found.sort((a, b) => a.by - b.by || a.index - b.index).slice(0, most);
}

/** Log of share times density of a reading that far off being a slip. */
function logSlipDensity(away: number, error: number): number {
  let density = 1e-6;
  for (const [shift, share] of SLIPS) density += share * Math.exp(-0.5 * ((away - shift) / error) ** 2);
  return Math.log((SLIP_SHARE * density) / (error * Math.sqrt(2 * Math.PI)));
}

/** The record with every combination of suspected slips believed or left out. */
export function accountsOf(series: Series, suspects: readonly Suspect[]): Account[] {
  return combinations(suspects).flatMap((dropped) => {
    const gone = new Set(dropped.map((suspect) => suspect.index));
    const keep = [...series.points.keys()].filter((index) => !gone.has(index));
    return keep.length > 0 ? [accountOf(series, keep, total(dropped, (suspect) => suspect.logDensity))] : [];
  });
}

/** Every choice of some of them, the smaller first, each in the order given. */
function combinations<T>(some: readonly T[]): T[][] {
  const all = some.reduce<T[][]>((sets, one) => [...sets, ...sets.map((set) => [...set, one])], [[]]);
  return all.sort((a, b) => a.length - b.length);
}

function accountOf(series: Series, keep: readonly number[], slipsLog: number): Account {
  const points = keep.flatMap((index) => series.points.slice(index, index + 1));
  const firstDay = points[0]?.day ?? 0;
  const groups = new Map<number, Group>();
  for (const method of points.map((point) => point.method).sort((a, b) => a - b)) {
    if (!groups.has(method)) groups.set(method, new Group(points.filter((point) => point.method === method), firstDay, series.bias));
  }
  return { keep, points, levelLog: slipsLog + logLevel([...groups.values()]), ramps: rampsOf(points, groups) };
}

/** The readings of one method: their sum of weights, mean size, mean day since the first, and the weight of that mean. */
class Group {
  readonly total: number;
  readonly size: number;
  readonly day: number;
  readonly between: number;
  // sums over the readings passed so far, from the last back: weight, times day, times day twice; then times the size
  private w = 0;
  private wd = 0;
  private wdd = 0;
  private wy = 0;
  private wdy = 0;

  constructor(
    readonly points: readonly Point[],
    private readonly firstDay: number,
    bias: number,
  ) {
    this.total = total(points, (point) => point.weight);
    this.size = total(points, (point) => point.weight * point.size) / this.total;
    this.day = total(points, (point) => point.weight * (point.day - firstDay)) / this.total;
    this.between = 1 / (1 / this.total + bias);
  }

  pass({ weight, day, size }: Point): void {
    const when = day - this.firstDay;
    const residual = weight * (size - this.size);
    this.w += weight;
    this.wd += weight * when;
    this.wdd += weight * when * when;
    this.wy += residual;
    this.wdy += residual * when;
  }

  /** Adds this method's share to the products of the ramp; returns its weighted mean height. */
  addTo(ramp: Ramp): number {
    const start = ramp.day - this.firstDay;
    const rise = this.wd - start * this.w;
    const height = rise / this.total;
    const weighted = this.between * height;
    ramp.along += this.wdy - start * this.wy + weighted * this.size;
    ramp.spread += this.wdd - start * (this.wd + rise) - rise * height + weighted * height;
    ramp.trend += this.wdd - start * this.wd - rise * this.day + weighted * this.day;
    return weighted;
  }
}

/** Log likelihood of a level size, its height and the methods' biases integrated out. */
function logLevel(groups: readonly Group[]): number {
  let [twice, weight, along] = [0, 1 / SIZE_SPREAD ** 2, 0];
  for (const group of groups) {
    for (const point of group.points) {
      twice += Math.log(point.weight / (2 * Math.PI)) - point.weight * (point.size - group.size) ** 2;
    }
    twice += Math.log(group.between / group.total) - group.between * group.size * group.size;
    weight += group.between;
    along += group.between * group.size;
  }
  return 0.5 * (twice + (along * along) / weight - Math.log(weight));
}

/** Places after which a change may have begun: every reading but the last, thinned where there are very many. */
function changePoints(count: number): Set<number> {
  const points = Array.from({ length: count - 1 }, (_, index) => index);
  if (count <= MOST_CHANGE_POINTS) return new Set(points);
  const half = MOST_CHANGE_POINTS / 2;
  const older = points.slice(0, -half);
  const step = Math.ceil(older.length / half);
  return new Set([...older.filter((_, index) => index % step === 0), ...points.slice(-half)]);
}

/** A ramp from every change point, by sums from the end: each costs a handful of operations. */
function rampsOf(points: readonly Point[], groups: ReadonlyMap<number, Group>): Ramp[] {
  const changes = changePoints(points.length);
  const all = [...groups.values()];
  const weight = total(all, (group) => group.between) + 1 / SIZE_SPREAD ** 2;
  const size = total(all, (group) => group.between * group.size) / weight;
  const day = total(all, (group) => group.between * group.day) / weight;
  const ramps: Ramp[] = [];
  for (let place = points.length - 1; place >= 0; place -= 1) {
    const point = points[place];
    if (!point) continue;
    if (changes.has(place)) {
      const ramp: Ramp = { day: point.day, along: 0, spread: 0, trend: 0 };
      const mean = total(all, (group) => group.addTo(ramp));
      ramp.along -= mean * size;
      ramp.spread -= (mean * mean) / weight;
      ramp.trend -= mean * day;
      ramps.push(ramp);
    }
    groups.get(point.method)?.pass(point);
  }
  return ramps.reverse();
}
