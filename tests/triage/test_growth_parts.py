"""The parts that the verdict on growth is made of: errors, slips, moments of change, the table and the bar."""

from __future__ import annotations

import math
import random
import re
import statistics
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from hashlib import sha256

import pytest

from triage import growth, growth_model, growth_odds, growth_rate, growth_table
from triage.growth import Reading, log_error, own_variance
from triage.growth_model import accounts_of, series_of, suspected_slips
from triage.growth_table import ROWS, Weights, bar_of, weights_for

START = datetime(2026, 1, 5, 19, 0, tzinfo=UTC)


def weekly(sizes: Sequence[float], *, error: float = 0.07, every: float = 7) -> list[Reading]:
    return [
        Reading(START + timedelta(days=every * place), size, "ruler", error, str(place))
        for place, size in enumerate(sizes)
    ]


def suspected(sizes: Sequence[float], *, error: float = 0.07, every: float = 7) -> list[int]:
    return [place for place, _ in suspected_slips(series_of(weekly(sizes, error=error, every=every)))]


@pytest.mark.parametrize(
    ("method", "share", "step_mm"),
    [
        ("photo", 0.07, 0.5),
        ("ultrasound", 0.07, 0.5),
        ("caliper", 0.10, 1),
        ("ruler", 0.12, 1),
        ("tape", 0.12, 1),
        ("clinician", 0.15, 1),
        ("comparison", 0.22, 5),
        (None, 0.22, 1),
        ("a method of tomorrow", 0.22, 1),
    ],
)
def test_the_error_of_a_method_is_the_one_in_the_paper(method: str | None, share: float, step_mm: float) -> None:
    assert log_error(25, method) == pytest.approx(math.sqrt(share**2 + (step_mm / 25) ** 2 / 12))
    assert own_variance([], method) == pytest.approx(share**2)


@pytest.mark.parametrize("count", [1, 2, 3, 4, 5])
def test_repeats_shrink_the_error_as_the_median_of_normal_readings_does(count: int) -> None:
    rng = random.Random(count)
    medians = [statistics.median(rng.gauss() for _ in range(count)) for _ in range(40_000)]
    shrunk = log_error(1e9, "ruler", readings=count) / log_error(1e9, "ruler")
    assert shrunk == pytest.approx(statistics.stdev(medians), rel=0.02)


def test_many_repeats_shrink_it_as_the_median_of_very_many_does() -> None:
    assert log_error(1e9, "ruler", readings=6) == pytest.approx(0.12 * math.sqrt(math.pi / 12))
    assert log_error(1e9, "ruler", readings=9) == pytest.approx(0.12 * math.sqrt(math.pi / 18))


def test_own_repeats_count_by_their_freedom_against_ten_of_the_table() -> None:
    logs = [math.log(size) for size in (18, 20, 23)]
    squares = sum((one - statistics.mean(logs)) ** 2 for one in logs)
    assert own_variance([(18, 20, 23), (30, 30)], "ruler") == pytest.approx((10 * 0.12**2 + squares) / (10 + 3))
    assert log_error(1e9, "ruler", own_variance=0.04) == pytest.approx(0.2)


def test_readings_three_weeks_apart_at_most_may_hold_a_slip_if_they_are_two() -> None:
    assert suspected([20, 33], every=21) == [0, 1]
    assert suspected([20, 33], every=21.1) == []
    assert suspected([20, 33, 20], every=30) == [1, 0, 2]


@pytest.mark.parametrize(("high", "expected"), [(24.5, [3]), (24.3, [])])
def test_a_slip_is_a_fifth_away_on_the_log_scale(high: float, expected: list[int]) -> None:
    assert suspected([20, 20, 20, high, 20, 20], error=0.05) == expected


@pytest.mark.parametrize(("low", "expected"), [(15.0, [3]), (15.2, [])])
def test_a_slip_is_two_point_eight_errors_away(low: float, expected: list[int]) -> None:
    assert suspected([20, 20, 20, low, 20, 20], error=0.1) == expected


def test_neighbours_are_three_on_each_side() -> None:
    """By two on each side the fourth would be too low, by four too high."""
    assert 3 not in suspected([20, 20, 40, 25, 40, 40, 20, 20, 20])


def test_the_most_suspicious_four_are_tried_and_three_in_a_record_of_more_than_sixty() -> None:
    sizes = [20.0] * 60
    for place, size in ((3, 34), (12, 35), (21, 36), (30, 37), (40, 38)):
        sizes[place] = size
    assert suspected(sizes) == [40, 30, 21, 12]
    assert suspected([*sizes, 20]) == [40, 30, 21]


def test_every_set_of_slips_is_told_but_the_one_that_believes_nothing() -> None:
    def kept(sizes: Sequence[float]) -> set[tuple[int, ...]]:
        series = series_of(weekly(sizes))
        return {one.keep for one in accounts_of(series, suspected_slips(series))}

    assert kept([20, 20, 21]) == {(0, 1, 2)}
    assert kept([20, 40]) == {(0, 1), (0,), (1,)}
    assert kept([20, 20, 34, 20]) == {(0, 1, 2, 3), (0, 1, 3)}


def test_a_change_may_begin_at_any_reading_but_the_last() -> None:
    (account,) = accounts_of(series_of(weekly([20.0] * 60)), [])
    assert [ramp.day for ramp in account.ramps] == [7 * week for week in range(59)]


def test_in_a_very_long_record_the_last_thirty_moments_are_kept_and_older_ones_thinned() -> None:
    (account,) = accounts_of(series_of(weekly([20.0] * 141)), [])
    days = [ramp.day / 7 for ramp in account.ramps]
    assert days == [*range(0, 110, 4), *range(110, 140)]


def test_between_two_errors_of_the_table_the_weights_lie_in_proportion() -> None:
    low, middle, high = weights_for(0.07), weights_for(0.095), weights_for(0.12)
    assert middle.bar == pytest.approx((low.bar + high.bar) / 2)
    assert middle.from_start[0] == pytest.approx(math.sqrt(low.from_start[0] * high.from_start[0]))
    assert weights_for(0.101).late == pytest.approx(low.late + 0.62 * (high.late - low.late))


def test_beyond_the_table_its_ends_hold() -> None:
    assert weights_for(0.01) == weights_for(0.07)
    assert weights_for(0.9) == weights_for(0.226)
    assert weights_for(0.07).early_until == ROWS[0][-1]
    assert weights_for(0.226).early_until == ROWS[-1][-1]


@pytest.mark.parametrize(
    ("readings", "expected"),
    [
        (3, 1 + 2 * math.log(3) + 0.5),
        (4, 1 + 2 * math.log(4)),
        (26, 1 + 2 * math.log(26)),
        (52, 1 + 2 * math.log(52) + 3 * math.log(2)),
    ],
)
def test_the_bar_is_higher_for_the_first_readings_and_for_very_many(readings: int, expected: float) -> None:
    weights = Weights(
        (), (), 0.1, overdue=0, overdue_from=0, bar=1, per_log_reading=2, early=0.5, late=3, early_until=4
    )
    assert bar_of(readings, weights) == pytest.approx(expected - math.log(9))


@pytest.mark.parametrize(("days", "more"), [(0.0, 0.3), (3.0, 0.3), (3.999, 0.3), (4.0, 0.0), (7.0, 0.0)])
def test_a_reading_soon_after_the_last_is_one_more_look_and_must_say_more(days: float, more: float) -> None:
    weights = weights_for(0.12)
    assert bar_of(5, weights, days_since_last=days) == pytest.approx(bar_of(5, weights) + more)


def test_the_numbers_are_those_that_the_paper_s_scores_were_measured_with() -> None:
    """Whoever changes one measures the scores in docs/growth.md again, and then writes down the new sum here."""
    names = {
        growth: "GROWING_FROM SUSPICIOUS_FROM JUMP_WORTH DOUBTED_ODDS CONFIRM_AFTER_DAYS STANDS_AFTER STANDS_READINGS",
        growth_model: "METHOD_BIAS USUAL_MM SIZE_SPREAD SLIP_SHARE SLIP_SHIFTS SLIP_SHIFT_SHARES",
        growth_odds: "SHRINK_RATES EARLIER_RATES FROM_THE_START LATER AGAIN OVERDUE_AT_MOST",
        growth_rate: "RATE_SPREAD FROM_THE_START LATER AFTER_SHRINKING",
        growth_table: "GROWTH_RATES GROWING_ODDS LATE_READINGS ERRORS ROWS SOON_DAYS SOON_MORE",
    }
    told = [f"{name} {getattr(module, name)}" for module, row in names.items() for name in row.split()]
    rounded = re.sub(r"\d+\.\d+(e-\d+)?", lambda number: f"{float(number[0]):.9g}", "\n".join(told))
    assert sha256(rounded.encode()).hexdigest()[:16] == "b67cb04b39df4413"
