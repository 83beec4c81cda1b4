"""How soon growth is found and how often it is called where there is none, on simulated lumps.

`python -m benchmarks.growth` takes 20 seeds (about half an hour on one core), `--seeds 1 2 3` those, `--every 5` every
fifth lump of each kind; one seed is part of `make bench`. One JSON object a line; a ratio below 1 in `vs` is kept.
"""

from __future__ import annotations

import argparse
import json
import math
import statistics
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice

from benchmarks.growth_runs import (
    METHODS,
    POPULATIONS,
    Course,
    Judge,
    Lump,
    course_of,
    false_alarms_a_year,
    lumps,
    median_delay,
    readings_of,
    simple_rule,
)
from triage.growth import growth_of, rate_of

MOST_FALSE_ALARMS = 0.10  # a lump-year, of unchanged lumps
SLACK = 1.3
# Median days of a detector that is told the starting size and the rate.
BOUNDS = {
    "photo": {"vdt21": 21, "vdt45": 34, "vdt90": 52, "vdt45late": 32, "vdt90late": 50},
    "ruler": {"vdt21": 32, "vdt45": 49, "vdt90": 72, "vdt45late": 48, "vdt90late": 72},
    "comparison": {"vdt21": 42, "vdt45": 75, "vdt90": 103, "vdt45late": 67, "vdt90late": 100},
}
WAYS: dict[str, tuple[str, Judge, bool]] = {
    "alone": ("growth", growth_of, False),
    "confirmed": ("growth, measured again when asked", growth_of, True),
    "rule": ("+20 % and +5 mm over the smallest", simple_rule, False),
}
PARTS = (*WAYS, "interval")
ALL_SEEDS = tuple(range(9001, 9021))
QUICK_SEEDS = (9001,)


def show(bench: str, value: float, unit: str, vs: dict[str, float]) -> None:
    shown = round(value, 3) if math.isfinite(value) else None
    print(json.dumps({"bench": bench, "value": shown, "unit": unit, "vs": vs}, ensure_ascii=False), flush=True)


def some(seeds: Iterable[int], methods: Sequence[str] = METHODS, *, every: int = 1) -> Iterator[Lump]:
    """Every population holds a multiple of ten lumps, so that every fifth or tenth takes of each its share."""
    for seed in seeds:
        yield from islice(lumps(seed, methods=methods), 0, None, every)


def score(way: str, seeds: Sequence[int], every: int = 1) -> None:
    title, judge, does_confirm = WAYS[way]
    for method in METHODS:
        courses = [
            course_of(lump, does_confirm=does_confirm, judge=judge) for lump in some(seeds, (method,), every=every)
        ]
        _show_courses(f"{title}: {method}", method, courses)


def measure(parts: Sequence[str], seeds: Sequence[int], every: int = 1) -> None:
    for part in parts:
        if part == "interval":
            cover(seeds, every)
        else:
            score(part, seeds, every)


def _show_courses(title: str, method: str, courses: Sequence[Course]) -> None:
    for population in POPULATIONS:
        group = [course for course in courses if course.lump.population is population]
        name = f"{title} {population.name}"
        if population.is_found_when_growing:
            delay, bound = median_delay(group), BOUNDS[method][population.name] * SLACK
            show(
                name,
                delay,
                "median days",
                {f"{bound:.1f} days": round(delay / bound, 3)} if math.isfinite(delay) else {},
            )
            continue
        alarms = false_alarms_a_year(group)
        limits = {"0.1 a year": round(alarms / MOST_FALSE_ALARMS, 2)} if population.name == "unchanged" else {}
        show(name, alarms, "false alarms a lump-year", limits)
    asked = sum(course.asked for course in courses) / (sum(course.followed for course in courses) / 365.25)
    show(f"{title} asked again", asked, "times a lump-year", {})


def cover(seeds: Iterable[int], every: int = 1) -> None:
    """The 95 % interval of the present rate at every measurement from the second on."""
    covered: dict[tuple[str, str], list[bool]] = {}
    for lump in some(seeds, every=every):
        taken = list(zip(lump.days, lump.sizes, strict=True))
        for count in range(2, len(taken) + 1):
            rate = rate_of(readings_of(lump.method, taken[:count]))
            truth = lump.rate_on(taken[count - 1][0])
            is_inside = rate is not None and rate.low - 1e-8 <= truth <= rate.high + 1e-8
            covered.setdefault((lump.method, lump.population.name), []).append(is_inside)
    for (method, name), rows in covered.items():
        show(f"interval of the rate: {method} {name}", 100 * statistics.fmean(rows), "% covered", {})
    pooled = 100 * statistics.fmean([one for rows in covered.values() for one in rows])
    show(
        "interval of the rate: all",
        pooled,
        "% covered",
        {"97 %": round(pooled / 97, 3), "of 93 %": round(93 / pooled, 3)},
    )


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seeds", type=int, nargs="+", default=ALL_SEEDS)
    parser.add_argument("--parts", nargs="+", choices=PARTS, default=PARTS)
    parser.add_argument("--every", type=int, default=1)
    asked = parser.parse_args()
    measure(asked.parts, asked.seeds, asked.every)
