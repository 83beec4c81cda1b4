"""Growth told from measuring error, on series whose truth is known."""

from __future__ import annotations

import itertools
import math
import random
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

import pytest

from triage.growth import GROWING_FROM, Growth, Reading, growth_of, log_error, own_variance
from triage.growth_model import DOUBLING_DAYS, prior_odds, start_share

START = datetime(2026, 1, 5, 19, 0, tzinfo=UTC)


def series(sizes: Sequence[float], *, method: str = "ruler", every: float = 7) -> list[Reading]:
    return [
        Reading(START + timedelta(days=every * index), size, method, log_error(size, method), str(index))
        for index, size in enumerate(sizes)
    ]


def grown(sizes: Sequence[float], *, method: str = "ruler", every: float = 7) -> Growth:
    return growth_of(series(sizes, method=method, every=every))


def doubling(start: float, days: float, weeks: int) -> list[float]:
    return [start * 2 ** (7 * week / (3 * days)) for week in range(weeks)]


def test_one_reading_is_too_few_and_no_guess_is_made() -> None:
    one = grown([20])
    assert one.state == "too_few"
    assert one.probability_growing is None
    assert one.measurements == 1


def test_steady_growth_is_found() -> None:
    found = grown([round(size) for size in doubling(16, 21, 8)])
    assert found.state == "growing"
    assert found.doubling_days is not None
    assert found.doubling_days.low < 21 < (found.doubling_days.high or math.inf)
    assert found.change_percent == pytest.approx(70, abs=25)


def test_a_wobble_within_the_method_s_error_is_stable() -> None:
    assert grown([30, 33, 28, 31, 29, 32, 27, 31, 30, 29]).state == "stable"
    assert grown([10, 15, 10, 15, 10], method="comparison", every=30).state == "stable"


def test_growth_after_a_long_stable_spell_is_found_and_dated() -> None:
    late = grown([24] * 13 + [round(size) for size in doubling(24, 45, 12)[1:]])
    assert late.state == "growing"
    assert late.since is not None
    assert abs((late.since - START).days - 84) <= 21


def test_shrinking_is_not_called_growing() -> None:
    assert grown([40, 34, 28, 24, 20]).state == "shrinking"


@pytest.mark.parametrize("slip", [180, 61, 2.1, 45.7])
def test_one_slip_alone_is_not_growth(slip: float) -> None:
    sizes: list[float] = [18, 19, 18, 19, 18, 19]
    for place in range(len(sizes)):
        spoilt = [*sizes[:place], slip, *sizes[place + 1 :]]
        assert grown(spoilt, every=20).state != "growing", place


def test_a_last_reading_that_jumps_asks_for_a_second_one_soon() -> None:
    found = grown([18, 19, 18, 19, 18, 30])
    assert found.state != "growing"
    assert found.confirm_at is not None
    assert timedelta(days=2) <= found.confirm_at - (START + timedelta(days=35)) <= timedelta(days=7)


def test_a_jump_that_is_confirmed_is_growth() -> None:
    found = growth_of([*series([18, 19, 18, 19, 18, 32]), *after([33, 34], start_day=38)])
    assert found.state == "growing"


def after(sizes: Sequence[float], *, start_day: float) -> list[Reading]:
    return [
        Reading(START + timedelta(days=start_day + 4 * index), size, "ruler", log_error(size, "ruler"), f"a{index}")
        for index, size in enumerate(sizes)
    ]


def test_a_change_of_method_alone_is_not_growth() -> None:
    photo, ruler = series([20, 20, 20, 20], method="photo"), after([22, 22, 22], start_day=28)
    assert growth_of([*photo, *ruler]).state != "growing"


def test_repeats_at_one_sitting_count_for_more() -> None:
    assert log_error(30, "ruler", readings=3) < 0.75 * log_error(30, "ruler")


def test_the_person_s_own_repeats_move_the_method_s_error() -> None:
    steady = own_variance([(20.0, 20.0, 20.0)] * 10, "ruler")
    shaky = own_variance([(16.0, 20.0, 25.0)] * 10, "ruler")
    assert steady < 0.12**2 < shaky


def test_it_is_the_same_whatever_the_unit_of_time_it_began_in() -> None:
    sizes = series(doubling(16, 30, 8))
    moved = [Reading(r.at + timedelta(days=1000), r.length_mm, r.method, r.log_error, r.observation) for r in sizes]
    assert growth_of(moved).probability_growing == growth_of(sizes).probability_growing


def plain_probability(readings: Sequence[Reading]) -> float:
    """The same posterior by brute force: multivariate normal densities with a nearly flat level, no clever sums."""
    days = [(r.at - readings[0].at).total_seconds() / 86400 for r in readings]
    sizes = [math.log(r.length_mm) for r in readings]
    weights = [1 / r.log_error**2 for r in readings]
    total = sum(weights)

    def log_likelihood(rate: float, change: float) -> float:
        left = [size - rate * max(0.0, day - change) for size, day in zip(sizes, days, strict=True)]
        mean = sum(map(lambda w, x: w * x, weights, left)) / total
        return -0.5 * sum(map(lambda w, x: w * (x - mean) ** 2, weights, left))

    level = log_likelihood(0.0, 0.0)
    error = math.sqrt(len(weights) / total)
    shares = [start_share(error)] + [1.0] * (len(days) - 2)
    odds = 0.0
    for (change, share), doubling_days in itertools.product(zip(days, shares, strict=False), DOUBLING_DAYS):
        rate = math.log(2) / (3 * doubling_days)
        odds += share / sum(shares) / len(DOUBLING_DAYS) * math.exp(log_likelihood(rate, change) - level)
    odds *= prior_odds(error)
    return odds / (1 + odds)


def test_the_sums_agree_with_brute_force_where_nothing_looks_like_a_slip() -> None:
    rng = random.Random(7)
    for _ in range(30):
        rate = rng.choice((0.0, 0.004, 0.008))
        readings = series([20 * math.exp(rate * 7 * week + rng.gauss(0, 0.03)) for week in range(rng.randint(3, 15))])
        assert growth_of(readings).probability_growing == pytest.approx(plain_probability(readings), abs=1e-9)


def test_unchanged_lumps_are_seldom_called_growing() -> None:
    """A small sample of the simulation behind docs/growth.md: under 0.15 false alarms a lump-year over 60 lumps."""
    rng = random.Random(11)
    alarms = 0
    for _ in range(60):
        sizes = [max(1, round(25 * math.exp(rng.gauss(0, 0.12)))) for _ in range(48)]
        readings = series(sizes)
        alarms += any(growth_of(readings[:last]).state == "growing" for last in range(2, len(readings) + 1))
    assert alarms / 60 <= 0.15


def test_the_threshold_is_a_probability() -> None:
    assert 0.5 < GROWING_FROM < 1
