import { accountsOf, best, seriesOf, suspectedSlips, total, USUAL_MM, type Account, type Reading, type Series } from "./growth-model";
import { evidenceOf, growthOdds, shrinkOdds } from "./growth-odds";
import { plainRise, type PlainRise } from "./growth-plain";
import { fittedRate, likeliestGrowth, rateNow, type Course, type Rate } from "./growth-rate";
import { barOf, GROWING_ODDS, weightsFor } from "./growth-table";
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

const SUSPICIOUS_FROM = 0.7;
const JUMP_WORTH = 4;
const DOUBTED_ODDS = 4;
const NORMAL_95 = 1.96;
const CONFIRM_AFTER_DAYS = 3;
const [STANDS_AFTER_DAYS, STANDS_READINGS] = [56, 4] as const; // then what has grown is called stable again
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
  const found = asOneCourse(readings);
  return found.state === "growing" ? (standstill(readings) ?? found) : found;
}

/**
 * What the latest readings say by themselves, if it was called growing before and has stood still in them for eight
 * weeks. Looked at from eight weeks ago, and from ever further back: that shows the end of ever slower growth.
 */
function standstill(readings: readonly Reading[]): Growth | null {
  const until = (readings.at(-1)?.at ?? 0) - STANDS_AFTER_DAYS * DAY;
  let place = readings.filter((one) => one.at <= until).length - 1;
  while (place > 0) {
    const found = readings.length - place >= STANDS_READINGS ? standsSince(readings, place) : null;
    if (found) return found;
    place = Math.floor(place / 2);
  }
  return null;
}

/** A level size must explain what came since as much better than growth at the pace of before as growth must, to be called. */
function standsSince(readings: readonly Reading[], place: number): Growth | null {
  const [before, recent] = [readings.slice(0, place + 1), readings.slice(place)];
  const grew = asOneCourse(before);
  if (grew.state !== "growing" || grew.since === null || grew.changePercent === null) return null;
  const calm = asOneCourse(recent);
  if (calm.state === "growing" || calm.confirmAt !== null) return null;
  const days = Math.max(1, ((before.at(-1)?.at ?? 0) - grew.since) / DAY);
  const pace = Math.log(1 + grew.changePercent / 100) / days;
  const series = seriesOf(recent);
  const steady = best(accountsOf(series, suspectedSlips(series)), (one) => one.levelLog).ramps[0];
  const goesOn = steady ? pace * steady.along - 0.5 * pace * pace * steady.spread : 0;
  return goesOn <= -Math.log(GROWING_ODDS) ? { ...calm, measurements: readings.length } : null;
}

/** The verdict with one change of pace at most. */
function asOneCourse(readings: readonly Reading[]): Growth {
  const [first, last] = [readings[0], readings.at(-1)];
  if (!first || !last || first.at === last.at) return { ...NOTHING_SAID, ...seen(readings) };
  const series = seriesOf(readings);
  const suspects = suspectedSlips(series);
  const accounts = accountsOf(series, suspects);
  const weights = weightsFor(series.error);
  const evidence = evidenceOf(accounts, weights);
  const bar = barOf(readings.length, weights, (last.at - (readings.at(-2) ?? first).at) / DAY);
  let odds = growthOdds(evidence, weights, bar);
  const jumps = lastIsAJumpUp(series, suspects.some(({ index }) => index === readings.length - 1));
  if (jumps) {
    // one reading that a slip would explain is not believed alone
    const before = evidenceOf(accounts.filter(({ keep }) => keep.at(-1) !== readings.length - 1), weights);
    odds = Math.min(odds, JUMP_WORTH * growthOdds(before, weights, bar));
  }
  if (odds >= GROWING_ODDS && isMostlySlips(likeliestGrowth(accounts).account, readings.length)) odds = DOUBTED_ODDS;
  const plain = odds < GROWING_ODDS ? plainRise(series) : null;
  if (plain?.isSure) return plainGrowth(readings, series, plain);
  const probability = odds / (1 + odds);
  const told = { ...NOTHING_SAID, measurements: readings.length, probabilityGrowing: probability };
  if (odds >= GROWING_ODDS) return { ...told, ...growing(readings, series, accounts) };
  const isShrinking = shrinkOdds(evidence) >= GROWING_ODDS;
  const account = best(accounts, (one) => one.levelLog);
  const isDoubtful = probability >= SUSPICIOUS_FROM || jumps || plain !== null;
  return {
    ...told,
    ...believed(readings, account, isShrinking ? lastSize(series, account) : level(account)),
    state: isShrinking ? "shrinking" : "stable",
    changeMm: 0,
    changePercent: 0,
    since: isShrinking ? last.at : first.at,
    confirmAt: isDoubtful ? last.at + CONFIRM_AFTER_DAYS * DAY : null,
  };
}

const NOTHING_SAID: Growth = {
  state: "too_few",
  measurements: 0,
  probabilityGrowing: null,
  changeMm: null,
  changePercent: null,
  doublingDays: null,
  since: null,
  confirmAt: null,
  sizeMm: null,
  lastIsSlipDown: false,
  observations: [],
};

const seen = (readings: readonly Reading[]): Partial<Growth> => ({
  measurements: readings.length,
  observations: readings.map((reading) => reading.observation),
});

/** The readings that are believed, the size fitted to them now, and whether the last is a slip below it. */
const believed = (readings: readonly Reading[], { keep }: Account, size: number): Partial<Growth> => ({
  sizeMm: size,
  lastIsSlipDown: !keep.includes(readings.length - 1) && (readings.at(-1)?.length ?? size) < size,
  observations: keep.flatMap((index) => readings[index]?.observation ?? []),
});

function growing(readings: readonly Reading[], series: Series, accounts: readonly Account[]): Partial<Growth> {
  const course = likeliestGrowth(accounts);
  const { start, now } = fitted(series, course);
  return {
    ...believed(readings, course.account, now),
    state: "growing",
    changeMm: now - start,
    changePercent: 100 * (now / start - 1),
    doublingDays: doublingDays(rateNow(accounts)),
    since: (readings[0]?.at ?? 0) + Math.round(course.ramp.day * DAY),
  };
}

/** From where it began and where it stands: the rates of the table would fit less than was seen. */
function plainGrowth(readings: readonly Reading[], { points }: Series, plain: PlainRise): Growth {
  const [start, now] = [USUAL_MM * Math.exp(plain.start), USUAL_MM * Math.exp(plain.now)];
  const days = (points.at(-1)?.day ?? 1) - plain.day;
  const [rate, spread] = [(plain.now - plain.start) / days, (NORMAL_95 * plain.error) / days];
  const doubled = (pace: number): number => Math.LN2 / (3 * pace);
  return {
    ...NOTHING_SAID,
    ...seen(readings),
    state: "growing",
    probabilityGrowing: GROWING_ODDS / (1 + GROWING_ODDS),
    changeMm: now - start,
    changePercent: 100 * (now / start - 1),
    doublingDays: { estimate: doubled(rate), low: doubled(rate + spread), high: doubled(rate - spread) },
    since: (readings[0]?.at ?? 0) + Math.round(plain.day * DAY),
    sizeMm: now,
  };
}

function lastIsAJumpUp({ points }: Series, isSuspect: boolean): boolean {
  const [before, last] = points.slice(-2);
  return isSuspect && last !== undefined && before !== undefined && last.size > before.size;
}

/** More than a third of the readings would have to be wrong for it: that is a record to add to, not to call. */
const isMostlySlips = ({ keep }: Account, count: number): boolean => 3 * keep.length < 2 * count;

/** Fitted size in mm at the last change and at the last reading. */
function fitted({ points }: Series, { account, ramp, before }: Course): { start: number; now: number } {
  const { mean: rate } = fittedRate(ramp, before);
  const pace = (day: number): number => before * Math.min(0, day - ramp.day) + rate * Math.max(0, day - ramp.day);
  const height = total(account.points, (point) => point.weight * (point.size - pace(point.day)));
  const turn = height / total(account.points, (point) => point.weight);
  const days = (points.at(-1)?.day ?? 0) - ramp.day;
  return { start: USUAL_MM * Math.exp(turn), now: USUAL_MM * Math.exp(turn + rate * days) };
}

/** Fitted size in mm at the last reading of a size that changes steadily. */
function lastSize(series: Series, account: Account): number {
  const ramp = account.ramps[0];
  return ramp ? fitted(series, { account, ramp, before: 0 }).now : level(account);
}

function level({ points }: Account): number {
  return USUAL_MM * Math.exp(total(points, (point) => point.weight * point.size) / total(points, (point) => point.weight));
}

/** Null where the middle of the interval is no growth, so that no doubling is stated. */
function doublingDays({ low, middle, high }: Rate): DoublingDays | null {
  if (middle <= 0) return null;
  return {
    estimate: Math.LN2 / (3 * middle),
    low: Math.LN2 / (3 * high),
    high: low > 0 ? Math.LN2 / (3 * low) : null,
  };
}
