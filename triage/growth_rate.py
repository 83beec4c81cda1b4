"""The present rate of growth with its interval, whatever the verdict: every way to tell the record averaged over.

Mathematics and measured coverage: docs/growth.md. Plain Python, no clock; the phone must come to the same numbers.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

from triage.growth_model import Account, Ramp
from triage.growth_odds import EARLIER_RATES, along_after, stopped_log

RATE_SPREAD = 0.01  # standard deviation of a rate that is not nought, before anything is measured; log diameter a day
FROM_THE_START, LATER, AFTER_SHRINKING = 1.0, 0.03, 0.1  # odds against a level size: since before the first reading,
# since any one reading, and of having shrunk before
_LOG_LATER, _LOG_AFTER_SHRINKING = math.log(LATER), math.log(AFTER_SHRINKING)
SQRT_2, SQRT_2_PI = math.sqrt(2), math.sqrt(2 * math.pi)
SMALLEST_SHARE = 1e-6
FINEST = 1e-10
MOST_STEPS, HALVED_EVERY = 80, 6
FARTHEST = 8 / SQRT_2  # of a bell, 8 errors: beyond it is all or nothing


@dataclass(frozen=True, slots=True)
class Rate:
    """Change of the log diameter a day, now: the middle and the ends of the 95 % interval."""

    middle: float
    low: float
    high: float


class Course(NamedTuple):
    """One way to tell the record: which readings are believed, the last change, and the rate before it."""

    account: Account
    ramp: Ramp
    before: float


class _Part(NamedTuple):
    """One way to tell the record: its weight, and the rate it leads to with its standard error (0: known exactly)."""

    weight: float
    mean: float
    error: float


class _Mixture(NamedTuple):
    """The parts as their sums need them: the weight of those that are known to be nought, and of each of the others
    half the weight, the mean, 1 / (error √2) and how densely it lies at its mean. Kept so, as sixty sums are made."""

    at_nought: float
    bells: tuple[tuple[float, float, float, float], ...]
    low: float
    high: float


def rate_now(accounts: Sequence[Account]) -> Rate:
    parts = _parts(accounts)
    mean = sum([weight * middle for weight, middle, _ in parts])
    spread = math.sqrt(sum([weight * (error * error + (middle - mean) ** 2) for weight, middle, error in parts]))
    mixed = _mixed(parts)
    low, middle, high = (_quantile(mixed, share, mean + z * spread) for share, z in ((0.025, -2), (0.5, 0), (0.975, 2)))
    return Rate(middle=middle, low=low, high=high)


def fitted_rate(ramp: Ramp, before: float) -> tuple[float, float]:
    """Mean and standard error of the rate since the ramp's day, and `before` until then."""
    variance = 1 / (ramp.spread + 1 / RATE_SPREAD**2)
    return variance * along_after(ramp, before), math.sqrt(variance)


def likeliest_growth(accounts: Sequence[Account]) -> Course:
    """The course with a rise at its end that explains the record best, every moment of change counting alike."""
    courses = [
        (
            account.level_log + _log_share(ramp, before, _stopped_log(account, ramp, before)),
            Course(account, ramp, before),
        )
        for account in accounts
        for order, ramp in enumerate(account.ramps)
        for before in ((0.0, *EARLIER_RATES) if order else (0.0,))
    ]
    rising = [pair for pair in courses if along_after(pair[1].ramp, pair[1].before) > 0]
    return max(rising or courses, key=lambda pair: pair[0])[1]


def _stopped_log(account: Account, ramp: Ramp, before: float) -> float:
    return stopped_log(account.ramps[0], ramp, before) + _LOG_AFTER_SHRINKING if before else 0.0


def _log_share(ramp: Ramp, before: float, log_before: float) -> float:
    """Log likelihood of a change on the ramp's day, the rate since then integrated out."""
    mean, error = fitted_rate(ramp, before)
    return log_before + math.log(error / RATE_SPREAD) + 0.5 * (mean / error) ** 2


def _parts(accounts: Sequence[Account]) -> list[_Part]:
    """Logs are weighed against the largest: a long record soon tells more than an exponential can hold."""
    found = [log_part for account in accounts for log_part in _log_parts(account)]
    top = max([log for log, _, _ in found])
    weights = [math.exp(log - top) for log, _, _ in found]
    total = sum(weights)
    least = SMALLEST_SHARE * total
    return [
        _Part(weight / total, mean, error)
        for weight, (_, mean, error) in zip(weights, found, strict=True)
        if weight > least
    ]


def _log_parts(account: Account) -> list[tuple[float, float, float]]:
    """As `_Part`, with the log of the weight."""
    told = account.level_log
    if not account.ramps:
        return [(told, 0.0, 0.0), (told + math.log(FROM_THE_START), 0.0, RATE_SPREAD)]
    found = [(told, 0.0, 0.0)]
    for order, ramp in enumerate(account.ramps):
        log_odds = told + _LOG_LATER if order else told + math.log(FROM_THE_START)
        found.append(_log_part(log_odds, ramp, 0.0))
        for before in EARLIER_RATES if order else ():
            log_before = log_odds + _LOG_AFTER_SHRINKING + stopped_log(account.ramps[0], ramp, before)
            found.append((log_before, 0.0, 0.0))
            found.append(_log_part(log_before, ramp, before))
    return found


def _log_part(log_odds: float, ramp: Ramp, before: float) -> tuple[float, float, float]:
    """The log likelihood with the rate integrated out, and the rate it leaves."""
    mean, error = fitted_rate(ramp, before)
    return log_odds + math.log(error / RATE_SPREAD) + 0.5 * (mean / error) ** 2, mean, error


def _mixed(parts: Sequence[_Part]) -> _Mixture:
    return _Mixture(
        at_nought=sum([weight for weight, _, error in parts if error == 0]),
        bells=tuple(
            [
                (weight / 2, mean, 1 / (error * SQRT_2), weight / (error * SQRT_2_PI))
                for weight, mean, error in parts
                if error > 0
            ]
        ),
        low=min([part.mean - 6 * part.error for part in parts]),
        high=max([part.mean + 6 * part.error for part in parts]),
    )


def _quantile(mixed: _Mixture, share: float, guess: float) -> float:
    """Newton's steps within a bracket, halved now and then; where the distribution jumps it closes on the jump."""
    low, high = mixed.low, mixed.high
    rate = following = min(max(guess, low), high)
    for step in range(MOST_STEPS):
        below, density = _below(mixed, rate)
        if below < share:
            low = rate
        else:
            high = rate
        following = (
            rate - (below - share) / density
            if density > 0 and step % HALVED_EVERY != HALVED_EVERY - 1
            else (low + high) / 2
        )
        if not low < following < high:
            following = (low + high) / 2
        if abs(following - rate) < FINEST or high - low < FINEST:
            break
        rate = following
    return 0.0 if abs(following) < 10 * FINEST else following


def _below(mixed: _Mixture, rate: float) -> tuple[float, float]:
    """The share below a rate, and how densely it lies there."""
    below, density = mixed.at_nought if rate >= 0 else 0.0, 0.0
    for half, mean, narrow, peak in mixed.bells:
        z = (rate - mean) * narrow
        if z > FARTHEST:
            below += half + half
        elif z > -FARTHEST:
            below += half * _erfc(-z)
            density += peak * _exp(-z * z)
    return below, density


_erfc, _exp = math.erfc, math.exp
