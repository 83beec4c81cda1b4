"""Lengths in and out of millimetres."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tracking.units import UNITS, length_from_mm, length_in_mm, length_text, round_mm, size_text


@pytest.mark.parametrize(
    ("value", "unit", "length_mm"),
    [(18, "mm", 18), (1.8, "cm", 18), (1.85, "cm", 18.5), (1, "in", 25.4), (0.71, "in", 18)],
)
def test_what_is_typed_is_kept_in_millimetres_to_a_tenth(value: float, unit: str, length_mm: float) -> None:
    assert length_in_mm(value, unit=unit) == length_mm


@pytest.mark.parametrize(("value", "rounded"), [(0.25, 0.3), (0.35, 0.4), (1.05, 1.1), (18.04, 18.0), (1.005, 1.0)])
def test_halves_are_rounded_away_from_zero(value: float, rounded: float) -> None:
    assert round_mm(value) == rounded


@pytest.mark.parametrize(("unit", "text"), [("mm", "18.5 mm"), ("cm", "1.85 cm"), ("in", "0.73 in")])
def test_a_length_is_said_in_the_persons_unit(unit: str, text: str) -> None:
    assert length_text(18.5, unit=unit) == text


def test_zeros_that_say_nothing_are_left_out() -> None:
    assert [length_text(20, unit=unit) for unit in ("mm", "cm")] == ["20 mm", "2 cm"]
    assert length_text(100, unit="mm") == "100 mm"


def test_a_size_names_what_is_known() -> None:
    assert size_text(18, 14, None, unit="mm") == "18 × 14 mm"
    assert size_text(18, None, 6, unit="cm") == "1.8 × 0.6 cm"
    assert size_text(None, None, None, unit="mm") == ""


def test_a_unit_that_is_not_known_is_refused() -> None:
    with pytest.raises(KeyError):
        length_in_mm(1, unit="ft")


@given(st.integers(min_value=0, max_value=5000), st.sampled_from(["mm", "cm"]))
def test_a_metric_length_comes_back_as_it_was(tenths: int, unit: str) -> None:
    assert length_in_mm(length_from_mm(tenths / 10, unit=unit), unit=unit) == tenths / 10


@given(st.integers(min_value=0, max_value=5000), st.sampled_from(UNITS))
def test_a_length_comes_back_within_what_its_unit_can_show(tenths: int, unit: str) -> None:
    back = length_in_mm(length_from_mm(tenths / 10, unit=unit), unit=unit)
    assert abs(back - tenths / 10) <= 0.2  # half of 0.01 in is 0.13 mm, then to a tenth


@given(st.integers(min_value=0, max_value=2000), st.sampled_from(UNITS))
def test_what_was_typed_is_shown_again(hundredths: int, unit: str) -> None:
    typed = hundredths / 100 if unit == "in" else hundredths / 10
    shown = length_from_mm(length_in_mm(typed, unit=unit), unit=unit)
    assert shown == pytest.approx(typed, abs=1e-9)
