"""What a record says for growth: the likelihoods of every way of growing, over those of staying level or shrinking.

A way of growing is a rate, a moment at which it began, and whether the size was level or shrinking before that; each
counts by its weight in triage/growth_table.py. Mathematics: docs/growth.md. Plain Python, no clock.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import NamedTuple

from triage.growth_model import Account, Ramp
from triage.growth_table import GROWTH_RATES, Weights, bar_of

# halving of the volume in so many days: shrinking that lasts, and shrinking before growth or a standstill
SHRINK_RATES = tuple([-math.log(2) / (3 * days) for days in (60.0, 30.0, 15.0)])
EARLIER_RATES = tuple([-math.log(2) / (3 * days) for days in (50.0, 20.0)])
FROM_THE_START, LATER = 0.7, 0.3  # when shrinking began, or ended
AGAIN = 0.5  # weight of growth after shrinking
OVERDUE_AT_MOST = 4.0
LARGEST_LOG, SMALLEST_LOG = 600.0, -6.0  # beyond these a likelihood is taken as enough, or as nothing


class Evidence(NamedTuple):
    """Likelihoods added up over every way to tell the record, in one unit: growing by its weights, the others bare."""

    growing: float
    level: float
    shrinking: float
    stopped: float


def evidence_of(accounts: Sequence[Account], weights: Weights) -> Evidence:
    top = max([account.level_log for account in accounts])
    growing = level = shrinking = stopped = 0.0
    for account in accounts:
        told = math.exp(account.level_log - top)
        found = _evidence(account.ramps, weights)
        growing += told * found.growing
        level += told
        shrinking += told * found.shrinking
        stopped += told * found.stopped
    return Evidence(growing, level, shrinking, stopped)


def growth_odds(evidence: Evidence, weights: Weights, *, readings: int) -> float:
    """Odds that it grows; calibrated so that 9 to 1 keeps false alarms rare."""
    other = evidence.level + weights.shrinking * (evidence.shrinking + LATER * evidence.stopped)
    return math.exp(min(LARGEST_LOG, math.log(evidence.growing / other) - bar_of(readings, weights)))


def shrink_odds(evidence: Evidence) -> float:
    """Odds that it is shrinking, against a level size or one that is level again."""
    return evidence.shrinking / (evidence.level + LATER * evidence.stopped)


def _evidence(ramps: tuple[Ramp, ...], weights: Weights) -> Evidence:
    """Likelihoods over that of a level size for one way to tell the record."""
    if not ramps:  # one reading is left, which tells neither from the other
        return Evidence(sum(weights.from_start), 1.0, FROM_THE_START, 0.0)
    first, later = ramps[0], _shares(weights.later)
    growing = _paces(first.along, first.spread, 0.0, _shares(weights.from_start), weights)
    again = shrinking = stopped = 0.0
    for ramp in ramps[1:]:
        along, spread = ramp.along, ramp.spread
        growing += _paces(along, spread, 0.0, later, weights)
        shrinking += _shrinking(along, spread)
        for before in EARLIER_RATES:
            until, after = stopped_log(first, ramp, before), along_after(ramp, before)
            stopped += math.exp(until if until < LARGEST_LOG else LARGEST_LOG)
            if until + (0.5 * after * after / spread if after > 0 else 0.0) > SMALLEST_LOG:
                again += _paces(after, spread, until, later, weights)
    moments = max(1, len(ramps) - 1)
    return Evidence(
        growing + weights.shrinking * AGAIN * again / len(EARLIER_RATES),
        1.0,
        FROM_THE_START * _shrinking(first.along, first.spread) + LATER * shrinking / moments,
        stopped / (len(EARLIER_RATES) * moments),
    )


def _shares(weights: tuple[float, ...]) -> list[tuple[float, float, float]]:
    return [(rate, rate * rate, share) for rate, share in zip(GROWTH_RATES, weights, strict=True)]


def _paces(
    along: float, spread: float, log_before: float, shares: list[tuple[float, float, float]], weights: Weights
) -> float:
    """The rates of growth from one moment on, each by its share. What would have been plain before counts for less."""
    total, plain = 0.0, weights.overdue_from
    for rate, square, share in shares:
        noise = square * spread
        log = log_before + rate * along - 0.5 * noise
        if noise > plain:
            log -= min(OVERDUE_AT_MOST, weights.overdue * (noise - plain))
        total += share * math.exp(log if log < LARGEST_LOG else LARGEST_LOG)
    return total


def stopped_log(first: Ramp, ramp: Ramp, before: float) -> float:
    """Log likelihood of the rate `before` until the ramp's day and none from then on, over that of a level size."""
    return before * (first.along - ramp.along) - 0.5 * before * before * (first.spread - 2 * ramp.trend + ramp.spread)


def along_after(ramp: Ramp, before: float) -> float:
    """The ramp's product with what the rate `before` leaves of the sizes."""
    return ramp.along - before * (ramp.trend - ramp.spread)


def _shrinking(along: float, spread: float) -> float:
    """Likelihood of shrinking from one moment on."""
    total = 0.0
    for rate in SHRINK_RATES:
        log = rate * along - 0.5 * rate * rate * spread
        total += math.exp(log if log < LARGEST_LOG else LARGEST_LOG)
    return total / len(SHRINK_RATES)
