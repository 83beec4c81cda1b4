"""What a record says for growth: the likelihoods of every way of growing, over those of staying level or shrinking.

A way of growing is a rate, a moment at which it began, and whether the size was level or shrinking before that; each
counts by its weight in triage/growth_table.py. Mathematics: docs/growth.md. Plain Python, no clock.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import NamedTuple

from triage.growth_model import Account, Ramp
from triage.growth_table import GROWTH_RATES, Weights

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


def growth_odds(evidence: Evidence, weights: Weights, bar: float) -> float:
    """Odds that it grows; calibrated so that 9 to 1 keeps false alarms rare."""
    other = evidence.level + weights.shrinking * (evidence.shrinking + LATER * evidence.stopped)
    log = math.log(max(TINY, evidence.growing)) - math.log(max(TINY, other))
    return math.exp(min(LARGEST_LOG, log - bar))


def shrink_odds(evidence: Evidence) -> float:
    """Odds that it is shrinking, against a level size or one that is level again."""
    return evidence.shrinking / max(TINY, evidence.level + LATER * evidence.stopped)


def _evidence(ramps: tuple[Ramp, ...], weights: Weights) -> Evidence:
    """Likelihoods over that of a level size for one way to tell the record."""
    if not ramps:  # one reading is left, which tells neither from the other
        return Evidence(sum(weights.from_start), 1.0, FROM_THE_START, 0.0)
    try:
        found = _evidence_in(ramps, weights, 0.0)
        if max(found.growing, found.shrinking, found.stopped) < HUGE:
            return found
    except OverflowError:
        pass
    return _evidence_in(ramps, weights, _largest_log(ramps))


def _evidence_in(ramps: tuple[Ramp, ...], weights: Weights, log_unit: float) -> Evidence:
    """Written out rate by rate, because a judgement adds up some hundred and fifty of these. Raises OverflowError."""
    first, shares, plain = ramps[0], weights.later, weights.overdue_from
    _, first_along, first_spread, _ = first
    growing = _paces(first_along, -log_unit, _costs(first_spread, weights), weights.from_start)
    again = shrinking = stopped = 0.0
    share_1, share_2, share_3, share_4 = shares
    for _, along, spread, trend in ramps[1:]:
        if _SQUARE_1 * spread <= plain:
            cost_1, cost_2 = 0.5 * (_SQUARE_1 * spread), 0.5 * (_SQUARE_2 * spread)
            cost_3, cost_4 = 0.5 * (_SQUARE_3 * spread), 0.5 * (_SQUARE_4 * spread)
        else:
            cost_1, cost_2, cost_3, cost_4 = _costs(spread, weights)
        growing += (
            share_1 * _exp(_RATE_1 * along - log_unit - cost_1)
            + share_2 * _exp(_RATE_2 * along - log_unit - cost_2)
            + share_3 * _exp(_RATE_3 * along - log_unit - cost_3)
            + share_4 * _exp(_RATE_4 * along - log_unit - cost_4)
        )
        shrinking += _shrinking(along, spread, log_unit)
        ahead = first_along - along
        wide, rest = first_spread - 2 * trend + spread, trend - spread
        for before, half_square in _EARLIER:  # `stopped_log` and `along_after` in place
            until, after = before * ahead - half_square * wide - log_unit, along - before * rest
            stopped += _exp(until)
            if until + (0.5 * after * after / spread if after > 0.0 < spread else 0.0) > SMALLEST_LOG:
                again += (
                    share_1 * _exp(until + _RATE_1 * after - cost_1)
                    + share_2 * _exp(until + _RATE_2 * after - cost_2)
                    + share_3 * _exp(until + _RATE_3 * after - cost_3)
                    + share_4 * _exp(until + _RATE_4 * after - cost_4)
                )
    moments = max(1, len(ramps) - 1)
    return Evidence(
        growing + weights.shrinking * AGAIN * again / len(EARLIER_RATES),
        math.exp(-log_unit),
        FROM_THE_START * _shrinking(first_along, first_spread, log_unit) + LATER * shrinking / moments,
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


def _costs(spread: float, weights: Weights) -> tuple[float, float, float, float]:
    """What each rate loses by the spread alone, whatever went before.

    What would have been plain before counts for less.
    """
    plain = weights.overdue_from
    found: list[float] = []
    for square in _SQUARES:
        noise = square * spread
        cost = 0.5 * noise
        if noise > plain:
            overdue = weights.overdue * (noise - plain)
            cost += overdue if overdue < OVERDUE_AT_MOST else OVERDUE_AT_MOST
        found.append(cost)
    one, two, three, four = found
    return one, two, three, four


def _paces(along: float, log_before: float, costs: Sequence[float], shares: Sequence[float]) -> float:
    """The rates of growth from one moment on, each by its share."""
    return sum(
        [
            share * _exp(log_before + rate * along - cost)
            for rate, cost, share in zip(GROWTH_RATES, costs, shares, strict=True)
        ]
    )


def stopped_log(first: Ramp, ramp: Ramp, before: float) -> float:
    """Log likelihood of the rate `before` until the ramp's day and none from then on, over that of a level size."""
    return before * (first.along - ramp.along) - 0.5 * before * before * (first.spread - 2 * ramp.trend + ramp.spread)


def along_after(ramp: Ramp, before: float) -> float:
    """The ramp's product with what the rate `before` leaves of the sizes."""
    return ramp.along - before * (ramp.trend - ramp.spread)


def _shrinking(along: float, spread: float, log_unit: float) -> float:
    """Likelihood of shrinking from one moment on."""
    return (
        _exp(_SHRINK_1 * along - _HALF_1 * spread - log_unit)
        + _exp(_SHRINK_2 * along - _HALF_2 * spread - log_unit)
        + _exp(_SHRINK_3 * along - _HALF_3 * spread - log_unit)
    ) / 3


_exp = math.exp  # looked up a hundred times in a judgement
_RATE_1, _RATE_2, _RATE_3, _RATE_4 = GROWTH_RATES  # the fastest first
_SQUARES = _SQUARE_1, _SQUARE_2, _SQUARE_3, _SQUARE_4 = [rate * rate for rate in GROWTH_RATES]
_SHRINK_1, _SHRINK_2, _SHRINK_3 = SHRINK_RATES
_HALF_1, _HALF_2, _HALF_3 = [0.5 * rate * rate for rate in SHRINK_RATES]
_EARLIER = tuple([(rate, 0.5 * rate * rate) for rate in EARLIER_RATES])
