"""Lengths between what is stored (millimetres, one decimal) and what a person reads or types (mm, cm or inches)."""

from __future__ import annotations

import math
from collections.abc import Mapping

MM_PER_UNIT: Mapping[str, float] = {"mm": 1.0, "cm": 10.0, "in": 25.4}
UNITS = tuple(MM_PER_UNIT)
_DECIMALS: Mapping[str, int] = {"mm": 1, "cm": 2, "in": 2}  # 0.01 in is a quarter of a millimetre: finer than any hand


def round_mm(length_mm: float) -> float:
    """To 0.1 mm, halves away from zero as on the phone (Python's own `round` would take 0.25 to 0.2)."""
    return _rounded(length_mm, decimals=1)


def length_in_mm(value: float, *, unit: str) -> float:
    """What was typed in `unit`, in millimetres to 0.1. Raises KeyError for a unit that is not known."""
    return round_mm(value * MM_PER_UNIT[unit])


def length_from_mm(length_mm: float, *, unit: str) -> float:
    """A stored length in `unit`, as fine as that unit is shown. Raises KeyError for a unit that is not known."""
    return _rounded(length_mm / MM_PER_UNIT[unit], decimals=_DECIMALS[unit])


def length_text(length_mm: float, *, unit: str) -> str:
    """`18 mm`, `1.85 cm`, `0.71 in`: no zeros that say nothing."""
    return f"{_plain(length_from_mm(length_mm, unit=unit))} {unit}"


def size_text(*lengths_mm: float | None, unit: str) -> str:
    """Longest, across and height where known: `18 × 14 mm`. Empty when none is known."""
    known = [_plain(length_from_mm(length_mm, unit=unit)) for length_mm in lengths_mm if length_mm is not None]
    return f"{' × '.join(known)} {unit}" if known else ""


def _rounded(value: float, *, decimals: int) -> float:
    scale = 10**decimals
    # The small addend undoes binary noise: 1.005 × 100 is 100.49999999999999
    return math.copysign(math.floor(abs(value) * scale + 0.5 + 1e-9) / scale, value)


def _plain(value: float) -> str:
    return f"{value:.2f}".rstrip("0").rstrip(".")
