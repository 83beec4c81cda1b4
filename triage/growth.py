"""Is it growing, and how fast: a change of pace told from measuring error.

A person's readings are few, irregular, rounded and now and then grossly wrong, so no single comparison is trusted.
Readings are compared on the logarithm of the longest diameter, where the error of a method is one number. The
history of the size is *level*, *shrinking*, or *level or shrinking until a moment, then growing at one of several
rates*; the likelihoods of all these are added up by weights calibrated on simulated lumps, and their ratio becomes
`probability_growing`. A reading that looks like a slip is judged both with it and without it, weighed by how often
people slip. Mathematics, calibration and scores: docs/growth.md.

Plain Python, no clock: the same numbers must come out on the phone.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Literal
from uuid import UUID

from triage.growth_model import (
    SECONDS_A_DAY,
    USUAL_MM,
    Account,
    Reading,
    Series,
    accounts_of,
    series_of,
    suspected_slips,
)
from triage.growth_odds import evidence_of, growth_odds, shrink_odds
from triage.growth_plain import PlainRise, plain_rise
from triage.growth_rate import Course, Rate, fitted_rate, likeliest_growth, rate_now
from triage.growth_table import GROWING_ODDS, bar_of, weights_for

__all__ = ["DoublingDays", "Growth", "Rate", "Reading", "growth_of", "log_error", "own_variance", "rate_of"]

GrowthState = Literal["growing", "stable", "shrinking", "too_few"]

# Coefficient of variation of one reading and the rounding step in mm (reference: clinical evidence 3.3; the tape is
# taken as the ruler, the caliper as a little better, a clinician's reading as measured in Wasson 2012 for calipers).
READING_ERROR: dict[str | None, tuple[float, float]] = {
    "photo": (0.07, 0.5),
    "ultrasound": (0.07, 0.5),
    "caliper": (0.10, 1.0),
    "ruler": (0.12, 1.0),
    "tape": (0.12, 1.0),
    "clinician": (0.15, 1.0),
    "comparison": (0.22, 5.0),
    None: (0.22, 1.0),
}
OWN_ERROR_PRIOR_READINGS = 10  # how many repeats it takes until the person's own spread counts as much as the table
MEDIAN_VARIANCE = (1.0, 1.0, 0.5, 0.4487, 0.2982, 0.2868)  # of the median of n normal readings, n = 0 .. 5

GROWING_FROM = GROWING_ODDS / (1 + GROWING_ODDS)  # probability from which it is called growing
SUSPICIOUS_FROM = 0.7  # ... and from which a second reading is asked for
JUMP_WORTH = 4.0  # by how much a last reading that jumps as a slip would may raise the odds
DOUBTED_ODDS = 4.0  # what growth is left with that only holds if many readings are slips
CONFIRM_AFTER_DAYS = 3
STANDS_AFTER = timedelta(days=56)  # measured for so long without growing, what has grown is called stable again ...
STANDS_READINGS = 4  # ... by so many readings
LOG_2 = math.log(2)
NORMAL_95 = 1.96

MOST_READINGS = 400  # a longer record is judged by its latest readings


@dataclass(frozen=True, slots=True)
class DoublingDays:
    """Doubling time of the volume with its 95 % interval; `high` None: no upper bound."""

    estimate: float
    low: float
    high: float | None


@dataclass(frozen=True, slots=True)
class Growth:
    """What the readings say. `since` is the moment of the smallest fitted size; `confirm_at` when to measure again."""

    state: GrowthState
    measurements: int
    probability_growing: float | None = None
    change_mm: float | None = None
    change_percent: float | None = None
    doubling_days: DoublingDays | None = None
    since: datetime | None = None
    confirm_at: datetime | None = None
    size_mm: float | None = None  # fitted, now
    last_is_slip_down: bool = False
    observations: tuple[UUID | str, ...] = ()


def log_error(length_mm: float, method: str | None, *, readings: int = 1, own_variance: float | None = None) -> float:
    """Standard error of one sitting's log diameter: the method's error over the repeats, and the rounding."""
    error, step = READING_ERROR.get(method, READING_ERROR[None])
    variance = error * error if own_variance is None else own_variance
    shrink = MEDIAN_VARIANCE[readings] if readings < len(MEDIAN_VARIANCE) else math.pi / (2 * readings)
    return math.sqrt(variance * shrink + (step / length_mm) ** 2 / 12)


def own_variance(repeats: Sequence[Sequence[float]], method: str | None) -> float:
    """The method's variance, moved towards what the person's own repeats at one sitting show."""
    error, _ = READING_ERROR.get(method, READING_ERROR[None])
    squares, freedom = 0.0, 0
    for readings in repeats:
        logs = [math.log(reading) for reading in readings]
        mean = sum(logs) / len(logs)
        squares += sum((value - mean) ** 2 for value in logs)
        freedom += len(logs) - 1
    return (OWN_ERROR_PRIOR_READINGS * error * error + squares) / (OWN_ERROR_PRIOR_READINGS + freedom)


def growth_of(readings: Sequence[Reading]) -> Growth:
    """Judge the readings (oldest first). Deterministic; O(readings) for an unremarkable record."""
    readings = readings[-MOST_READINGS:]
    found = _as_one_course(readings)
    return _standstill(readings) or found if found.state == "growing" else found


def _standstill(readings: Sequence[Reading]) -> Growth | None:
    """What the latest readings say by themselves, if it grew before and has stood still in them for eight weeks.

    It must have been called growing by what came before, so that this delays no call. Looked at from eight weeks ago,
    and from ever further back: the longer it stands, the slower the growth that this can show to have ended.
    """
    place = sum(readings[-1].at - one.at >= STANDS_AFTER for one in readings) - 1
    while place > 0:
        found = _stands_since(readings, place) if len(readings) - place >= STANDS_READINGS else None
        if found is not None:
            return found
        place //= 2
    return None


def _stands_since(readings: Sequence[Reading], place: int) -> Growth | None:
    """A level size must explain what came since as much better than growth at the pace of before as growth must, to be
    called. Slow growth, which eight weeks cannot show, stays."""
    before, recent = readings[: place + 1], readings[place:]
    grew = _as_one_course(before, needs_rate=False)
    if grew.state != "growing" or grew.since is None or grew.change_percent is None:
        return None
    calm = _as_one_course(recent)
    if calm.state == "growing" or calm.confirm_at is not None:
        return None
    days = max(1.0, (before[-1].at - grew.since).total_seconds() / SECONDS_A_DAY)
    pace = math.log(1 + grew.change_percent / 100) / days
    series = series_of(recent)
    steady = max(accounts_of(series, suspected_slips(series)), key=lambda told: told.level_log).ramps[0]
    goes_on = pace * steady.along - 0.5 * pace * pace * steady.spread
    return replace(calm, measurements=len(readings)) if goes_on <= -math.log(GROWING_ODDS) else None


def _as_one_course(readings: Sequence[Reading], *, needs_rate: bool = True) -> Growth:
    """The verdict with one change of pace at most. The rate of growth costs as much as all the rest."""
    if _are_too_few(readings):
        return Growth("too_few", len(readings), observations=tuple([reading.observation for reading in readings]))
    series = series_of(readings)
    suspects = suspected_slips(series)
    accounts = accounts_of(series, suspects)
    weights = weights_for(series.error)
    evidence = evidence_of(accounts, weights)
    last = readings[-1].at
    bar = bar_of(len(readings), weights, days_since_last=(last - readings[-2].at).total_seconds() / SECONDS_A_DAY)
    odds = growth_odds(evidence, weights, bar)
    jumps = _last_is_a_jump_up(series, suspects)
    if jumps:  # one reading that a slip would explain is not believed alone
        before = [account for account in accounts if account.keep[-1] != len(readings) - 1]
        odds = min(odds, JUMP_WORTH * growth_odds(evidence_of(before, weights), weights, bar))
    course = likeliest_growth(accounts) if odds >= GROWING_ODDS else None
    if course and _is_mostly_slips(course.account, len(readings)):
        odds = DOUBTED_ODDS
    plain = plain_rise(series) if odds < GROWING_ODDS else None
    if plain and plain.is_sure:
        return _plain_growth(readings, series, plain)
    probability = odds / (1 + odds)
    if course and odds >= GROWING_ODDS:
        rate = rate_now(accounts) if needs_rate else None
        return _growing(readings, series, course, probability, rate)
    is_shrinking = shrink_odds(evidence) >= GROWING_ODDS
    account = max(accounts, key=lambda told: told.level_log)
    size = _last_size(series, account) if is_shrinking else _level(series, account.keep)
    is_doubtful = probability >= SUSPICIOUS_FROM or jumps or plain is not None
    return Growth(
        "shrinking" if is_shrinking else "stable",
        len(readings),
        probability_growing=probability,
        change_mm=0.0,
        change_percent=0.0,
        since=last if is_shrinking else readings[0].at,
        confirm_at=last + timedelta(days=CONFIRM_AFTER_DAYS) if is_doubtful else None,
        size_mm=size,
        last_is_slip_down=len(readings) - 1 not in account.keep and readings[-1].length_mm < size,
        observations=_believed(readings, account),
    )


def rate_of(readings: Sequence[Reading]) -> Rate | None:
    """The rate at which the log diameter changes a day, now, with its 95 % interval, whether growing or not.

    None below two sittings. The interval is one of all that may have gone on before, not only of the likeliest.
    """
    readings = readings[-MOST_READINGS:]
    if _are_too_few(readings):
        return None
    series = series_of(readings)
    return rate_now(accounts_of(series, suspected_slips(series)))


def _are_too_few(readings: Sequence[Reading]) -> bool:
    return len(readings) < 2 or readings[-1].at == readings[0].at


def _growing(
    readings: Sequence[Reading], series: Series, course: Course, probability: float, rate: Rate | None
) -> Growth:
    start, now = _fitted(series, course)
    return Growth(
        "growing",
        len(readings),
        probability_growing=probability,
        change_mm=now - start,
        change_percent=100 * (now / start - 1),
        doubling_days=_doubling_days(rate) if rate else None,
        since=readings[0].at + timedelta(days=course.ramp.day),
        size_mm=now,
        last_is_slip_down=len(readings) - 1 not in course.account.keep and readings[-1].length_mm < now,
        observations=_believed(readings, course.account),
    )


def _plain_growth(readings: Sequence[Reading], series: Series, plain: PlainRise) -> Growth:
    """From where it began and where it stands: the rates of the table would fit less than was seen."""
    start, now = USUAL_MM * math.exp(plain.start), USUAL_MM * math.exp(plain.now)
    days = series.days[-1] - plain.day
    rate, spread = (plain.now - plain.start) / days, NORMAL_95 * plain.error / days
    return Growth(
        "growing",
        len(readings),
        probability_growing=GROWING_FROM,
        change_mm=now - start,
        change_percent=100 * (now / start - 1),
        doubling_days=DoublingDays(LOG_2 / (3 * rate), LOG_2 / (3 * (rate + spread)), LOG_2 / (3 * (rate - spread))),
        since=readings[0].at + timedelta(days=plain.day),
        size_mm=now,
        observations=tuple([reading.observation for reading in readings]),
    )


def _is_mostly_slips(account: Account, count: int) -> bool:
    """More than a third of the readings would have to be wrong for it: that is a record to add to, not to call."""
    return 3 * len(account.keep) < 2 * count


def _last_is_a_jump_up(series: Series, suspects: list[tuple[int, float]]) -> bool:
    last = len(series.sizes) - 1
    return any(index == last for index, _ in suspects) and series.sizes[last] > series.sizes[last - 1]


def _believed(readings: Sequence[Reading], account: Account) -> tuple[UUID | str, ...]:
    return tuple([readings[index].observation for index in account.keep])


def _fitted(series: Series, course: Course) -> tuple[float, float]:
    """Fitted size in mm at the last change and at the last reading."""
    account, ramp, before = course
    rate, _ = fitted_rate(ramp, before)
    weights, sizes, days = series.weights, series.sizes, series.days
    total = sum([weights[index] for index in account.keep])
    paces = [
        before * min(0.0, days[index] - ramp.day) + rate * max(0.0, days[index] - ramp.day) for index in account.keep
    ]
    height = sum([weights[index] * (sizes[index] - pace) for index, pace in zip(account.keep, paces, strict=True)])
    turn = height / total
    return USUAL_MM * math.exp(turn), USUAL_MM * math.exp(turn + rate * (days[-1] - ramp.day))


def _last_size(series: Series, account: Account) -> float:
    """Fitted size in mm at the last reading of a size that changes steadily."""
    if not account.ramps:
        return _level(series, account.keep)
    return _fitted(series, Course(account, account.ramps[0], 0.0))[1]


def _level(series: Series, keep: tuple[int, ...]) -> float:
    total = sum([series.weights[index] for index in keep])
    return USUAL_MM * math.exp(sum([series.weights[index] * series.sizes[index] for index in keep]) / total)


def _doubling_days(rate: Rate) -> DoublingDays | None:
    """None where the middle of the interval is no growth, so that no doubling is stated."""
    if rate.middle <= 0:
        return None
    return DoublingDays(
        estimate=LOG_2 / (3 * rate.middle),
        low=LOG_2 / (3 * rate.high),
        high=LOG_2 / (3 * rate.low) if rate.low > 0 else None,
    )
