"""From checks to readings: what is one sitting, what it is worth, and where the comparison starts afresh."""

from __future__ import annotations

from typing import Any

import pytest

from tests.triage.histories import AT, care, check, history
from triage.facts.readings import LEAST_ERROR, growth_readings
from triage.facts.record import Record
from triage.growth import Reading, growth_of, log_error


def readings(*checks: dict[str, Any], **fields: Any) -> list[Reading]:  # Any: JSON
    return growth_readings(Record(history(*checks, **fields), AT))


def test_checks_within_the_hour_are_one_sitting_and_the_middle_one_stands_for_it() -> None:
    (one,) = readings(
        check(1, length_mm=20, method="ruler"),
        check(0.99, length_mm=30, method="ruler"),
        check(0.98, length_mm=21, method="ruler"),
    )
    assert one.length_mm == 21
    assert one.log_error < log_error(21, "ruler")


def test_a_stated_error_too_small_for_arithmetic_counts_as_a_very_small_one() -> None:
    times = [check(day, length_mm=20) | {"uncertainty_mm": 1e-300} for day in (20, 10, 1)]
    assert [one.log_error for one in readings(*times)] == [LEAST_ERROR] * 3
    assert growth_of(readings(*times)).state == "stable"


def test_another_method_is_another_reading() -> None:
    assert len(readings(check(1, length_mm=20, method="ruler"), check(0.99, length_mm=20, method="photo"))) == 2


def test_repeats_that_differ_make_every_reading_by_that_method_worth_less() -> None:
    alike, unlike = ([20, 20, 20], [14, 20, 28])
    (_, steady) = readings(
        check(7, length_mm=20, readings_mm=alike, method="ruler"), check(length_mm=20, method="ruler")
    )
    (_, shaky) = readings(
        check(7, length_mm=20, readings_mm=unlike, method="ruler"), check(length_mm=20, method="ruler")
    )
    assert steady.log_error < log_error(20, "ruler") < shaky.log_error


def test_a_stated_uncertainty_is_taken_as_it_is() -> None:
    stated = check(length_mm=20, method="photo") | {"uncertainty_mm": 0.6}
    (one,) = readings(stated)
    assert one.log_error == pytest.approx(0.03)


@pytest.mark.parametrize(("first", "second"), [(2.4, 2.4), (2.4, 0.5), (2.4, None), (None, 2.4)])
def test_a_second_check_within_the_hour_does_not_take_a_stated_uncertainty_away(
    first: float | None, second: float | None
) -> None:
    (one,) = readings(
        check(1, length_mm=20, method="photo") | {"uncertainty_mm": first},
        check(0.99, length_mm=20, method="photo") | {"uncertainty_mm": second},
    )
    assert one.log_error == pytest.approx(0.12)


def test_a_small_stated_uncertainty_does_not_speak_for_a_check_that_states_none() -> None:
    (one,) = readings(
        check(1, length_mm=20, method="photo") | {"uncertainty_mm": 0.1},
        check(0.99, length_mm=20, method="photo"),
    )
    assert one.log_error == pytest.approx(log_error(20, "photo", readings=2))


def test_what_was_treated_is_not_compared_with_what_came_before() -> None:
    checks = [check(days, length_mm=20, method="ruler") for days in (40, 30, 20, 10)]
    assert len(readings(*checks, care=(care(25, "treated"),), noticed=60)) == 2


def test_a_width_alone_is_no_reading() -> None:
    assert readings(check(width_mm=20, method="ruler")) == []
