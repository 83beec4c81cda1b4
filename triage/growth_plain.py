"""Growth that is plain to see, which the weights do not catch: faster than their rates, or one step.

A slip of the first reading explains 12, 22 and 26 mm too well, and no rate of the table follows 20, 20, 40 and 40. So a
record that begins low and has stayed above ever since is looked at by itself: what did it begin with, and where do the
last two readings stand? Only beginnings count, because later in a record a slip may begin such a run.

The thresholds are assumptions, set so that unchanged lumps raise hardly more alarms (docs/growth.md). No clock.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from itertools import pairwise

from triage.growth_model import Series

LEAST_READINGS = 3
RISE_ERRORS = 4.5  # errors of the difference, where nothing but chance could explain it
RUN_RISE = math.log(2)  # readings that only rise: from the first to the last
STEP_RISE = math.log(1.4)  # two low readings: from their mean to that of the last two
LOW_SLIP = -math.log(0.6)  # one low reading may be such a slip ...
SLIP_ERRORS, YOUNG = 1.6, 20  # ... so that it takes this much more, and a record of no more readings than that
UNIT_SLIPS, UNIT_ERRORS = (
    (math.log(2.54), math.log(10.0)),
    2.0,
)  # inches for cm, cm for mm: so near, it is one
ASK_ERRORS, ASK_READINGS = 3.0, 5  # one low reading and less than that: measure again, in a young record


@dataclass(frozen=True, slots=True)
class PlainRise:
    """From which log size to which (over the usual size), since which day; not `is_sure`: one slip would explain it."""

    start: float
    now: float
    day: float
    error: float
    is_sure: bool


def plain_rise(series: Series) -> PlainRise | None:
    """The rise of a record that began low, if it has one. O(readings)."""
    sizes, days, error = series.sizes, series.days, series.error
    if len(sizes) < LEAST_READINGS:
        return None
    difference = math.sqrt(2) * error
    if _only_rises(sizes) and sizes[-1] - sizes[0] >= max(RUN_RISE, RISE_ERRORS * difference):
        return PlainRise(sizes[0], sizes[-1], days[0], difference, is_sure=True)
    now = (sizes[-1] + sizes[-2]) / 2
    return _after_two(series, now) or _after_one(series, now)


def _after_two(series: Series, now: float) -> PlainRise | None:
    """Two low readings and at least two that are higher: two slips in a row are too much to believe. What was read by
    several ways at one moment has not grown since."""
    sizes, low = series.sizes, (series.sizes[0] + series.sizes[1]) / 2
    if series.days[1] == series.days[-1]:
        return None
    if len(sizes) < 4 or max(sizes[:2]) >= min(sizes[2:]) or now - low < max(STEP_RISE, RISE_ERRORS * series.error):
        return None
    return PlainRise(low, now, series.days[1], series.error, is_sure=True)


def _after_one(series: Series, now: float) -> PlainRise | None:
    """One low reading, which may be a slip: sure only beyond what a slip does."""
    sizes, difference = series.sizes, math.sqrt(2) * series.error
    rise = now - sizes[0]
    if sizes[0] >= min(sizes[1:]) or len(sizes) > YOUNG:
        return None
    is_unit = any(abs(rise - slip) <= UNIT_ERRORS * difference for slip in UNIT_SLIPS)
    is_sure = rise >= max(RUN_RISE, LOW_SLIP + SLIP_ERRORS * difference) and not is_unit
    is_asked = len(sizes) <= ASK_READINGS and rise >= max(STEP_RISE, ASK_ERRORS * difference)
    return PlainRise(sizes[0], now, series.days[0], difference, is_sure) if is_sure or is_asked else None


def _only_rises(sizes: tuple[float, ...]) -> bool:
    return all(earlier < later for earlier, later in pairwise(sizes))
