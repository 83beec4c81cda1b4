"""Is it growing, and how fast: a change of pace told from measuring error.

A person's readings are few, irregular, rounded and now and then grossly wrong, so no single comparison is trusted.
Readings are compared on the logarithm of the longest diameter, where the error of a method is one number. The
history of the size is either *level* or *level until a moment, then growing at one of several rates*; the likelihoods
of all these are added up (weights below) and their ratio to "level" becomes `probability_growing`. A reading that
looks like a slip is judged both with it and without it, weighed by how often people slip. Mathematics, calibration
and scores: docs/growth.md.

Plain Python, no clock: the same numbers must come out on the phone.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from triage.growth_model import (
    LOG_2,
    RATES,
    SHRINK_RATES,
    Account,
    Ramp,
    Reading,
    Series,
    accounts_of,
    odds_of_change,
    prior_odds,
    rate_quantiles,
    series_of,
    suspected_slips,
)

__all__ = ["DoublingDays", "Growth", "Reading", "growth_of", "log_error", "own_variance"]

GrowthState = Literal["growing", "stable", "shrinking", "too_few"]

# Coefficient of variation of one reading and the rounding step in mm (reference: clinical evidence 3.3; the tape is
# taken as the ruler, the caliper as a little better, a clinician's reading as measured in Wasson 2012 for calipers).
READING_ERROR: dict[str | None, tuple[float, float]] = {
    "photo": (0.07, 0.5),
    "ultrasound": (0.07, 0.5),
    "caliper": (0.10, 1.0),
    "ruler": (0.12, 1.0),
    "tape": (0.12, 1.0),
    "clinician": (0.15, 1.0),
    "comparison": (0.22, 5.0),
    None: (0.22, 1.0),
}
OWN_ERROR_PRIOR_READINGS = 10  # how many repeats it takes until the person's own spread counts as much as the table
MEDIAN_VARIANCE = (1.0, 1.0, 0.5, 0.4487, 0.2982, 0.2868)  # of the median of n normal readings, n = 0 .. 5

GROWING_FROM = 0.89  # posterior probability from which it is called growing; calibrated by simulation (docs/growth.md)
SUSPICIOUS_FROM = 0.75  # ... and from which a second reading is asked for
SHRINKING_FROM = 0.89
CONFIRM_AFTER_DAYS = 3

MOST_READINGS = 400  # a longer record is judged by its latest readings


@dataclass(frozen=True, slots=True)
class DoublingDays:
    """Doubling time of the volume with its 95 % interval; `high` None: no upper bound."""

    estimate: float
    low: float
    high: float | None


@dataclass(frozen=True, slots=True)
class Growth:
    """What the readings say. `since` is the moment of the smallest fitted size; `confirm_at` when to measure again."""

    state: GrowthState
    measurements: int
    probability_growing: float | None = None
    change_mm: float | None = None
    change_percent: float | None = None
    doubling_days: DoublingDays | None = None
    since: datetime | None = None
    confirm_at: datetime | None = None
    size_mm: float | None = None  # fitted, now
    last_is_slip_down: bool = False
    observations: tuple[str, ...] = ()


def log_error(length_mm: float, method: str | None, *, readings: int = 1, own_variance: float | None = None) -> float:
    """Standard error of one sitting's log diameter: the method's error over the repeats, and the rounding."""
    error, step = READING_ERROR.get(method, READING_ERROR[None])
    variance = error * error if own_variance is None else own_variance
    shrink = MEDIAN_VARIANCE[readings] if readings < len(MEDIAN_VARIANCE) else math.pi / (2 * readings)
    return math.sqrt(variance * shrink + (step / length_mm) ** 2 / 12)


def own_variance(repeats: Sequence[Sequence[float]], method: str | None) -> float:
    """The method's variance, moved towards what the person's own repeats at one sitting show."""
    error, _ = READING_ERROR.get(method, READING_ERROR[None])
    squares, freedom = 0.0, 0
    for readings in repeats:
        logs = [math.log(reading) for reading in readings]
        mean = sum(logs) / len(logs)
        squares += sum((value - mean) ** 2 for value in logs)
        freedom += len(logs) - 1
    return (OWN_ERROR_PRIOR_READINGS * error * error + squares) / (OWN_ERROR_PRIOR_READINGS + freedom)


def growth_of(readings: Sequence[Reading]) -> Growth:
    """Judge the readings (oldest first). Deterministic; O(readings) for an unremarkable record."""
    readings = readings[-MOST_READINGS:]
    count = len(readings)
    if count < 2 or readings[-1].at == readings[0].at:
        return Growth("too_few", count, observations=tuple(reading.observation for reading in readings))
    series = series_of(readings)
    suspects = suspected_slips(series)
    return _describe(readings, series, accounts_of(series, suspects), [index for index, _ in suspects])


def _describe(readings: Sequence[Reading], series: Series, accounts: list[Account], suspects: list[int]) -> Growth:
    odds = prior_odds(series.error) * odds_of_change(accounts, RATES)
    if odds > 1:  # a record that shrinking explains better than a level is held against that
        odds = max(1.0, odds / max(1.0, odds_of_change(accounts, SHRINK_RATES)))
    probability = odds / (1 + odds)
    state: GrowthState = "stable"
    if probability >= GROWING_FROM:
        state = "growing"
    elif _is_shrinking(accounts, prior_odds(series.error)):
        state = "shrinking"
    rates = {"growing": RATES, "shrinking": SHRINK_RATES}.get(state, ())
    account = max(accounts, key=lambda told: told.level_log + (told.log_odds(rates) if rates else 0.0))
    ramp = max(account.ramps, key=lambda one: one.log_weight)
    start, now = _fitted(series, account.keep, ramp) if rates else (0.0, 0.0)
    first, last = readings[0].at, readings[-1].at
    since = first
    if state == "growing":
        since = first + timedelta(days=ramp.day)
    elif state == "shrinking":
        since = last
    doubtful = state != "growing" and (probability >= SUSPICIOUS_FROM or _last_is_a_jump_up(series, suspects))
    fitted = now if rates else _level(series, account.keep)
    return Growth(
        state,
        len(readings),
        size_mm=fitted,
        last_is_slip_down=len(readings) - 1 not in account.keep and readings[-1].length_mm < fitted,
        probability_growing=probability,
        change_mm=now - start if state == "growing" else 0.0,
        change_percent=100 * (now / start - 1) if state == "growing" else 0.0,
        doubling_days=_doubling_days(account) if state == "growing" else None,
        since=since,
        confirm_at=last + timedelta(days=CONFIRM_AFTER_DAYS) if doubtful else None,
        observations=tuple(readings[index].observation for index in account.keep),
    )


def _is_shrinking(accounts: list[Account], prior: float) -> bool:
    """The same question with the rates turned round, asked only where its answer could be yes."""
    needed = math.log(SHRINKING_FROM / (1 - SHRINKING_FROM) / prior)
    strengths = [ramp.along**2 / (2 * ramp.spread) for told in accounts for ramp in told.ramps if ramp.spread > 0]
    best = max(strengths, default=0.0)
    return best >= needed and odds_of_change(accounts, SHRINK_RATES) >= math.exp(needed)


def _last_is_a_jump_up(series: Series, suspects: list[int]) -> bool:
    last = len(series.sizes) - 1
    return last in suspects and series.sizes[last] > series.sizes[last - 1]


def _fitted(series: Series, keep: tuple[int, ...], ramp: Ramp) -> tuple[float, float]:
    """Fitted size in mm before the change and at the last reading."""
    rate, _ = ramp.posterior
    weights, sizes, days = series.weights, series.sizes, series.days
    total = sum([weights[index] for index in keep])
    level = sum([weights[index] * (sizes[index] - rate * max(0.0, days[index] - ramp.day)) for index in keep]) / total
    return math.exp(level), math.exp(level + rate * (days[-1] - ramp.day))


def _level(series: Series, keep: tuple[int, ...]) -> float:
    total = sum([series.weights[index] for index in keep])
    return math.exp(sum([series.weights[index] * series.sizes[index] for index in keep]) / total)


def _doubling_days(account: Account) -> DoublingDays:
    low, middle, high = rate_quantiles(account.ramps, (0.025, 0.5, 0.975))
    return DoublingDays(
        estimate=LOG_2 / (3 * middle) if middle > 0 else math.inf,
        low=LOG_2 / (3 * high),
        high=LOG_2 / (3 * low) if low > 0 else None,
    )
