"""Draw the pictures of docs/growth.md from what `python -m benchmarks.growth` printed.

`python -m benchmarks.growth_pictures docs/growth < printed`.
"""

from __future__ import annotations

import json
import math
import sys
from collections.abc import Iterable, Sequence
from datetime import timedelta
from itertools import pairwise
from pathlib import Path

from benchmarks.growth import BOUNDS, SLACK
from benchmarks.growth_runs import METHODS, POPULATIONS, START, Lump, lumps, readings_of
from triage.growth import GROWING_FROM, Growth, growth_of

WIDTH, HEIGHT, LEFT, BOTTOM = 760, 300, 60, 250
COLOURS = {"growing": "#b3261e", "stable": "#3a6ea5", "shrinking": "#4f7a28", "too_few": "#777777"}
METHOD_COLOURS = dict(zip(METHODS, ("#3a6ea5", "#b36b00", "#4f7a28"), strict=True))
TOP_SHARE = 1.5  # of the delays
LEAST_PERCENT = 80.0
SHOWN_SEED, SHOWN_METHOD, SHOWN_POPULATION, SHOWN_NUMBER = 9001, "ruler", "vdt45late", 3


def picture(title: str, body: Iterable[str]) -> str:
    head = (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" role="img" '
        f'font-family="sans-serif" font-size="12"><title>{title}</title>'
        f'<rect width="{WIDTH}" height="{HEIGHT}" fill="#ffffff"/><text x="{LEFT}" y="18" font-size="14">{title}</text>'
    )
    return "\n".join([head, *body, "</svg>"]) + "\n"


def line(x1: float, y1: float, x2: float, y2: float, colour: str = "#999999", dash: str = "") -> str:
    dashed = f' stroke-dasharray="{dash}"' if dash else ""
    return f'<line x1="{x1:.1f}" y1="{y1:.1f}" x2="{x2:.1f}" y2="{y2:.1f}" stroke="{colour}"{dashed}/>'


def text(x: float, y: float, words: str, anchor: str = "middle") -> str:
    return f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}">{words}</text>'


def dot(x: float, y: float, colour: str) -> str:
    return f'<circle cx="{x:.1f}" cy="{y:.1f}" r="4" fill="{colour}"/>'


def course_picture() -> str:
    lump = _shown_lump()
    taken = list(zip(lump.days, lump.sizes, strict=True))
    verdicts = [growth_of(readings_of(lump.method, taken[:count])) for count in range(1, len(taken) + 1)]
    top = 1.1 * max(lump.sizes)

    def place(day: float, share: float) -> tuple[float, float]:
        return LEFT + day / lump.days[-1] * (WIDTH - LEFT - 20), BOTTOM - share * (BOTTOM - 50)

    body = [line(LEFT, BOTTOM, WIDTH - 20, BOTTOM), line(LEFT, 50, LEFT, BOTTOM)]
    body += [text(LEFT - 8, place(0, mm / top)[1] + 4, f"{mm} mm", "end") for mm in range(0, int(top), 20)]
    body += [text(place(day, 0)[0], BOTTOM + 18, f"day {day}") for day in range(0, int(lump.days[-1]), 50)]
    onset = place(lump.onset, 0)[0]
    body += [line(onset, 50, onset, BOTTOM, "#555555", "4 3"), text(onset, 44, "growth begins")]
    truth = [
        place(day, lump.start_mm * math.exp(lump.population.rate * max(0.0, day - lump.onset)) / top)
        for day in lump.days
    ]
    body += [line(*one, *other, "#bbbbbb") for one, other in pairwise(truth)]
    chances = [place(day, verdict.probability_growing or 0.0) for day, verdict in zip(lump.days, verdicts, strict=True)]
    body += [line(*one, *other, "#b3261e", "2 2") for one, other in pairwise(chances)]
    body += [line(LEFT, place(0, GROWING_FROM)[1], WIDTH - 20, place(0, GROWING_FROM)[1], "#e0b4b0")]
    body += [text(LEFT + 6, place(0, GROWING_FROM)[1] - 5, f"called growing from {GROWING_FROM:g} on", "start")]
    body += [
        dot(*place(day, size / top), COLOURS[verdict.state])
        for (day, size), verdict in zip(taken, verdicts, strict=True)
    ]
    body += [text(LEFT, BOTTOM + 38, _told(lump, verdicts), "start")]
    return picture("A lump by ruler: true size (grey), readings by verdict, probability of growth (dotted)", body)


def _told(lump: Lump, verdicts: Sequence[Growth]) -> str:
    first = next((number for number, verdict in enumerate(verdicts) if verdict.state == "growing"), None)
    if first is None:
        return "never called growing"
    since = verdicts[first].since or START
    called, dated = lump.days[first] - lump.onset, (since - START) / timedelta(days=1)
    return f"Blue: stable. Red: growing, first called {called:.0f} days after it began and dated to day {dated:.0f}."


def _shown_lump() -> Lump:
    found = [one for one in lumps(SHOWN_SEED, methods=(SHOWN_METHOD,)) if one.population.name == SHOWN_POPULATION]
    return found[SHOWN_NUMBER]


def delay_picture(rows: dict[str, float]) -> str:
    names = [population.name for population in POPULATIONS if population.is_found_when_growing]
    step = (WIDTH - LEFT - 20) / (len(names) * (len(METHODS) + 1))
    scale = (BOTTOM - 50) / TOP_SHARE

    body = [line(LEFT, BOTTOM, WIDTH - 20, BOTTOM)]
    for share in (0.5, 1.0, SLACK):
        level = BOTTOM - scale * share
        body += [line(LEFT, level, WIDTH - 20, level, dash="" if share == SLACK else "4 3")]
        body += [text(LEFT - 8, level + 4, f"{share:g} x", "end")]
    for group, name in enumerate(names):
        for number, method in enumerate(METHODS):
            left = LEFT + step * (group * (len(METHODS) + 1) + number + 0.5)
            days = rows.get(f"growth: {method} {name}")
            if days is None:
                continue
            tall = scale * min(TOP_SHARE, days / BOUNDS[method][name])
            body.append(
                f'<rect x="{left:.1f}" y="{BOTTOM - tall:.1f}" width="{step * 0.9:.1f}" height="{tall:.1f}" '
                f'fill="{METHOD_COLOURS[method]}"/>'
            )
        body.append(text(LEFT + step * (group * (len(METHODS) + 1) + 2), BOTTOM + 18, name))
    body += _legend()
    return picture(f"Median delay, as a multiple of that of a detector told size and rate; goal {SLACK:g}", body)


def coverage_picture(rows: dict[str, float]) -> str:
    step = (WIDTH - LEFT - 20) / len(POPULATIONS)

    def height(percent: float) -> float:
        return BOTTOM - (max(LEAST_PERCENT, percent) - LEAST_PERCENT) / (100 - LEAST_PERCENT) * (BOTTOM - 50)

    body = [line(LEFT, BOTTOM, WIDTH - 20, BOTTOM)]
    for percent in (80, 85, 90, 95, 100):
        body += [line(LEFT, height(percent), WIDTH - 20, height(percent), dash="" if percent == 95 else "4 3")]
        body += [text(LEFT - 8, height(percent) + 4, f"{percent} %", "end")]
    for group, population in enumerate(POPULATIONS):
        for number, method in enumerate(METHODS):
            share = rows.get(f"interval of the rate: {method} {population.name}")
            if share is not None:
                body.append(dot(LEFT + step * (group + 0.3 + 0.2 * number), height(share), METHOD_COLOURS[method]))
        body.append(text(LEFT + step * (group + 0.5), BOTTOM + 18, population.name))
    body += _legend()
    return picture("How often the 95 % interval of the present rate holds the truth", body)


def _legend() -> list[str]:
    body: list[str] = []
    for number, (method, colour) in enumerate(METHOD_COLOURS.items()):
        body += [
            dot(LEFT + 110 * number, BOTTOM + 38, colour),
            text(LEFT + 110 * number + 10, BOTTOM + 42, method, "start"),
        ]
    return body


def draw(folder: Path, lines: Iterable[str]) -> None:
    found = [json.loads(one) for one in lines]
    rows = {row["bench"]: row["value"] for row in found if row["value"] is not None}
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "course.svg").write_text(course_picture())
    (folder / "delay.svg").write_text(delay_picture(rows))
    (folder / "coverage.svg").write_text(coverage_picture(rows))


if __name__ == "__main__":
    draw(Path(sys.argv[1]), sys.stdin)
