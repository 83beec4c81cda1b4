"""The verdict on growth at its edges: when it is asked about, when it stands still, and the numbers beside it."""

from __future__ import annotations

import math
import random
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

import numpy as np
import pytest

from tests.triage.test_growth_independent import Independent
from triage.growth import Growth, Reading, growth_of, log_error, rate_of
from triage.growth_rate import RATE_SPREAD

START = datetime(2026, 1, 5, 19, 0, tzinfo=UTC)
DAY = timedelta(days=1)


def record(sizes: Sequence[float], *, days: Sequence[float] = (), method: str = "ruler") -> list[Reading]:
    """Weekly, unless days are given."""
    moments = days or [7.0 * place for place in range(len(sizes))]
    return [
        Reading(START + day * DAY, size, method, log_error(size, method), str(place))
        for place, (day, size) in enumerate(zip(moments, sizes, strict=True))
    ]


def read_by(reading: Reading, method: str) -> Reading:
    return reading._replace(method=method, log_error=log_error(reading.length_mm, method))


def judged(sizes: Sequence[float], *, days: Sequence[float] = (), method: str = "ruler") -> Growth:
    return growth_of(record(sizes, days=days, method=method))


def odds(found: Growth) -> float:
    assert found.probability_growing is not None
    return found.probability_growing / (1 - found.probability_growing)


def test_readings_of_one_moment_are_too_few_however_many() -> None:
    found = judged([20, 30, 40], days=(1, 1, 1))
    assert (found.state, found.measurements, found.observations) == ("too_few", 3, ("0", "1", "2"))
    assert (found.probability_growing, found.size_mm, found.change_mm, found.since) == (None, None, None, None)
    assert rate_of(record([20, 30], days=(1, 1))) is None


def test_readings_of_several_ways_at_one_moment_are_judged() -> None:
    """No time passes between them, so that what rises from one to the next says nothing of a pace."""
    draw = random.Random("several ways at one moment")
    for _ in range(600):
        days = sorted(draw.choice((0, 0, 0, 1e-6, 0.5, 3, 30)) for _ in range(draw.randint(2, 6)))
        readings = [
            read_by(one, draw.choice(("ruler", "tape", "photo")))
            for one in record([draw.choice((2, 10, 20, 39, 54, 100)) for _ in days], days=days)
        ]
        found, rate = growth_of(readings), rate_of(readings)
        assert (rate is None) == (found.state == "too_few")
        assert found.state == "too_few" or 0 <= (found.probability_growing or 0) <= 1
        assert found.state == "too_few" or math.isfinite(found.size_mm or math.nan)


def test_what_was_read_low_and_high_at_one_moment_has_not_grown_since() -> None:
    before, *later = record([28, 2, 39, 54], days=(0, 1, 1, 1))
    later = [read_by(one, method) for one, method in zip(later, ("tape", "ruler", "tape"), strict=True)]
    assert growth_of([before, *later]).doubling_days is None


def test_a_level_size_is_the_mean_of_the_logs_since_the_first_reading() -> None:
    found = judged([20, 21, 19, 20])
    errors = [log_error(size, "ruler") ** -2 for size in (20, 21, 19, 20)]
    mean = sum(w * math.log(size) for w, size in zip(errors, (20, 21, 19, 20), strict=True)) / sum(errors)
    assert (found.state, found.change_mm, found.change_percent, found.since) == ("stable", 0, 0, START)
    assert (found.doubling_days, found.confirm_at, found.last_is_slip_down) == (None, None, False)
    assert found.size_mm == pytest.approx(math.exp(mean))
    assert found.observations == ("0", "1", "2", "3")


def fitted(sizes: Sequence[float], *, since_week: float) -> tuple[float, float]:
    """Size in mm before the change and now, by least squares of the logs with the two expectations."""
    weights = np.array([log_error(size, "ruler") for size in sizes]) ** -2
    ramp = np.array([max(0.0, 7 * (week - since_week)) for week in range(len(sizes))])
    logs = np.log(sizes) - math.log(25)
    centred = ramp - (weights @ ramp) / (1 / 0.45**2 + weights.sum())
    slope = (weights * centred) @ logs / ((weights * centred) @ ramp + RATE_SPREAD**-2)
    start = float(weights @ (logs - slope * ramp) / weights.sum())
    return 25 * math.exp(start), 25 * math.exp(start + float(slope) * ramp[-1])


def test_a_shrinking_size_is_the_fitted_one_now() -> None:
    sizes = [40, 38, 36, 34, 32, 31, 29, 27, 26, 25, 23, 22]
    found = judged(sizes)
    assert (found.state, found.change_mm, found.change_percent) == ("shrinking", 0, 0)
    assert found.since == START + timedelta(weeks=11)
    assert found.size_mm == pytest.approx(fitted(sizes, since_week=0)[1])


def test_growth_is_fitted_by_least_squares_from_the_day_it_began() -> None:
    sizes = [16 * 2 ** (week / 9) for week in range(12)]
    found = judged(sizes)
    assert found.state == "growing"
    assert found.since is not None
    start, now = fitted(sizes, since_week=(found.since - START) / timedelta(weeks=1))
    assert found.size_mm == pytest.approx(now)
    assert found.change_mm == pytest.approx(now - start)
    assert found.change_percent == pytest.approx(100 * (now / start - 1))
    assert found.observations == tuple(str(week) for week in range(12))


def test_the_doubling_time_is_the_rate_s_turned_over() -> None:
    sizes = [16 * 2 ** (week / 9) for week in range(12)]
    doubling, rate = judged(sizes).doubling_days, rate_of(record(sizes))
    assert doubling is not None
    assert rate is not None
    assert doubling.estimate == pytest.approx(math.log(2) / (3 * rate.middle))
    assert doubling.low == pytest.approx(math.log(2) / (3 * rate.high))
    assert doubling.high == pytest.approx(math.log(2) / (3 * rate.low))


def test_where_the_rate_may_be_nought_doubling_has_no_upper_bound() -> None:
    sizes = [24, 24.5, 25, 26, 27, 28, 36]
    found, rate = judged(sizes), rate_of(record(sizes))
    assert rate is not None
    assert rate.low <= 0 < rate.middle
    assert found.doubling_days is not None
    assert found.doubling_days.high is None


def test_a_last_reading_that_fell_as_a_slip_does_is_told() -> None:
    stable, growing = judged([30, 31, 30, 29, 30, 18]), judged([*[16 * 2 ** (week / 6) for week in range(12)], 30])
    assert (stable.state, stable.last_is_slip_down) == ("stable", True)
    assert (growing.state, growing.last_is_slip_down) == ("growing", True)
    assert "5" not in stable.observations
    assert "12" not in growing.observations


def test_a_last_reading_that_rose_as_a_slip_does_is_not_told_to_have_fallen() -> None:
    assert not judged([30, 31, 30, 29, 30, 50]).last_is_slip_down


def test_growth_that_more_than_a_third_of_slips_would_be_needed_for_is_left_with_four_to_one() -> None:
    found = judged([90.0, 31.5, 68.0, 40.5, 42.5], method="photo")
    assert found.probability_growing == pytest.approx(0.8)
    assert found.confirm_at == START + timedelta(weeks=4, days=3)


def test_another_reading_is_asked_for_from_a_probability_of_seven_tenths_on() -> None:
    asked = set()
    for tenths in range(260, 345):
        found = judged([24, 24.5, 25, 26, 27, 28, tenths / 10])
        assert found.probability_growing is not None
        if found.state == "stable":
            asked.add((found.probability_growing >= 0.7, found.confirm_at is not None))
        else:
            assert found.probability_growing >= 0.9
            assert found.confirm_at is None
    assert asked == {(False, False), (True, True)}


STEP = [20.0, 20, 40, 40]  # called growing at the fourth reading, and no sooner
GREW = [10.0, 12, 14, 17, 20, 24, 29]


def stood(grew: Sequence[float], *, days: Sequence[float]) -> Growth:
    """What grew, week by week, and was as large as at the last of them on so many days after it."""
    weeks = [7.0 * week for week in range(len(grew))]
    return judged([*grew, *[grew[-1]] * len(days)], days=[*weeks, *[weeks[-1] + day for day in days]])


def test_it_stands_still_after_fifty_six_days_and_not_before() -> None:
    assert stood(STEP, days=(14, 28, 42, 55.9)).state == "growing"
    assert stood(STEP, days=(14, 28, 42, 56)).state == "stable"


def test_it_stands_still_by_four_readings_and_not_by_three() -> None:
    assert stood(STEP, days=(28, 56)).state == "growing"
    assert stood(STEP, days=(20, 40, 56)).state == "stable"


def test_a_standstill_counts_every_reading_and_stands_by_the_latest() -> None:
    found = stood(GREW, days=(14, 28, 42, 56, 70))
    assert (found.state, found.measurements) == ("stable", 12)
    assert found.since is not None
    assert found.since >= START + timedelta(days=35)
    assert "0" not in found.observations


def test_what_shrinks_after_it_grew_is_shrinking_by_then() -> None:
    sizes = [*GREW, 27, 25, 23, 21, 19.5, 18, 17, 16, 15, 14]
    assert judged(sizes).state == "shrinking"


def test_a_standstill_whose_last_reading_is_doubted_is_none() -> None:
    days = [*[7.0 * week for week in range(7)], *[42.0 + 14 * more for more in range(1, 6)]]
    assert judged([*GREW, 29, 29, 29, 29, 29], days=days).state == "stable"
    assert judged([*GREW, 29, 29, 29, 29, 49], days=days).state == "growing"


def test_slow_growth_that_ended_is_seen_when_it_has_stood_long_enough() -> None:
    slow = [round(18 * 2 ** (14 * step / (3 * 120)), 1) for step in range(25)]
    days = [14.0 * step for step in range(25 + 40)]
    states = [judged([*slow, *[slow[-1]] * more], days=days[: 25 + more]).state for more in (0, 4, 8, 40)]
    assert states[0] == "growing"
    assert states[1] == "growing"
    assert states[-1] == "stable"


def test_growth_after_shrinking_is_fitted_with_the_shrinking_before_it() -> None:
    shrunk = [40 * 2 ** (-7 * week / (3 * 20)) for week in range(10)]
    grew = [shrunk[-1] * 2 ** (7 * week / (3 * 20)) for week in range(1, 12)]
    found = judged([*shrunk, *grew], method="photo")
    assert (found.state, found.since) == ("growing", START + timedelta(weeks=9))
    assert found.size_mm == pytest.approx(grew[-1], rel=0.02)
    assert found.change_mm == pytest.approx(grew[-1] - shrunk[-1], rel=0.05)


@pytest.mark.parametrize("doubling_days", [60, 90, 120])
def test_growth_has_ended_where_a_level_size_explains_the_rest_nine_times_as_well(doubling_days: float) -> None:
    """Against full normal densities: growth at the pace of before, over a level size, since some place."""
    grew = [18 * 2 ** (14 * step / (3 * doubling_days)) for step in range(16)]
    answers = set()
    for more in range(4, 20, 2):
        readings = record([*grew, *[grew[-1]] * more], days=[14.0 * step for step in range(16 + more)])
        place, has_ended = sum(readings[-1].at - one.at >= 56 * DAY for one in readings) - 1, False
        while place > 0 and not has_ended:
            before, rest = growth_of(readings[: place + 1]), growth_of(readings[place:])
            if before.state == "growing" and rest.state != "growing" and rest.confirm_at is None:
                assert before.since is not None
                assert before.change_percent is not None
                pace = math.log(1 + before.change_percent / 100) / ((readings[place].at - before.since) / DAY)
                since = Independent(readings[place:])
                has_ended = since.ratio(pace * since.after(0)) <= 1 / 9
            place //= 2
        assert (growth_of(readings).state != "growing") == has_ended, more
        answers.add(has_ended)
    assert answers == {False, True}


def test_a_record_is_judged_by_its_latest_four_hundred_readings() -> None:
    days = [float(day) for day in range(420)]
    sizes = [60.0] * 20 + [20.0 + day % 2 for day in range(400)]
    long, latest = judged(sizes, days=days), judged(sizes[20:], days=days[20:])
    assert long.measurements == 400
    assert (long.state, long.size_mm, long.since) == (latest.state, latest.size_mm, latest.since)
    assert rate_of(record(sizes, days=days)) == rate_of(record(sizes[20:], days=days[20:]))
