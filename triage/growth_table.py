"""How much each way of growing counts and how high the bar lies, for three errors of a reading.

Between the three, straight lines. Calibrated by simulation as docs/growth.md tells, so that unchanged lumps raise
somewhat under 0.10 false alarms a year by each method.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import lru_cache

DOUBLING_DAYS = (20.0, 40.0, 80.0, 150.0)  # volume doubling times that "growing" is made of
GROWTH_RATES = tuple([math.log(2) / (3 * days) for days in DOUBLING_DAYS])  # log diameter a day
GROWING_ODDS = 9.0  # odds at which it is called growing


@dataclass(frozen=True, slots=True)
class Weights:
    """`from_start`, `later`: one for each rate. The bar is `bar + per_log_reading * ln n`, higher for the first and for
    very many readings. `overdue`: what a way of growing loses for every unit by which it would have shown already."""

    from_start: tuple[float, ...]
    later: tuple[float, ...]
    shrinking: float
    overdue: float
    overdue_from: float
    bar: float
    per_log_reading: float
    early: float
    late: float
    early_until: float


LATE_READINGS = 26
SOON_DAYS, SOON_MORE = 4.0, 0.3  # a reading less than that after the last is one more look at nearly the same size
ERRORS = (0.07, 0.12, 0.226)
# log weights from the start, log weights of later moments, log weight of shrinking, then the rest as in Weights
ROWS = (
    (-0.918, 0.138, -0.064, -0.799, -5.091, -4.9, -4.348, -2.663, 1.472, 0.3, 6.0, 1.16, 0.737, 1.0, 1.09, 3.6),
    (0.635, 0.241, 1.866, -0.068, -4.638, -5.288, -4.603, -2.783, 3.578, 0.3, 6.0, -0.266, 1.512, 0.7, 1.296, 6.0),
    (2.883, -0.13, 1.839, 1.432, -3.718, -5.821, -4.538, -6.344, 1.042, 1.2, 6.0, 4.501, -0.064, 0.523, 0.149, 7.794),
)


@lru_cache(maxsize=4096)
def weights_for(error: float) -> Weights:
    """The row for a usual standard error of a reading (log scale), between two rows in proportion."""
    rates = len(GROWTH_RATES)
    row = _row(error)
    return Weights(
        tuple([math.exp(value) for value in row[:rates]]),
        tuple([math.exp(value) for value in row[rates : 2 * rates]]),
        math.exp(row[2 * rates]),
        *row[2 * rates + 1 :],
    )


def _row(error: float) -> tuple[float, ...]:
    if error <= ERRORS[0]:
        return ROWS[0]
    for low, high, lower, upper in zip(ERRORS, ERRORS[1:], ROWS, ROWS[1:], strict=False):
        if error < high:
            share = (error - low) / (high - low)
            return tuple([a + share * (b - a) for a, b in zip(lower, upper, strict=True)])
    return ROWS[-1]


def bar_of(readings: int, weights: Weights, *, days_since_last: float = math.inf) -> float:
    """Log of the evidence at which the odds are even. `days_since_last`: between the last two readings."""
    log = math.log(readings)
    return (
        weights.bar
        + weights.per_log_reading * log
        + weights.early * max(0.0, weights.early_until - readings)
        + weights.late * max(0.0, log - math.log(LATE_READINGS))
        + (SOON_MORE if days_since_last < SOON_DAYS else 0.0)
        - math.log(GROWING_ODDS)
    )
