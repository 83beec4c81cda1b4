"""Would the second diameter find growth sooner? `python -m benchmarks.growth_width`, by the same model of error.

Length and width of one sitting share part of their error (same posture, same light, same edge taken for the edge), and
not every lump grows in both. The middle of both logs is judged with the error that is left, beside the length alone.
"""

from __future__ import annotations

import math
import random
import statistics
from collections.abc import Sequence
from datetime import timedelta

from benchmarks.growth import show
from benchmarks.growth_runs import START
from triage.growth import READING_ERROR, Reading, growth_of, log_error

LUMPS, WEEKS, DOUBLING_DAYS = 300, 26, 45.0
SHARED = (0.0, 0.5, 0.8)  # correlation of the two errors
METHOD = "ruler"


def delay(rng: random.Random, *, shared: float, uses_width: bool, width_grows: float, rate: float) -> float:
    error, step = READING_ERROR[METHOD]
    length_mm = rng.uniform(12, 45)
    width_mm = length_mm * rng.uniform(0.6, 1.0)
    taken: list[tuple[float, float]] = []
    for week in range(WEEKS):
        both = rng.gauss(0, error * math.sqrt(shared))
        sides = [
            _read(rng, side * math.exp(growth * 7 * week + both), error * math.sqrt(1 - shared), step)
            for side, growth in ((length_mm, rate), (width_mm, rate * width_grows))
        ]
        taken.append((sides[0], math.sqrt(sides[0] * sides[1]) if uses_width else sides[0]))
        left = math.sqrt((1 + shared) / 2) if uses_width else 1.0
        if week and growth_of(_readings([size for _, size in taken], left)).state == "growing":
            return 7.0 * week
    return math.inf


def _read(rng: random.Random, size: float, error: float, step: float) -> float:
    return max(step, round(size * math.exp(rng.gauss(0, error)) / step) * step)


def _readings(sizes: Sequence[float], left: float) -> list[Reading]:
    error = left * log_error(statistics.median(sizes), METHOD)
    return [Reading(START + timedelta(days=7 * n), size, METHOD, error, str(n)) for n, size in enumerate(sizes)]


if __name__ == "__main__":
    pace = math.log(2) / (3 * DOUBLING_DAYS)
    for correlation in SHARED:
        for uses in (False, True):
            for grows in (1.0, 0.0):
                delays = [
                    delay(random.Random(number), shared=correlation, uses_width=uses, width_grows=grows, rate=pace)
                    for number in range(LUMPS)
                ]
                which = "both diameters" if uses else "length alone"
                name = f"{which}, errors correlated {correlation:g}, width grows {'too' if grows else 'not'}"
                show(name, statistics.median(delays), "median days", {})
