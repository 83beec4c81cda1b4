"""Records with slips against an independent statement: every set of believed readings as a full normal density."""

from __future__ import annotations

import math
import random
import statistics
from collections.abc import Iterator, Sequence
from datetime import timedelta
from itertools import chain, combinations
from typing import NamedTuple

import numpy as np
import pytest
from scipy.stats import norm  # type: ignore[import-untyped]  # scipy brings no types

from tests.triage.test_growth_independent import START, Independent, made
from triage.growth import Reading, growth_of, log_error, rate_of
from triage.growth_model import METHOD_BIAS, SLIP_SHARE, SLIP_SHIFT_SHARES, SLIP_SHIFTS, USUAL_MM
from triage.growth_odds import EARLIER_RATES, FROM_THE_START
from triage.growth_rate import AFTER_SHRINKING, RATE_SPREAD
from triage.growth_table import bar_of, weights_for

SLIP_WIDER = 1.3  # a slip scatters by so much more than a reading
NO_KNOWN_SLIP = 1e-6  # the least share of a reading that fits none


class Told(NamedTuple):
    """One way to tell the record: its log likelihood, the readings it believes and the places of the others."""

    log: float
    kept: Independent
    gone: tuple[int, ...]


def away_of(readings: Sequence[Reading], place: int) -> float:
    """How far a reading lies from the median of up to three on each side."""
    logs = [math.log(one.length_mm / USUAL_MM) for one in readings]
    return logs[place] - statistics.median([*logs[max(0, place - 3) : place], *logs[place + 1 : place + 4]])


def suspected(readings: Sequence[Reading], place: int) -> bool:
    """As docs/growth.md says: 2.8 errors and 22 % away."""
    return abs(away_of(readings, place)) > max(0.2, 2.8 * readings[place].log_error)


def slip_log(away: float, error: float) -> float:
    density = sum(
        share * norm.pdf(away, shift, SLIP_WIDER * error)
        for shift, share in zip(SLIP_SHIFTS, SLIP_SHIFT_SHARES, strict=True)
    )
    floor = NO_KNOWN_SLIP / (SLIP_WIDER * error * math.sqrt(2 * math.pi))
    return math.log(SLIP_SHARE * float(density + floor))


def every_telling(readings: Sequence[Reading]) -> list[Told]:
    suspects = [place for place in range(len(readings)) if suspected(readings, place)]
    whole, is_mixed, found = Independent(readings), len({one.method for one in readings}) > 1, []
    for gone in chain.from_iterable(combinations(suspects, size) for size in range(len(suspects) + 1)):
        if len(gone) == len(readings):
            continue
        kept = Independent([one for place, one in enumerate(readings) if place not in gone])
        kept.error = whole.error
        if is_mixed and len({one.method for place, one in enumerate(readings) if place not in gone}) == 1:
            kept.covariance = kept.covariance + METHOD_BIAS**2  # it is there though the other method is not believed
            kept.level = kept.density(np.zeros(len(kept.days)))
        slips = sum(slip_log(away_of(readings, place), readings[place].log_error) for place in gone)
        found.append(Told(kept.level + slips, kept, gone))
    return found


def odds_of(readings: Sequence[Reading], *, without: int | None = None) -> float:
    """That it grows; by those tellings alone that do not believe one reading, where its place is given."""
    tellings = [one for one in every_telling(readings) if without is None or without in one.gone]
    top = max(one.log for one in tellings)
    weights = weights_for(tellings[0].kept.error)
    growing = other = 0.0
    for one in tellings:
        is_alone = len(one.kept.days) == 1  # then it tells nothing apart
        told, others = (sum(weights.from_start), FROM_THE_START) if is_alone else one.kept.likelihoods()
        growing += math.exp(one.log - top) * told
        other += math.exp(one.log - top) * (1 + weights.shrinking * others)
    days = (readings[-1].at - readings[-2].at) / timedelta(days=1)
    return growing / other * math.exp(-bar_of(len(readings), weights, days_since_last=days))


def parts_of(readings: Sequence[Reading]) -> Iterator[tuple[float, float, float]]:
    tellings = every_telling(readings)
    top = max(one.log for one in tellings)
    for one in tellings:
        for weight, mean, error in one.kept.parts():
            yield math.exp(one.log - top) * weight, mean, error
        if len(one.kept.days) == 1:
            yield math.exp(one.log - top), 0.0, RATE_SPREAD


def spoilt(seed: int) -> list[Reading]:
    """A steady course with one or two readings that a slip moved, none of them the last."""
    rng = random.Random(seed)
    methods = (("photo",), ("ruler",), ("caliper",), ("ruler", "photo"))[seed % 4]
    readings = made(rng, methods=methods, rate=rng.choice((0.0, 0.003, 0.008, -0.006)))
    for place in rng.sample(range(len(readings) - 1), k=1 + (len(readings) > 6 and seed % 3 == 0)):
        size = readings[place].length_mm * math.exp(rng.choice(SLIP_SHIFTS) + rng.gauss(0, 0.04))
        readings[place] = readings[place]._replace(length_mm=size, log_error=log_error(size, readings[place].method))
    return readings


def records() -> list[list[Reading]]:
    found = [spoilt(seed) for seed in range(40)]
    return [one for one in found if 1 < len(every_telling(one)) <= 16 and not is_settled_otherwise(one)][:16]


def is_settled_otherwise(readings: Sequence[Reading]) -> bool:
    """By its plain look, by a last reading that jumps, or by too many slips: rules of their own, tested elsewhere."""
    last = len(readings) - 1
    return suspected(readings, last) or growth_of(readings).probability_growing in (0.8, 0.9)


@pytest.mark.parametrize("readings", records())
def test_the_odds_are_those_of_every_way_to_believe_the_readings(readings: list[Reading]) -> None:
    expected = odds_of(readings)
    assert growth_of(readings).probability_growing == pytest.approx(expected / (1 + expected), rel=5e-3)


@pytest.mark.parametrize("readings", records())
def test_the_interval_of_the_rate_is_that_of_every_way_to_believe_the_readings(readings: list[Reading]) -> None:
    rate, parts = rate_of(readings), list(parts_of(readings))
    assert rate is not None

    def below(limit: float) -> float:
        shares = (w * (0.5 * math.erfc((m - limit) / e / math.sqrt(2)) if e else limit >= m) for w, m, e in parts)
        return float(sum(shares) / sum(w for w, _, _ in parts))

    for end, share in ((rate.low, 0.025), (rate.middle, 0.5), (rate.high, 0.975)):
        assert below(end - 1e-7) - 1e-4 <= share <= below(end + 1e-7) + 1e-4


def jumping(seed: int) -> list[Reading]:
    """Slow growth, and a last reading as much too high as one may be at most and still look like more growth."""
    readings = made(random.Random(seed), methods=("ruler",), rate=0.002 + 0.001 * (seed % 4))
    size = readings[-1].length_mm * (1.4, 1.5, 1.6)[seed % 3]
    return [*readings[:-1], readings[-1]._replace(length_mm=size, log_error=log_error(size, "ruler"))]


def jumps() -> list[list[Reading]]:
    """Of those the ones that the last reading would have called growing, and that without it are not."""
    found = [one for one in (jumping(seed) for seed in range(60)) if suspected(one, len(one) - 1)]
    return [one for one in found if odds_of(one) > 4 * odds_of(one, without=len(one) - 1)][:10]


@pytest.mark.parametrize("readings", jumps())
def test_a_last_reading_that_jumps_is_worth_four_times_the_odds_of_the_rest(readings: list[Reading]) -> None:
    expected = 4 * odds_of(readings, without=len(readings) - 1)
    assert growth_of(readings).probability_growing == pytest.approx(expected / (1 + expected), rel=5e-3)


def turning(seed: int) -> list[Reading]:
    """It shrinks at first, by more or less, and then grows for as long."""
    rng = random.Random(seed)
    turn, shrinking, readings = rng.randint(3, 9), rng.choice((-0.004, -0.008)), []
    for week in range(turn + rng.randint(6, 9)):
        log = shrinking * 7 * min(week, turn) + 0.012 * 7 * max(0, week - turn)
        size = 30 * math.exp(log + rng.gauss(0, 0.02))
        readings.append(Reading(START + timedelta(weeks=week), size, "photo", log_error(size, "photo"), str(week)))
    return readings


def likeliest_day(readings: Sequence[Reading]) -> float:
    """Of the last change, every moment counting alike and shrinking before it a tenth."""
    whole = Independent(readings)
    inverse = np.linalg.inv(whole.covariance)
    found = []
    for order, change in enumerate(whole.days[:-1]):
        ramp = whole.after(change)
        for earlier in (0.0, *EARLIER_RATES) if order else (0.0,):
            mean = earlier * whole.before(change)
            if ramp @ inverse @ (whole.sizes - mean) > 0:
                found.append(((AFTER_SHRINKING if earlier else 1.0) * whole.ratio(mean, ramp), float(change)))
    return max(found)[1]


def turned() -> list[list[Reading]]:
    """Of those the ones without a suspected slip that are called growing."""
    found = [one for one in map(turning, range(40)) if len(every_telling(one)) == 1]
    found = [one for one in found if growth_of(one).state == "growing"][:12]
    assert len(found) == 12
    return found


@pytest.mark.parametrize("readings", turned())
def test_growth_is_dated_by_the_likeliest_course(readings: list[Reading]) -> None:
    assert growth_of(readings).since == START + timedelta(days=likeliest_day(readings))
