"""Growth that is plain to see: each bound of triage/growth_plain.py from both sides, and the numbers that follow."""

from __future__ import annotations

import math
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

import pytest

from triage.growth import Reading, growth_of, log_error
from triage.growth_model import series_of
from triage.growth_plain import PlainRise, plain_rise

START = datetime(2026, 1, 5, 19, 0, tzinfo=UTC)


def rise(sizes: Sequence[float], error: float) -> PlainRise | None:
    """What a weekly record of these sizes shows, each reading with this error."""
    return plain_rise(series_of([at_week(week, size, error) for week, size in enumerate(sizes)]))


def at_week(week: int, size: float, error: float) -> Reading:
    return Reading(START + timedelta(weeks=week), size, "ruler", error, str(week))


def is_sure(sizes: Sequence[float], error: float) -> bool | None:
    found = rise(sizes, error)
    return None if found is None else found.is_sure


def test_two_readings_are_too_few_for_it() -> None:
    assert rise([10, 40], 0.05) is None
    assert rise([10, 20, 40], 0.05) is not None


@pytest.mark.parametrize(("last", "expected"), [(20.1, True), (19.9, False)])
def test_readings_that_only_rise_are_sure_at_twice_the_size(last: float, expected: bool) -> None:
    assert is_sure([10, 14, last], 0.1) is expected


@pytest.mark.parametrize(("last", "expected"), [(26.1, True), (25.8, False)])
def test_where_readings_are_coarse_it_takes_four_and_a_half_errors_of_their_difference(
    last: float, expected: bool
) -> None:
    assert is_sure([10, 16, last], 0.15) is expected


def test_one_reading_that_does_not_rise_ends_a_run() -> None:
    assert is_sure([10, 9.9, 14, 26], 0.15) is None


@pytest.mark.parametrize(("high", "expected"), [(14.1, True), (13.9, None)])
def test_after_two_low_readings_a_step_of_four_tenths_is_sure(high: float, expected: bool | None) -> None:
    assert is_sure([10, 10, high, high], 0.07) is expected


@pytest.mark.parametrize(("high", "expected"), [(15.8, True), (15.6, None)])
def test_where_readings_are_coarse_the_step_takes_four_and_a_half_errors(high: float, expected: bool | None) -> None:
    assert is_sure([10, 10, high, high], 0.1) is expected


def test_the_step_is_counted_from_the_middle_of_the_two_to_the_middle_of_the_last_two() -> None:
    found = rise([10, 12, 30, 20, 24], 0.07)
    assert found is not None
    assert found.start == pytest.approx(math.log(math.sqrt(120) / 25))
    assert found.now == pytest.approx(math.log(math.sqrt(480) / 25))
    assert found.error == pytest.approx(0.07)
    assert (found.day, found.is_sure) == (7, True)


@pytest.mark.parametrize("sizes", [[10, 15, 15, 19.5, 19.5], [15, 10, 15, 20, 20], [10, 10, 20, 20, 9.9, 20, 20]])
def test_a_later_reading_no_higher_than_the_first_two_is_no_step(sizes: list[float]) -> None:
    assert is_sure(sizes, 0.07) is not True


@pytest.mark.parametrize(("high", "expected"), [(20.2, True), (19.9, False)])
def test_after_one_low_reading_twice_the_size_is_sure(high: float, expected: bool) -> None:
    assert is_sure([10, high, high], 0.05) is expected


@pytest.mark.parametrize(("high", "expected"), [(33.9, True), (33.2, False)])
def test_a_rise_that_inches_for_centimetres_would_explain_is_not_sure(high: float, expected: bool) -> None:
    """ln 2.54 and two errors of a difference, 0.283: up to a factor of 3.37."""
    assert is_sure([10, high, high], 0.1) is expected


@pytest.mark.parametrize(("high", "expected"), [(74, True), (77, False), (100, False), (130, False), (134, True)])
def test_a_rise_that_centimetres_for_millimetres_would_explain_is_not_sure(high: float, expected: bool) -> None:
    assert is_sure([10, high, high], 0.1) is expected


@pytest.mark.parametrize(("high", "expected"), [(20.1, True), (20.02, False)])
def test_a_slip_of_the_one_low_reading_may_scatter_by_its_error(high: float, expected: bool) -> None:
    """A slip to 0.6 and 1.6 errors of a difference, 0.082 each: a factor of 2.007."""
    assert is_sure([10, high, high], 0.082) is expected


@pytest.mark.parametrize(("high", "expected"), [(17.1, False), (16.9, None)])
def test_where_readings_are_coarse_it_is_asked_about_from_three_errors_on(high: float, expected: bool | None) -> None:
    """Of a difference: with an eighth each, a factor of 1.70."""
    assert is_sure([10, high, high], 0.125) is expected


@pytest.mark.parametrize(("high", "expected"), [(14.1, False), (13.9, None)])
def test_a_rise_by_four_tenths_over_one_low_reading_is_asked_about(high: float, expected: bool | None) -> None:
    assert is_sure([10, high, high], 0.05) is expected


def test_it_is_asked_about_up_to_five_readings() -> None:
    assert is_sure([10, 15, 15, 15, 15], 0.05) is False
    assert is_sure([10, 15, 15, 15, 15, 15], 0.05) is None


def test_one_low_reading_counts_in_a_record_of_up_to_twenty() -> None:
    assert is_sure([10, *[21] * 19], 0.05) is True
    assert is_sure([10, *[21] * 20], 0.05) is None


@pytest.mark.parametrize("sizes", [[10, 21, 10, 21, 21], [10, 21, 9, 21, 21]])
def test_a_later_reading_no_higher_than_the_first_makes_the_first_no_low_one(sizes: list[float]) -> None:
    assert rise(sizes, 0.05) is None


def test_its_numbers_run_from_where_it_began_to_where_it_stands() -> None:
    error = log_error(20, "ruler")
    found = growth_of([at_week(week, size, error) for week, size in enumerate([12, 22, 26])])
    rate, spread = math.log(26 / 12) / 14, 1.96 * math.sqrt(2) * error / 14
    assert (found.state, found.measurements, found.observations) == ("growing", 3, ("0", "1", "2"))
    assert found.probability_growing == pytest.approx(0.9)
    assert found.change_mm == pytest.approx(14)
    assert found.change_percent == pytest.approx(100 * 14 / 12)
    assert found.size_mm == pytest.approx(26)
    assert found.since == START
    assert found.confirm_at is None
    assert found.doubling_days is not None
    assert found.doubling_days.estimate == pytest.approx(math.log(2) / (3 * rate), rel=1e-3)
    assert found.doubling_days.low == pytest.approx(math.log(2) / (3 * (rate + spread)), rel=1e-3)
    assert found.doubling_days.high == pytest.approx(math.log(2) / (3 * (rate - spread)), rel=1e-3)


def test_a_step_is_dated_from_the_second_of_the_low_readings() -> None:
    found = growth_of([at_week(week, size, log_error(20, "ruler")) for week, size in enumerate([20, 20, 40, 40])])
    assert (found.state, found.since) == ("growing", START + timedelta(weeks=1))
    assert found.change_mm == pytest.approx(20)
    assert found.change_percent == pytest.approx(100)
    assert found.doubling_days is not None
    assert found.doubling_days.estimate == pytest.approx(14 / 3)  # the diameter in two weeks
