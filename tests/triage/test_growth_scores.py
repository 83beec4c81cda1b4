"""A small form of the scores in docs/growth.md: one seed, judged by the same code as the benchmark, with room."""

from __future__ import annotations

import pytest

from benchmarks.growth import BOUNDS, MOST_FALSE_ALARMS, SLACK
from benchmarks.growth_runs import (
    METHODS,
    Course,
    Lump,
    course_of,
    false_alarms_a_year,
    lumps,
    median_delay,
    readings_of,
    simple_rule,
)
from triage.growth import rate_of

SEED = 41
ROOM_ALARMS, ROOM_DELAY = 2.0, 1.25  # one seed is few lumps: both are far outside what chance does to them


def few(method: str, name: str, *, most: int = 40) -> list[Lump]:
    return [lump for lump in lumps(SEED, methods=(method,)) if lump.population.name == name][:most]


def courses(method: str, name: str) -> list[Course]:
    return [course_of(lump) for lump in few(method, name)]


@pytest.mark.parametrize("method", METHODS)
def test_unchanged_lumps_are_seldom_called_growing(method: str) -> None:
    assert false_alarms_a_year(courses(method, "unchanged")) <= ROOM_ALARMS * MOST_FALSE_ALARMS


@pytest.mark.parametrize("method", METHODS)
def test_shrinking_lumps_are_not_called_growing(method: str) -> None:
    assert not [course for course in courses(method, "shrinking30") if course.alarm is not None]


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("name", ["vdt21", "vdt45late"])
def test_growth_is_found_in_time(method: str, name: str) -> None:
    assert median_delay(courses(method, name)) <= ROOM_DELAY * SLACK * BOUNDS[method][name]


def test_measuring_again_when_asked_finds_growth_no_later() -> None:
    growing = few("ruler", "vdt45")
    alone = median_delay([course_of(lump) for lump in growing])
    assert median_delay([course_of(lump, does_confirm=True) for lump in few("ruler", "vdt45")]) <= alone + 7


def test_the_usual_rule_calls_most_unchanged_lumps_growing_within_a_year() -> None:
    """What this is measured against: without it the numbers above would say little."""
    level = [course_of(lump, judge=simple_rule) for lump in few("ruler", "unchanged")]
    assert sum(course.alarm is not None for course in level) > len(level) / 2


def test_the_interval_of_the_rate_holds_the_truth_about_as_often_as_it_says() -> None:
    inside = []
    for name in ("unchanged", "shrinking30", "vdt45", "vdt90late"):
        for lump in few("photo", name, most=12):
            taken = list(zip(lump.days, lump.sizes, strict=True))
            for count in range(2, len(taken) + 1, 3):
                rate, truth = rate_of(readings_of("photo", taken[:count])), lump.rate_on(taken[count - 1][0])
                inside.append(rate is not None and rate.low <= truth <= rate.high)
    assert 0.90 <= sum(inside) / len(inside) <= 0.99
