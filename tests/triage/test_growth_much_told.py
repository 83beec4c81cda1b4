"""Long and exact records, which tell more than an exponential can hold: nothing breaks, and the answer stays right."""

from __future__ import annotations

import math
import random
from datetime import UTC, datetime, timedelta

import pytest

from triage.growth import Rate, Reading, growth_of, log_error, rate_of
from triage.growth_odds import EARLIER_RATES

START = datetime(2026, 1, 5, 19, 0, tzinfo=UTC)
WEEK = 7.0


def weekly(
    weeks: int, *, first_mm: float, rates: tuple[float, float], turn: int, error: float | None = None, seed: int = 1
) -> list[Reading]:
    """By photo, with its noise. The log size changes by the first of `rates` a day until `turn`, then by the other."""
    rng, found = random.Random(seed), []
    for week in range(weeks):
        log = rates[0] * WEEK * min(week, turn) + rates[1] * WEEK * max(0, week - turn)
        size = first_mm * math.exp(log + rng.gauss(0, error or 0.07))
        found.append(
            Reading(START + timedelta(days=WEEK * week), size, "photo", error or log_error(size, "photo"), str(week))
        )
    return found


def rate_in(readings: list[Reading]) -> Rate:
    found = rate_of(readings)
    assert found is not None
    return found


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize("weeks", [30, 57, 80])
@pytest.mark.parametrize("error", [None, 0.002, 1e-5])
def test_a_lump_that_shrinks_for_long_is_shrinking_at_its_rate(weeks: int, seed: int, error: float | None) -> None:
    readings = weekly(weeks, first_mm=300, rates=(-0.009, 0), turn=weeks, error=error, seed=seed)
    assert growth_of(readings).state == "shrinking"
    assert rate_in(readings).middle == pytest.approx(-0.009, rel=0.1)


@pytest.mark.parametrize("seed", range(6))
@pytest.mark.parametrize("error", [None, 0.002])
def test_a_lump_that_grows_again_after_long_shrinking_is_growing_at_its_rate(seed: int, error: float | None) -> None:
    readings = weekly(66, first_mm=300, rates=(EARLIER_RATES[0], 0.009), turn=44, error=error, seed=seed)
    assert growth_of(readings).state == "growing"
    assert rate_in(readings).middle == pytest.approx(0.009, rel=0.15)


@pytest.mark.parametrize("seed", range(6))
def test_a_lump_that_grows_for_long_has_the_interval_of_its_rate(seed: int) -> None:
    rate = rate_in(weekly(80, first_mm=5, rates=(0.008, 0), turn=80, seed=seed))
    assert 0.0075 < rate.low < rate.high < 0.0085
