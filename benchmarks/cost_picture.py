"""The figures of `benchmarks.cost` as a table in Markdown and as a picture: both axes by tens, a line for each cost."""

from __future__ import annotations

from collections.abc import Sequence
from math import ceil, floor, log10
from typing import Any

Row = dict[str, Any]  # Any: JSON
LABELS = {
    "sweep": "judge a lump that is due, of 200",
    "sync": "50 checks in one sync",
    "history": "a history of 100 checks and more",
    "page": "a page of 100 checks",
    "idle": "a pass that finds nothing",
}
COLOURS = ("#b3261e", "#1a5fb4", "#2a7a3b", "#8a5a00", "#6a3d9a")
WIDTH, HEIGHT, LEFT, RIGHT, TOP, BOTTOM = 760, 360, 60, 250, 20, 50  # pixels


def table(rows: Sequence[Row]) -> str:
    """Milliseconds of processor time and, in brackets, queries."""
    head = "| | " + " | ".join(f"{row['lumps']:,} lumps" for row in rows) + " |"
    lines = [head, "|---" * (len(rows) + 1) + "|"]
    for what, label in LABELS.items():
        cells = " | ".join(f"{row[what]['milliseconds']:.1f} ms ({row[what]['queries']})" for row in rows)
        lines.append(f"| {label} | {cells} |")
    return "\n".join(lines)


def drawn(rows: Sequence[Row]) -> str:
    """An SVG that needs no script and no font of its own."""
    costs = [row[what]["milliseconds"] for row in rows for what in LABELS]
    low, high = floor(log10(min(costs))), ceil(log10(max(costs)))
    first, last = log10(rows[0]["lumps"]), max(log10(rows[-1]["lumps"]), log10(rows[0]["lumps"]) + 1)

    def x(lumps: float) -> float:
        return LEFT + (log10(lumps) - first) / (last - first) * (WIDTH - LEFT - RIGHT)

    def y(milliseconds: float) -> float:
        return TOP + (high - log10(milliseconds)) / (high - low) * (HEIGHT - TOP - BOTTOM)

    parts = [_line(LEFT, y(10**step), WIDTH - RIGHT, y(10**step), "#ccc") for step in range(low, high + 1)]
    parts += [_text(LEFT - 8, y(10**step) + 4, f"{10**step:g} ms", "end") for step in range(low, high + 1)]
    parts += [_text(x(row["lumps"]), HEIGHT - BOTTOM + 20, f"{row['lumps']:,}", "middle") for row in rows]
    parts.append(_text((LEFT + WIDTH - RIGHT) / 2, HEIGHT - 8, "lumps stored, ten checks each", "middle"))
    for (what, label), colour in zip(LABELS.items(), COLOURS, strict=True):
        points = [(x(row["lumps"]), y(row[what]["milliseconds"])) for row in rows]
        path = " ".join(f"{one:.1f},{other:.1f}" for one, other in points)
        parts.append(f'<polyline points="{path}" fill="none" stroke="{colour}" stroke-width="2"/>')
        parts.append(_text(points[-1][0] + 8, points[-1][1] + 4, label, "start", colour))
    body = "\n".join(parts)
    style = 'font-family="sans-serif" font-size="13"'
    paper = f'<rect width="{WIDTH}" height="{HEIGHT}" fill="#fff"/>'
    box = f'viewBox="0 0 {WIDTH} {HEIGHT}" role="img" aria-label="Cost of each task by what is stored"'
    return f'<svg xmlns="http://www.w3.org/2000/svg" {box} {style}>\n{paper}\n{body}\n</svg>\n'


def _line(left: float, top: float, right: float, bottom: float, colour: str) -> str:
    return f'<line x1="{left}" y1="{top:.1f}" x2="{right}" y2="{bottom:.1f}" stroke="{colour}"/>'


def _text(left: float, top: float, words: str, anchor: str, colour: str = "#222") -> str:
    return f'<text x="{left:.1f}" y="{top:.1f}" text-anchor="{anchor}" fill="{colour}">{words}</text>'
