"""What a record says for growth: the likelihoods of every way of growing, over those of staying level or shrinking.

A way of growing is a rate, a moment at which it began, and whether the size was level or shrinking before that; each
counts by its weight in triage/growth_table.py. Mathematics: docs/growth.md. Plain Python, no clock.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from functools import lru_cache
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
HUGE, TINY = math.exp(580), math.exp(-700)  # a sum that large may hold a term that was taken as enough; nearly nothing


class Evidence(NamedTuple):
    """Likelihoods added up over every way to tell the record, in one unit: growing by its weights, the others bare.

    `log_unit`: the log of that unit over the likelihood of a level size, where more was told than a number holds.
    """

    growing: float
    level: float
    shrinking: float
    stopped: float
    log_unit: float = 0.0


def evidence_of(accounts: Sequence[Account], weights: Weights) -> Evidence:
    found = [_evidence(account.ramps, weights) for account in accounts]
    logs = [account.level_log + one.log_unit for account, one in zip(accounts, found, strict=True)]
    top = max(logs)
    growing = level = shrinking = stopped = 0.0
    for log, one in zip(logs, found, strict=True):
        told = math.exp(log - top)
        growing += told * one.growing
        level += told * one.level
        shrinking += told * one.shrinking
        stopped += told * one.stopped
    return Evidence(growing, level, shrinking, stopped)


def growth_odds(evidence: Evidence, weights: Weights, *, readings: int) -> float:
    """Odds that it grows; calibrated so that 9 to 1 keeps false alarms rare."""
    other = evidence.level + weights.shrinking * (evidence.shrinking + LATER * evidence.stopped)
    log = math.log(max(TINY, evidence.growing)) - math.log(max(TINY, other))
    return math.exp(min(LARGEST_LOG, log - bar_of(readings, weights)))


def shrink_odds(evidence: Evidence) -> float:
    """Odds that it is shrinking, against a level size or one that is level again."""
    return evidence.shrinking / max(TINY, evidence.level + LATER * evidence.stopped)


def _evidence(ramps: tuple[Ramp, ...], weights: Weights) -> Evidence:
    """Likelihoods over that of a level size for one way to tell the record."""
    if not ramps:  # one reading is left, which tells neither from the other
        return Evidence(sum(weights.from_start), 1.0, FROM_THE_START, 0.0)
    found = _evidence_in(ramps, weights, 0.0)
    if max(found.growing, found.shrinking, found.stopped) < HUGE:
        return found
    return _evidence_in(ramps, weights, _largest_log(ramps))


def _evidence_in(ramps: tuple[Ramp, ...], weights: Weights, log_unit: float) -> Evidence:
    first, later = ramps[0], _shares(weights.later)
    _, first_along, first_spread, _ = first
    growing = _paces(first_along, -log_unit, _costs(first_spread, _shares(weights.from_start), weights))
    again = shrinking = stopped = 0.0
    for _, along, spread, trend in ramps[1:]:
        costs = _costs(spread, later, weights)
        growing += _paces(along, -log_unit, costs)
        shrinking += _shrinking(along, spread, log_unit)
        ahead = first_along - along
        wide, rest = first_spread - 2 * trend + spread, trend - spread
        for (
            before,
            half_square,
        ) in _EARLIER:  # `stopped_log` and `along_after` in place: they are the innermost there is
            until, after = before * ahead - half_square * wide - log_unit, along - before * rest
            stopped += _exp(until if until < LARGEST_LOG else LARGEST_LOG)
            if until + (0.5 * after * after / spread if after > 0.0 < spread else 0.0) > SMALLEST_LOG:
                again += _paces(after, until, costs)
    moments = max(1, len(ramps) - 1)
    return Evidence(
        growing + weights.shrinking * AGAIN * again / len(EARLIER_RATES),
        math.exp(-log_unit),
        FROM_THE_START * _shrinking(first.along, first.spread, log_unit) + LATER * shrinking / moments,
        stopped / (len(EARLIER_RATES) * moments),
        log_unit,
    )


def _largest_log(ramps: tuple[Ramp, ...]) -> float:
    """The largest log likelihood over a level size of all that is added up, before any weights."""
    first, found = ramps[0], [0.0]
    for order, ramp in enumerate(ramps):
        half = 0.5 * ramp.spread
        found += [rate * ramp.along - rate * rate * half for rate in (*GROWTH_RATES, *SHRINK_RATES)]
        for before in EARLIER_RATES if order else ():
            until, after = stopped_log(first, ramp, before), along_after(ramp, before)
            found += [until, *[until + rate * after - rate * rate * half for rate in GROWTH_RATES]]
    return max(found)


@lru_cache(maxsize=8192)
def _shares(weights: tuple[float, ...]) -> list[tuple[float, float, float]]:
    """Kept beside the weights, which are the same for the same error of a reading."""
    return [(rate, rate * rate, share) for rate, share in zip(GROWTH_RATES, weights, strict=True)]


def _costs(
    spread: float, shares: list[tuple[float, float, float]], weights: Weights
) -> list[tuple[float, float, float]]:
    """Each rate with its share and what it loses by the spread alone, whatever went before.

    What would have been plain before counts for less.
    """
    plain = weights.overdue_from
    if shares[0][1] * spread <= plain:  # the fastest rate comes first
        return [(rate, share, 0.5 * (square * spread)) for rate, square, share in shares]
    found: list[tuple[float, float, float]] = []
    for rate, square, share in shares:
        noise = square * spread
        cost = 0.5 * noise
        if noise > plain:
            overdue = weights.overdue * (noise - plain)
            cost += overdue if overdue < OVERDUE_AT_MOST else OVERDUE_AT_MOST
        found.append((rate, share, cost))
    return found


def _paces(along: float, log_before: float, costs: list[tuple[float, float, float]]) -> float:
    """The rates of growth from one moment on, each by its share."""
    total = 0.0
    for rate, share, cost in costs:
        log = log_before + rate * along - cost
        total += share * _exp(log if log < LARGEST_LOG else LARGEST_LOG)
    return total


def stopped_log(first: Ramp, ramp: Ramp, before: float) -> float:
    """Log likelihood of the rate `before` until the ramp's day and none from then on, over that of a level size."""
    return before * (first.along - ramp.along) - 0.5 * before * before * (first.spread - 2 * ramp.trend + ramp.spread)


def along_after(ramp: Ramp, before: float) -> float:
    """The ramp's product with what the rate `before` leaves of the sizes."""
    return ramp.along - before * (ramp.trend - ramp.spread)


def _shrinking(along: float, spread: float, log_unit: float) -> float:
    """Likelihood of shrinking from one moment on."""
    total = 0.0
    for rate, half_square in _SHRINKING:
        log = rate * along - half_square * spread - log_unit
        total += _exp(log if log < LARGEST_LOG else LARGEST_LOG)
    return total / _SHRINKING_COUNT


_exp = math.exp  # looked up a hundred times in a judgement
_SHRINKING = tuple([(rate, 0.5 * rate * rate) for rate in SHRINK_RATES])
_SHRINKING_COUNT = len(_SHRINKING)
_EARLIER = tuple([(rate, 0.5 * rate * rate) for rate in EARLIER_RATES])
