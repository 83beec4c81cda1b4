"""Growth told from measuring error, on series whose truth is known."""

from __future__ import annotations

import math
import random
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

import pytest

from triage.growth import GROWING_FROM, Growth, Reading, growth_of, log_error, own_variance, rate_of

START = datetime(2026, 1, 5, 19, 0, tzinfo=UTC)


def series(sizes: Sequence[float], *, method: str = "ruler", every: float = 7) -> list[Reading]:
    return [
        Reading(START + timedelta(days=every * index), size, method, log_error(size, method), str(index))
        for index, size in enumerate(sizes)
    ]


def grown(sizes: Sequence[float], *, method: str = "ruler", every: float = 7) -> Growth:
    return growth_of(series(sizes, method=method, every=every))


def later(sizes: Sequence[float], *, days: Sequence[float]) -> list[Reading]:
    return [
        Reading(START + timedelta(days=day), size, "ruler", log_error(size, "ruler"), f"later {day}")
        for day, size in zip(days, sizes, strict=True)
    ]


def doubling(start: float, days: float, weeks: int) -> list[float]:
    return [start * 2 ** (7 * week / (3 * days)) for week in range(weeks)]


def test_one_reading_is_too_few_and_no_guess_is_made() -> None:
    one = grown([20])
    assert one.state == "too_few"
    assert one.probability_growing is None
    assert one.measurements == 1


def test_three_readings_that_rise_to_twice_the_size_are_growth_however_fast() -> None:
    found = grown([12, 22, 26])
    assert found.state == "growing"
    assert found.change_mm is not None
    assert found.change_mm > 10


@pytest.mark.parametrize(
    "sizes",
    [[20, 20, 40, 40], [20, 20, 40, 40, 40, 40, 40, 40], [10, 10, *[20] * 6], [10, 21, 40, 40], [10, 15, 24, 23]],
)
def test_a_size_that_doubled_after_the_first_readings_and_stayed_is_growth(sizes: list[float]) -> None:
    assert grown(sizes).state == "growing"


@pytest.mark.parametrize("sizes", [[20, 20, *[40] * 10], [10, 12, 14, 17, 20, 24, 29, *[29] * 12]])
def test_what_grew_and_has_stood_still_for_eight_weeks_since_the_call_is_stable(sizes: list[float]) -> None:
    found = grown(sizes)
    assert grown(sizes[:8]).state == "growing"
    assert found.state == "stable"
    assert found.measurements == len(sizes)
    assert found.since is not None
    assert START + timedelta(weeks=len(sizes) - 1) - found.since >= timedelta(days=56)


def test_growth_that_goes_on_or_begins_again_is_no_standstill() -> None:
    assert all(grown(doubling(16, 60, weeks)).state == "growing" for weeks in range(20, 40))
    assert grown([20, 20, *[40] * 10, *doubling(42, 21, 8)]).state == "growing"


def test_few_readings_in_eight_weeks_show_no_standstill() -> None:
    assert growth_of([*series([20, 20, 40, 40]), *later([40, 40], days=(80, 90))]).state == "growing"


@pytest.mark.parametrize("sizes", [[20, 40, 40], [20, 40, 40, 40], [15, 30, 30, 30]])
def test_where_a_slip_of_the_first_reading_would_explain_it_another_is_asked_for(sizes: list[float]) -> None:
    found = grown(sizes)
    assert found.state == "stable"
    assert found.confirm_at is not None


def test_a_rise_later_in_a_record_is_not_called_by_its_look_alone() -> None:
    assert grown([20, 20, 12, 22, 26]).state == "stable"


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


@pytest.mark.parametrize(
    ("sizes", "method", "every"),
    [
        ([29.0, 47.5], "photo", 7),
        ([28.5, 47.5], "photo", 15),
        ([46.0, 51.0, 53.5, 72.5], "photo", 7),
        ([41.0, 41.5, 43.5, 56.0], "photo", 6),
        ([24, 25, 25, 27, 26, 37], "ruler", 6),
        ([37, 63], "ruler", 18),
    ],
)
def test_a_slip_upwards_while_it_shrinks_is_not_growth(sizes: list[float], method: str, every: float) -> None:
    """Each comes from a simulation of shrinking lumps: the last reading is a slip, 1.6 times too large."""
    found = grown(sizes, method=method, every=every)
    assert found.state != "growing"
    assert found.confirm_at is not None


def test_two_readings_far_apart_may_show_growth() -> None:
    assert grown([20, 36], every=42).state == "growing"
    assert grown([20, 32], method="photo", every=42).state == "growing"


def test_growth_that_holds_only_if_many_readings_are_slips_is_asked_about() -> None:
    """From the simulation of shrinking lumps: 90 and 68 are slips upwards, 31.5 one downwards."""
    found = grown([90.0, 31.5, 68.0, 40.5, 42.5], method="photo")
    assert found.state != "growing"
    assert found.confirm_at is not None


def test_growth_again_after_shrinking_is_found_within_ten_weeks() -> None:
    shrunk = [round(40 * 2 ** (-7 * week / (3 * 30))) for week in range(12)]
    again = [round(size) for size in doubling(shrunk[-1], 30, 11)[1:]]
    assert grown(shrunk).state == "shrinking"
    found = grown(shrunk + again)
    assert found.state == "growing"
    assert found.since is not None
    assert abs((found.since - START).days - 77) <= 21


def test_shrinking_that_comes_to_a_standstill_is_not_growth() -> None:
    shrunk = [round(40 * 2 ** (-7 * week / (3 * 30))) for week in range(12)]
    for weeks in range(1, 20):
        assert grown(shrunk + [shrunk[-1] + (week % 3 - 1) for week in range(weeks)]).state != "growing", weeks


def test_a_wave_of_one_error_up_and_down_is_no_trend() -> None:
    sizes = [round(30 * math.exp(0.12 * math.sin(week / 2))) for week in range(30)]
    assert all(grown(sizes[:count]).state != "growing" for count in range(2, 31))


def test_readings_a_month_apart_are_enough_for_growth_over_half_a_year() -> None:
    found = grown([round(18 * 2 ** (30 * month / (3 * 60))) for month in range(7)], every=30)
    assert found.state == "growing"


def test_stated_uncertainty_decides_how_much_a_reading_is_worth() -> None:
    sizes = [20.0, 20.5, 21.5, 22.0, 23.0]

    def probability(error: float) -> float:
        days = [START + timedelta(days=7 * week) for week in range(5)]
        found = growth_of([Reading(at, s, "photo", error, "") for at, s in zip(days, sizes, strict=True)])
        assert found.probability_growing is not None
        return found.probability_growing

    assert probability(0.03) > probability(0.07) > probability(0.2)


@pytest.mark.parametrize("factor", [2.54, 10])
def test_a_change_of_unit_half_way_is_asked_about_before_it_is_believed(factor: float) -> None:
    found = grown([20, 21, 19, 20, 20 * factor])
    assert found.state != "growing"
    assert found.confirm_at is not None


def test_the_interval_of_the_rate_is_there_for_every_record_of_two_sittings() -> None:
    level, one = rate_of(series([20, 21, 20, 19, 20, 20])), rate_of(series([20]))
    assert one is None
    assert level is not None
    assert level.low <= 0 <= level.high
    growing, shrinking = rate_of(series(doubling(16, 30, 10))), rate_of(series(doubling(50, -30, 10)))
    assert growing is not None
    assert 0 < growing.low < math.log(2) / 90 < growing.high
    assert shrinking is not None
    assert shrinking.low < -math.log(2) / 90 < shrinking.high <= 0


def test_more_readings_make_the_interval_narrower() -> None:
    few, many = rate_of(series(doubling(16, 30, 5))), rate_of(series(doubling(16, 30, 15)))
    assert few is not None
    assert many is not None
    assert many.high - many.low < few.high - few.low


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
