"""The model behind `growth`: a level, or a level that turns into a ramp, with and without likely slips.

Mathematics and calibration: docs/growth.md. Plain Python, no clock; the phone must come to the same numbers.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import combinations

METHOD_BIAS = 0.08  # two methods disagree steadily by about this much (log scale); no published figure, an assumption
# Volume doubling times in days that "growing" is made of; the weights are equal.
DOUBLING_DAYS = (22.0, 48.0, 90.0)
RATES = tuple(math.log(2) / (3 * days) for days in DOUBLING_DAYS)
SHRINK_RATES = tuple(-rate for rate in RATES)
RATE_PRIOR = 0.012  # standard deviation of the growth rate before anything is measured, log diameter a day
# How many change points "already growing when first measured" counts for, and the odds of growth before any reading.
# Both rise with the error of a reading: the coarser it is, the less a change can be dated, and the fewer false alarms
# a year of readings can raise, so that the bar for one and the same rate of false alarms lies lower.
START_SHARE, START_SHARE_ERROR, START_SHARE_POWER = 60.0, 0.12, 1.8
EVEN_ODDS_ERROR, ODDS_SLOPE, LARGEST_ODDS = 0.07, 4.0, 1.3
LOG_2 = math.log(2)
SQRT_2 = math.sqrt(2)

SLIP_SHARE = 0.02
SLIP_SHIFTS = (math.log(1.6), math.log(0.6), math.log(10.0), -math.log(10.0), math.log(2.54), -math.log(2.54))
SLIP_SHIFT_SHARES = (0.45, 0.45, 0.03, 0.03, 0.02, 0.02)
MOST_SLIPS = 3
SLIP_SUSPECT = 1.9  # standard deviations from the local level at which a reading is also judged as a slip
MOST_CHANGE_POINTS = 60
SECONDS_A_DAY = 86400.0


@dataclass(frozen=True, slots=True)
class Reading:
    """One sitting: the longest diameter in mm, its standard error on the log scale, when and from which observation."""

    at: datetime
    length_mm: float
    method: str | None
    log_error: float
    observation: str


@dataclass(frozen=True, slots=True)
class Series:
    """Readings as columns: days since the first, log size, precision, index of the method."""

    days: tuple[float, ...]
    sizes: tuple[float, ...]
    weights: tuple[float, ...]
    methods: tuple[int, ...]
    error: float  # the usual standard error of a reading
    biases: tuple[float, ...]  # variance of each method's steady bias; empty when one method was used throughout


@dataclass(frozen=True, slots=True)
class Ramp:
    """A size that changes steadily after `day`: its weighted products with the sizes and with itself."""

    day: float
    along: float
    spread: float
    log_prior: float

    @property
    def posterior(self) -> tuple[float, float]:
        """Mean and standard error of the rate (log diameter a day) if the change began here."""
        variance = 1 / (self.spread + 1 / RATE_PRIOR**2)
        return variance * self.along, math.sqrt(variance)

    @property
    def log_weight(self) -> float:
        """How well this change point explains the record, the rate integrated out; before that all are alike."""
        mean, error = self.posterior
        return math.log(error / RATE_PRIOR) + 0.5 * (mean / error) ** 2


def series_of(readings: Sequence[Reading]) -> Series:
    start = readings[0].at
    names = sorted({reading.method or "" for reading in readings})
    several = len(names) > 1
    return Series(
        days=tuple((reading.at - start).total_seconds() / SECONDS_A_DAY for reading in readings),
        sizes=tuple(math.log(reading.length_mm) for reading in readings),
        weights=tuple(1 / reading.log_error**2 for reading in readings),
        methods=tuple(names.index(reading.method or "") for reading in readings),
        error=math.sqrt(len(readings) / sum([1 / reading.log_error**2 for reading in readings])),
        biases=tuple(METHOD_BIAS**2 for _ in names) if several else (),
    )


def suspected_slips(series: Series) -> list[tuple[int, float]]:
    """Readings that may be slips: (index, log of how likely such a slip is). Judged against the neighbours' median."""
    found: list[tuple[float, int, float]] = []
    sizes, count = series.sizes, len(series.sizes)
    if count < 3:
        return []
    for index, size in enumerate(sizes):
        low, high = max(0, index - 3), min(count, index + 4)
        around = sorted(sizes[low:index] + sizes[index + 1 : high])
        middle = len(around) // 2
        level = around[middle] if len(around) % 2 else (around[middle - 1] + around[middle]) / 2
        error = 1 / math.sqrt(series.weights[index])
        away = size - level
        if abs(away) > SLIP_SUSPECT * error and abs(away) > 0.25:
            found.append((-abs(away) / error, index, _log_slip_density(away, error * 1.3)))
    found.sort()
    return [(index, log_density) for _, index, log_density in found[:MOST_SLIPS]]


def _log_slip_density(away: float, error: float) -> float:
    """Log of share times density of a reading that far off being a slip."""
    total = 1e-6
    for shift, share in zip(SLIP_SHIFTS, SLIP_SHIFT_SHARES, strict=True):
        z = (away - shift) / error
        total += share * math.exp(-0.5 * z * z)
    return math.log(SLIP_SHARE * total / (error * math.sqrt(2 * math.pi)))


@dataclass(frozen=True, slots=True)
class Account:
    """One way to tell the record: which readings are believed, and the ramps (change points) fitted to them."""

    keep: tuple[int, ...]
    level_log: float  # log likelihood of a level size, times the prior of the slips left out
    ramps: tuple[Ramp, ...]

    def log_odds(self, rates: Sequence[float]) -> float:
        """Log of the likelihood of growing at one of `rates` from one of the change points, over that of a level."""
        halves = [(rate, 0.5 * rate * rate) for rate in rates]
        logs = [ramp.log_prior + rate * ramp.along - half * ramp.spread for ramp in self.ramps for rate, half in halves]
        return _log_sum(logs) - math.log(len(rates))


def start_share(error: float) -> float:
    """How many change points the start of the record counts for."""
    return START_SHARE * math.pow(max(1.0, error / START_SHARE_ERROR), START_SHARE_POWER)


def prior_odds(error: float) -> float:
    """Odds of growth before anything is compared."""
    return min(LARGEST_ODDS, max(1.0, 1 + ODDS_SLOPE * (error - EVEN_ODDS_ERROR)))


def accounts_of(series: Series, suspects: list[tuple[int, float]]) -> list[Account]:
    """The record with every combination of suspected slips believed or left out."""
    everything = tuple(range(len(series.days)))
    accounts: list[Account] = []
    for size in range(len(suspects) + 1):
        for dropped in combinations(suspects, size):
            gone = {index for index, _ in dropped}
            keep = tuple(index for index in everything if index not in gone) if gone else everything
            if len(keep) < 2:
                continue
            prior = sum(log_density for _, log_density in dropped)
            accounts.append(Account(keep, _log_level(series, keep) + prior, _ramps(series, keep)))
    return accounts


def odds_of_change(accounts: list[Account], rates: Sequence[float]) -> float:
    """Likelihood of changing at one of `rates`, over that of a level, each summed over the accounts."""
    level = [account.level_log for account in accounts]
    change = [account.level_log + account.log_odds(rates) for account in accounts]
    return math.exp(min(600.0, _log_sum(change) - _log_sum(level)))


def _log_sum(logs: Sequence[float]) -> float:
    top = max(logs)
    return top + math.log(sum([math.exp(value - top) for value in logs]))


def _log_level(series: Series, keep: tuple[int, ...]) -> float:
    """Log likelihood of a level size, its height unknown."""
    weights, sizes = series.weights, series.sizes
    total = sum([weights[index] for index in keep])
    mean = sum([weights[index] * sizes[index] for index in keep]) / total
    squares = sum([weights[index] * (sizes[index] - mean) ** 2 for index in keep])
    scale = sum([math.log(weights[index] / (2 * math.pi)) for index in keep])
    return 0.5 * (scale - squares - math.log(total))


def _change_points(count: int) -> list[int]:
    """Indices after which a change may have begun: every reading but the last, thinned where there are very many."""
    points = list(range(count - 1))
    if count <= MOST_CHANGE_POINTS:
        return points
    recent = points[-MOST_CHANGE_POINTS // 2 :]
    older = points[: -MOST_CHANGE_POINTS // 2]
    return older[:: math.ceil(len(older) / (MOST_CHANGE_POINTS // 2))] + recent


def _ramps(series: Series, keep: tuple[int, ...]) -> tuple[Ramp, ...]:
    """A ramp from every change point. The start of the record counts as several: growth may well be older than it."""
    groups = [
        _Group(series, [index for index in keep if series.methods[index] == method], bias)
        for method, bias in enumerate(series.biases or (0.0,))
        if not series.biases or any(series.methods[index] == method for index in keep)
    ]
    points = _change_points(len(keep))
    at_start = start_share(series.error)
    share = -math.log(len(points) - 1 + at_start)
    ramps: list[Ramp] = []
    for order, point in enumerate(points):
        day = series.days[keep[point]]
        along, spread = _along_and_spread(groups, day)
        ramps.append(Ramp(day, along, spread, share + (math.log(at_start) if order == 0 else 0.0)))
    return tuple(ramps)


def _along_and_spread(groups: list[_Group], change_day: float) -> tuple[float, float]:
    """(u'Py, u'Pu) of the ramp u that begins at `change_day`, the level (and steady method biases) projected out."""
    if len(groups) == 1:
        _, along, spread = groups[0].ramp(change_day)
        return along, spread
    along = spread = total = u_sum = y_sum = uy_sum = uu_sum = 0.0
    for group in groups:
        u_mean, uy, uu = group.ramp(change_day)
        along += uy
        spread += uu
        weight = group.between
        total += weight
        u_sum += weight * u_mean
        y_sum += weight * group.mean
        uy_sum += weight * u_mean * group.mean
        uu_sum += weight * u_mean * u_mean
    return along + uy_sum - u_sum * y_sum / total, spread + uu_sum - u_sum * u_sum / total


class _Group:
    """The readings of one method, as sums from each reading to the last, so that a ramp costs a few operations."""

    def __init__(self, series: Series, indices: list[int], bias: float) -> None:
        self.days = [series.days[index] for index in indices]
        weights = [series.weights[index] for index in indices]
        sizes = [series.sizes[index] for index in indices]
        self.total = sum(weights)
        self.mean = sum([weight * size for weight, size in zip(weights, sizes, strict=True)]) / self.total
        self.between = 1 / (1 / self.total + bias)
        self.cursor = 0
        # weight, weight*day, weight*day^2, weight*(y-mean), weight*day*(y-mean), over the readings from `i` on
        self.sums = [(0.0, 0.0, 0.0, 0.0, 0.0)]
        w = wd = wdd = wy = wdy = 0.0
        for weight, day, size in zip(reversed(weights), reversed(self.days), reversed(sizes), strict=True):
            residual = weight * (size - self.mean)
            w += weight
            wd += weight * day
            wdd += weight * day * day
            wy += residual
            wdy += day * residual
            self.sums.append((w, wd, wdd, wy, wdy))
        self.sums.reverse()

    def ramp(self, change_day: float) -> tuple[float, float, float]:
        """Mean of the ramp, and its weighted products with the size and with itself. Ask in rising order of day."""
        days, cursor = self.days, self.cursor
        while cursor < len(days) and days[cursor] <= change_day:
            cursor += 1
        self.cursor = cursor
        w, wd, wdd, wy, wdy = self.sums[cursor]
        u = wd - change_day * w
        uu = wdd - 2 * change_day * wd + change_day * change_day * w
        return u / self.total, wdy - change_day * wy, uu - u * u / self.total


def rate_quantiles(ramps: Sequence[Ramp], shares: Sequence[float]) -> list[float]:
    """Quantiles of the present growth rate (log diameter a day), the moment of change averaged over."""
    top = max(ramp.log_weight for ramp in ramps)
    parts = [(math.exp(ramp.log_weight - top), *ramp.posterior) for ramp in ramps]
    total = sum([weight for weight, _, _ in parts])
    parts = [(weight / total, mean, error) for weight, mean, error in parts if weight > 1e-9 * total]
    return [_mixture_quantile(parts, share) for share in shares]


def _mixture_quantile(parts: Sequence[tuple[float, float, float]], share: float) -> float:
    low = min(mean - 6 * error for _, mean, error in parts)
    high = max(mean + 6 * error for _, mean, error in parts)
    while high - low > 1e-9:
        middle = (low + high) / 2
        below = sum([weight * math.erfc((mean - middle) / (error * SQRT_2)) for weight, mean, error in parts]) / 2
        if below < share:
            low = middle
        else:
            high = middle
    return (low + high) / 2
