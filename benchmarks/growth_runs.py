"""Simulated lumps whose truth is known, judged again after every reading; and what is counted over them.

A lump is measured about weekly, with its method's error, rounding, and now and then a gross slip.
"""

from __future__ import annotations

import math
import random
import statistics
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from triage.growth import READING_ERROR, Growth, Reading, growth_of, log_error

START = datetime(2025, 1, 6, 19, tzinfo=UTC)
METHODS = ("photo", "ruler", "comparison")
SLIP_SHARE = 0.02
YEAR = 365.25


@dataclass(frozen=True)
class Population:
    """Lumps of one kind: doubling time of the volume (None: level), its onset, how long they are followed."""

    name: str
    doubling_days: float | None
    onset_weeks: int
    weeks: int
    lumps: int

    @property
    def rate(self) -> float:
        return math.log(2) / (3 * self.doubling_days) if self.doubling_days else 0.0

    @property
    def is_found_when_growing(self) -> bool:
        return self.doubling_days is not None and 0 < self.doubling_days < 1000


POPULATIONS = (
    Population("unchanged", None, 0, 52, 80),
    Population("shrinking30", -30, 0, 20, 20),
    Population("slow1500", 1500, 0, 52, 20),
    Population("vdt21", 21, 0, 20, 30),
    Population("vdt45", 45, 0, 26, 30),
    Population("vdt90", 90, 0, 39, 30),
    Population("vdt45late", 45, 12, 38, 30),
    Population("vdt90late", 90, 12, 51, 30),
)


@dataclass(frozen=True)
class Lump:
    """One simulated lump: the days on which it is measured, and what a person would read on any day."""

    method: str
    population: Population
    days: tuple[float, ...]
    sizes: tuple[float, ...]
    start_mm: float
    rng: random.Random

    @property
    def onset(self) -> float:
        return self.population.onset_weeks * 7.0

    def rate_on(self, day: float) -> float:
        return self.population.rate if day > self.onset else 0.0


def lumps(seed: int, *, methods: Sequence[str] = METHODS) -> Iterator[Lump]:
    for method in methods:
        for population in POPULATIONS:
            for number in range(population.lumps):
                yield _lump(random.Random(f"{seed}/{method}/{population.name}/{number}"), method, population)


def _lump(rng: random.Random, method: str, population: Population) -> Lump:
    start_mm = rng.uniform(25, 60) if population.rate < 0 else rng.uniform(12, 45)
    day, days, sizes = 0.0, [], []
    while day < population.weeks * 7:
        days.append(day)
        sizes.append(_measured(rng, method, population, start_mm, day))
        day += max(1.0, rng.gauss(7, 1.5)) * (2 if rng.random() < 0.15 else 1)
    return Lump(method, population, tuple(days), tuple(sizes), start_mm, rng)


def _measured(rng: random.Random, method: str, population: Population, start_mm: float, day: float) -> float:
    error, step = READING_ERROR[method]
    size = start_mm * math.exp(population.rate * max(0.0, day - population.onset_weeks * 7))
    size *= math.exp(rng.gauss(0, error))
    if rng.random() < SLIP_SHARE:
        size *= rng.choice((1.6, 0.6))
    return max(step, round(size / step) * step)


Judge = Callable[[Sequence[Reading]], Growth]


@dataclass(frozen=True)
class Course:
    """What became of one lump: when it was first called growing, and how long it was followed."""

    lump: Lump
    alarm: float | None
    followed: float
    asked: int = 0


def course_of(lump: Lump, *, does_confirm: bool = False, judge: Judge = growth_of) -> Course:
    """Judged after every reading until it is called growing; with `does_confirm`, measured again when asked to."""
    taken: list[tuple[float, float]] = []
    asked = 0
    for day, size in zip(lump.days, lump.sizes, strict=True):
        taken.append((day, size))
        following = min((later for later in lump.days if later > day), default=math.inf)
        while True:
            found = judge(readings_of(lump.method, taken))
            if found.state == "growing":
                return Course(lump, taken[-1][0], taken[-1][0], asked)
            again = _day_of(found.confirm_at) if does_confirm and found.confirm_at else math.inf
            if again >= following or again > lump.population.weeks * 7:
                break
            asked += 1
            taken.append((again, _measured(lump.rng, lump.method, lump.population, lump.start_mm, again)))
    return Course(lump, None, lump.days[-1], asked)


def _day_of(at: datetime) -> float:
    return (at - START).total_seconds() / 86400


def readings_of(method: str, taken: Sequence[tuple[float, float]]) -> list[Reading]:
    """As triage/facts/readings.py makes them of single readings: rounding counts at the usual size."""
    error = log_error(statistics.median(size for _, size in taken), method)
    return [Reading(START + timedelta(days=day), size, method, error, str(day)) for day, size in taken]


def false_alarms_a_year(courses: Sequence[Course]) -> float:
    years = sum(course.followed for course in courses) / YEAR
    return sum(course.alarm is not None for course in courses) / years


def median_delay(courses: Sequence[Course]) -> float:
    """An alarm before the onset was false, not early: such a lump is left out. One never found counts as endless;
    not a number where all were called before the onset.
    """
    delays = [
        math.inf if course.alarm is None else course.alarm - course.lump.onset
        for course in courses
        if course.alarm is None or course.alarm > course.lump.onset
    ]
    return statistics.median(delays) if delays else math.nan


def simple_rule(readings: Sequence[Reading]) -> Growth:
    """The usual rule beside ours: 20 % and 5 mm over the smallest."""
    smallest = min(reading.length_mm for reading in readings)
    last = readings[-1].length_mm
    is_growing = len(readings) > 1 and last >= 1.2 * smallest and last >= smallest + 5
    return Growth("growing" if is_growing else "stable", len(readings))
