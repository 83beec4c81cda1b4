"""Growth against an independent implementation: scipy's multivariate normal densities, without any of our sums."""

from __future__ import annotations

import math
import random
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta

import numpy as np
import pytest
from scipy.optimize import brentq  # type: ignore[import-untyped]  # scipy brings no types
from scipy.stats import multivariate_normal  # type: ignore[import-untyped]  # scipy brings no types

from triage.growth import Reading, growth_of, log_error, rate_of
from triage.growth_model import METHOD_BIAS, SIZE_SPREAD, USUAL_MM, accounts_of, series_of, suspected_slips
from triage.growth_odds import AGAIN, EARLIER_RATES, LATER, OVERDUE_AT_MOST, SHRINK_RATES
from triage.growth_odds import FROM_THE_START as SHRINKING_FROM_THE_START
from triage.growth_rate import AFTER_SHRINKING, RATE_SPREAD, fitted_rate
from triage.growth_rate import FROM_THE_START as RATE_FROM_THE_START
from triage.growth_rate import LATER as RATE_LATER
from triage.growth_table import GROWTH_RATES, bar_of, weights_for

START = datetime(2026, 1, 5, 19, tzinfo=UTC)
Column = np.ndarray[tuple[int], np.dtype[np.float64]]


def made(rng: random.Random, *, methods: Sequence[str], rate: float, noise: float = 0.04) -> list[Reading]:
    """Irregular readings near a steady course, none of which looks like a slip."""
    day, readings = 0.0, []
    for number in range(rng.randint(3, 14)):
        method = methods[number * len(methods) // 14]
        size = 22 * math.exp(rate * day + rng.gauss(0, noise))
        readings.append(Reading(START + timedelta(days=day), size, method, log_error(size, method), str(number)))
        day += rng.uniform(3, 11)
    return readings


class Independent:
    """The same model written down as what it is: a normal vector with a covariance, for every hypothesis a mean."""

    def __init__(self, readings: Sequence[Reading]) -> None:
        self.days = np.array([(reading.at - readings[0].at).total_seconds() / 86400 for reading in readings])
        self.sizes = np.array([math.log(reading.length_mm / USUAL_MM) for reading in readings])
        self.days_since_last = (readings[-1].at - readings[-2].at) / timedelta(days=1) if len(readings) > 1 else 0.0
        errors = np.array([reading.log_error for reading in readings])
        self.covariance = np.diag(errors**2) + SIZE_SPREAD**2
        if len({reading.method for reading in readings}) > 1:
            same = [[one.method == other.method for other in readings] for one in readings]
            self.covariance = self.covariance + METHOD_BIAS**2 * np.array(same, float)
        self.error = math.sqrt(len(readings) / float((1 / errors**2).sum()))
        self.level = self.density(np.zeros(len(readings)))

    def density(self, mean: Column, extra: Column | None = None) -> float:
        """Log density of the sizes; `extra` is a direction in which the mean is uncertain by the spread of a rate."""
        spread = 0.0 if extra is None else RATE_SPREAD**2 * np.outer(extra, extra)
        return float(multivariate_normal.logpdf(self.sizes, mean, self.covariance + spread))

    def ratio(self, mean: Column, extra: Column | None = None) -> float:
        return math.exp(self.density(mean, extra) - self.level)

    def after(self, change: float) -> Column:
        return np.array([max(0.0, day - change) for day in self.days])

    def before(self, change: float) -> Column:
        return np.array([min(day, change) for day in self.days])

    def noise(self, ramp: Column) -> float:
        inverse = np.linalg.inv(self.covariance)
        return float(ramp @ inverse @ ramp)

    def probability(self) -> float:
        growing, others = self.likelihoods()
        log_odds = math.log(growing / (1 + weights_for(self.error).shrinking * others))
        bar = bar_of(len(self.days), weights_for(self.error), days_since_last=self.days_since_last)
        return 1 / (1 + math.exp(bar - log_odds))

    def likelihoods(self) -> tuple[float, float]:
        """Of growing, and of shrinking now or earlier, over that of a level size."""
        weights = weights_for(self.error)
        changes = self.days[:-1]
        growing = shrinking = stopped = 0.0
        for order, change in enumerate(changes):
            ramp = self.after(change)
            for place, rate in enumerate(GROWTH_RATES):
                share = (weights.later if order else weights.from_start)[place]
                plain = weights.overdue * max(0.0, rate**2 * self.noise(ramp) - weights.overdue_from)
                share *= math.exp(-min(OVERDUE_AT_MOST, plain))
                growing += share * self.ratio(rate * ramp)
                for earlier in EARLIER_RATES if order else ():
                    again = weights.shrinking * AGAIN / len(EARLIER_RATES)
                    growing += share * again * self.ratio(earlier * self.before(change) + rate * ramp)
            later = LATER / max(1, len(changes) - 1)
            for rate in SHRINK_RATES:
                part = later if order else SHRINKING_FROM_THE_START
                shrinking += part * self.ratio(rate * ramp) / len(SHRINK_RATES)
            for earlier in EARLIER_RATES if order else ():
                stopped += later * self.ratio(earlier * self.before(change)) / len(EARLIER_RATES)
        return growing, shrinking + stopped

    def parts(self) -> Iterator[tuple[float, float, float]]:
        """Weight, mean and standard error of the present rate under each hypothesis, by general linear algebra."""
        yield 1.0, 0.0, 0.0
        inverse = np.linalg.inv(self.covariance)
        for order, change in enumerate(self.days[:-1]):
            ramp, weight = self.after(change), RATE_LATER if order else RATE_FROM_THE_START
            error = 1 / math.sqrt(self.noise(ramp) + RATE_SPREAD**-2)
            for earlier in (0.0, *EARLIER_RATES) if order else (0.0,):
                mean = earlier * self.before(change)
                share = weight * (AFTER_SHRINKING if earlier else 1.0)
                yield share * self.ratio(mean, ramp), error**2 * float(ramp @ inverse @ (self.sizes - mean)), error
                if earlier:
                    yield share * self.ratio(mean), 0.0, 0.0

    def share_below(self, rate: float) -> float:
        parts = list(self.parts())
        below = sum(
            w * (0.5 * math.erfc((m - rate) / e / math.sqrt(2)) if e else float(rate >= m)) for w, m, e in parts
        )
        return below / sum(w for w, _, _ in parts)


def records() -> list[list[Reading]]:
    rng = random.Random(7)
    methods = (("photo",), ("ruler",), ("comparison",), ("ruler", "photo"))
    found = [made(rng, methods=methods[n % 4], rate=rng.choice((0.0, 0.003, 0.008, -0.006))) for n in range(24)]
    return [readings for readings in found if not suspected_slips(series_of(readings))]


@pytest.mark.parametrize("readings", records())
def test_the_probability_is_that_of_the_densities(readings: list[Reading]) -> None:
    assert growth_of(readings).probability_growing == pytest.approx(Independent(readings).probability(), rel=5e-3)


@pytest.mark.parametrize("readings", records())
def test_the_ends_of_the_interval_leave_a_fortieth_of_the_densities_outside(readings: list[Reading]) -> None:
    rate, other = rate_of(readings), Independent(readings)
    assert rate is not None
    for end, share in ((rate.low, 0.025), (rate.middle, 0.5), (rate.high, 0.975)):
        assert other.share_below(end - 1e-7) - 1e-4 <= share <= other.share_below(end + 1e-7) + 1e-4


def test_the_fitted_rate_is_that_of_weighted_least_squares_with_the_two_expectations() -> None:
    readings = made(random.Random(3), methods=("ruler",), rate=0.006)
    (account,) = accounts_of(series_of(readings), [])
    other = Independent(readings)
    errors = np.array([reading.log_error for reading in readings])
    for ramp in account.ramps:
        rows = np.column_stack([np.ones(len(readings)), other.after(ramp.day)]) / errors[:, None]
        expected = np.diag([1 / SIZE_SPREAD, 1 / RATE_SPREAD])
        solution, *_ = np.linalg.lstsq(
            np.vstack([rows, expected]), np.append(other.sizes / errors, [0.0, 0.0]), rcond=None
        )
        assert fitted_rate(ramp, 0.0)[0] == pytest.approx(float(solution[1]), rel=1e-9)


def test_a_likelihood_ratio_is_largest_at_the_rate_that_scipy_finds() -> None:
    readings = made(random.Random(5), methods=("photo",), rate=0.008)
    (account,) = accounts_of(series_of(readings), [])
    other, ramp = Independent(readings), account.ramps[0]
    direction = other.after(0.0)

    def slope(rate: float) -> float:
        return other.density((rate + 1e-6) * direction) - other.density((rate - 1e-6) * direction)

    assert ramp.along / ramp.spread == pytest.approx(brentq(slope, -0.05, 0.05), abs=1e-7)
