"""How large, how sure, and how fast: nothing that everybody sees is called no change."""

from __future__ import annotations

from uuid import uuid4

import pytest

from tests.lumptracker.test_clinic_page import AT, GROWING, check, history, told
from tracking.history import ObservationFacts


def test_the_plus_or_minus_is_half_of_the_interval_that_the_phone_app_draws() -> None:
    """19 of 20 by a ruler, whose one reading is off by 12 % and a millimetre's rounding: 16.6 to 26.6 about 21."""
    (size,) = told(history(check(0, 21))).measurements
    assert (round(size.low_mm, 1), round(size.high_mm, 1), round(size.margin_mm, 1)) == (16.6, 26.6, 5.0)
    stated = ObservationFacts(uuid4(), AT, length_mm=20, uncertainty_mm=1, signs={})
    (size,) = told(history(stated)).measurements
    assert (round(size.low_mm, 1), round(size.high_mm, 1), round(size.margin_mm, 1)) == (18.1, 22.1, 2.0)


def test_a_difference_that_everybody_sees_is_not_called_no_change() -> None:
    stable = {**GROWING, "growth": {"state": "stable"}}
    assert "bigger readings, not yet certain" in told(history(check(20, 12), check(0, 26)), stable).headline
    assert "smaller readings, not yet certain" in told(history(check(20, 26), check(0, 12)), stable).headline
    assert "no change beyond measuring error" in told(history(check(20, 12), check(0, 13)), stable).headline


@pytest.mark.parametrize(
    ("state", "sizes", "pace"),
    [
        ("stable", (12, 26), ("Bigger, growth not yet certain", "12 → 26 mm in 2 weeks, measured 2 times")),
        ("stable", (26, 12), ("Smaller, shrinking not yet certain", "26 → 12 mm in 2 weeks, measured 2 times")),
        ("stable", (12, 13), ("No change beyond error", "12 → 13 mm in 2 weeks, measured 2 times")),
        ("shrinking", (30, 9), ("Smaller than before", "30 → 9 mm in 2 weeks, measured 2 times")),
        ("too_few", (12,), ("Too few to judge", "measured once")),
    ],
)
def test_how_fast_is_told_with_the_sizes_that_it_is_told_from(
    state: str, sizes: tuple[float, ...], pace: tuple[str, str]
) -> None:
    checks = [check(20 * (len(sizes) - 1 - number), size) for number, size in enumerate(sizes)]
    fact = told(history(*checks), {**GROWING, "growth": {"state": state}}).facts[3]
    assert (fact.value, fact.detail) == pace
