"""The growth chart as one SVG: real millimetres from zero, error bars, advice and care on the time axis.

Only presentation attributes, so that a strict content security policy draws it, and shapes as well as colour, so that
it reads in black and white. Advice is a filled triangle, care an open square, a photo a small dot under the axis.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from html import escape

from lumptracker.clinic.words import day_text, mm_text

INK, SOFT, GRID, ACCENT = "#111", "#555", "#ddd", "#a11d2b"
LEFT, RIGHT, TOP, BOTTOM = 34, 12, 44, 36  # px around the plot: mm labels, air, marks, days
_STEPS = (1, 2, 5, 10, 20, 25, 50, 100, 200, 500)
_DAY = timedelta(days=1)
LABEL_PX = 24  # the width that a number wants for itself
HALF_DAY_PX = 14  # half of a day's words under the axis
FLAG_PX = 5  # half of a flag: two that say the same and lie nearer than that look like one
MOST_CAPS = 100  # error bars with a cap at each end: more would run into one black band


@dataclass(frozen=True, slots=True)
class Dot:
    """A measured size and the ends of its bar, in mm."""

    at: datetime
    mm: float
    low_mm: float
    high_mm: float


@dataclass(frozen=True, slots=True)
class Mark:
    """Something that happened on a day: `kind` is advice or care."""

    at: datetime
    kind: str
    text: str


@dataclass(frozen=True, slots=True)
class Fit:
    """Level at `start_mm` until `since`, then exponential to `now_mm` at the last dot."""

    since: datetime
    start_mm: float
    now_mm: float


@dataclass(frozen=True, slots=True)
class Drawing:
    """What the chart shows. `label` is read out instead of the picture."""

    dots: Sequence[Dot]
    until: datetime
    label: str
    marks: Sequence[Mark] = ()
    photos: Sequence[datetime] = ()
    fit: Fit | None = None
    width: int = 720
    height: int = 250
    font: str = "system-ui, sans-serif"


@dataclass(frozen=True, slots=True)
class _Plane:
    """Times and millimetres to pixels."""

    start: datetime
    end: datetime
    top_mm: float
    width: int
    height: int
    step_mm: float = field(default=5)

    def x(self, at: datetime) -> float:
        share = (at - self.start) / (self.end - self.start)
        return round(LEFT + 8 + share * (self.width - LEFT - RIGHT - 16), 1)

    def y(self, mm: float) -> float:
        return round(self.floor - mm / self.top_mm * (self.floor - TOP), 1)

    @property
    def floor(self) -> float:
        return self.height - BOTTOM


def draw_chart(drawing: Drawing) -> str:
    """The chart as an SVG element, sized by its viewBox. Empty text where nothing was measured."""
    if not drawing.dots:
        return ""
    plane = _plane(drawing)
    parts = [
        *_grid(plane),
        *_fit(drawing, plane),
        *_marks(drawing.marks, plane),
        *_dots(drawing.dots, plane),
        *(_photo(plane.x(at), plane) for at in drawing.photos if plane.start <= at <= plane.end),
    ]
    head = (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {drawing.width} {drawing.height}" role="img"'
        f' aria-label="{escape(drawing.label)}" font-family="{escape(drawing.font)}" font-size="12" fill="{INK}">'
    )
    return "".join((head, *parts, "</svg>"))


def _plane(drawing: Drawing) -> _Plane:
    start = min(dot.at for dot in drawing.dots)
    end = max(drawing.until, max(dot.at for dot in drawing.dots))
    start = min(start, end - 6 * _DAY)  # one evening's readings would otherwise be stretched over the whole width
    highest = max(dot.high_mm for dot in drawing.dots)
    step = next((step for step in _STEPS if highest * 1.06 / step <= 5), 1000)
    return _Plane(start, end, step * math.ceil(highest * 1.06 / step), drawing.width, drawing.height, step)


def _grid(plane: _Plane) -> list[str]:
    right, parts = plane.width - RIGHT, []
    has_year = (plane.end - plane.start).days > 330
    for count in range(round(plane.top_mm / plane.step_mm) + 1):
        mm = count * plane.step_mm
        y = plane.y(mm)
        parts.append(f'<line x1="{LEFT}" x2="{right}" y1="{y}" y2="{y}" stroke="{INK if mm == 0 else GRID}"/>')
        parts.append(f'<text x="{LEFT - 6}" y="{y + 4}" text-anchor="end" fill="{SOFT}">{mm_text(mm)}</text>')
    parts.append(f'<text x="{LEFT - 6}" y="{TOP - 10}" text-anchor="end" fill="{SOFT}">mm</text>')
    for day in _ticks(plane):
        x = plane.x(day)
        is_at_edge = x > right - HALF_DAY_PX
        if is_at_edge and has_year:
            continue  # its words would run into those before it
        parts.append(f'<line x1="{x}" x2="{x}" y1="{plane.floor}" y2="{plane.floor + 4}" stroke="{INK}"/>')
        text, under = day_text(day.date(), year=has_year), "end" if is_at_edge else "middle"
        at = right if is_at_edge else x
        parts.append(f'<text x="{at}" y="{plane.floor + 17}" text-anchor="{under}" fill="{SOFT}">{text}</text>')
    return parts


def _ticks(plane: _Plane) -> list[datetime]:
    """Five to eight days on the axis, whole weeks apart where the record is long enough."""
    days = max(1, (plane.end - plane.start).days)
    gaps = (1, 2, 7, 14, 28, 56, 91, 182, 364, 728)
    gap = next((gap for gap in gaps if days / gap <= plane.width / 88), 1820)
    first = plane.start.replace(hour=12, minute=0, second=0, microsecond=0)
    if first < plane.start:
        first = plane.start
    whole = (plane.end.date() - first.date()).days  # the last day counts, however early it was measured
    return [min(first + gap * count * _DAY, plane.end) for count in range(whole // gap + 1)]


def _dots(dots: Sequence[Dot], plane: _Plane) -> list[str]:
    """All error bars are one path and all dots another: a record of years stays a small page."""
    across = [plane.x(dot.at) for dot in dots]
    named = _named(across)
    has_caps = len(dots) <= MOST_CAPS
    bars = "".join(_bar(x, dot, plane, has_caps=has_caps) for x, dot in zip(across, dots, strict=True))
    points = "".join(f"M{x} {plane.y(dot.mm)}h.01" for x, dot in zip(across, dots, strict=True))
    return [
        f'<path class="bars" d="{bars}" stroke="{INK}" fill="none"/>',
        f'<path class="dots" d="{points}" stroke="{INK}" stroke-width="8" stroke-linecap="round"/>',
        *(_number(dots[index], plane) for index in sorted(named)),
    ]


def _named(across: Sequence[float]) -> set[int]:
    """The dots that carry their number: the last, the first, and those between that leave room. Oldest first."""
    last = len(across) - 1
    named, free_until = {last}, across[last] - LABEL_PX
    for index in (0, *range(1, last)) if len(across) <= 8 else (0,):
        x = across[index]
        before = max((across[one] for one in named if one != last), default=-LABEL_PX)
        if x <= free_until and x - before >= LABEL_PX:
            named.add(index)
    return named


def _bar(x: float, dot: Dot, plane: _Plane, *, has_caps: bool) -> str:
    high, low = plane.y(dot.high_mm), plane.y(dot.low_mm)
    return f"M{x} {high}V{low}m-4 0h8" + f"M{round(x - 4, 1)} {high}h8" if has_caps else f"M{x} {high}V{low}"


def _number(dot: Dot, plane: _Plane) -> str:
    x, high = plane.x(dot.at), plane.y(dot.high_mm)
    return (
        f'<text x="{x}" y="{high - 5}" text-anchor="middle" font-weight="600" stroke="#fff" stroke-width="4"'
        f' paint-order="stroke">{mm_text(dot.mm)}</text>'
    )


def _fit(drawing: Drawing, plane: _Plane) -> list[str]:
    fit = drawing.fit
    last = max(dot.at for dot in drawing.dots)
    if fit is None or fit.since >= last or min(fit.start_mm, fit.now_mm) <= 0:
        return []
    since = max(fit.since, plane.start)
    points = [(plane.x(plane.start), plane.y(fit.start_mm))] if since > plane.start else []
    for count in range(25):
        share = count / 24
        mm = fit.start_mm * (fit.now_mm / fit.start_mm) ** share
        points.append((plane.x(since + share * (last - since)), plane.y(mm)))
    path = " ".join(f"{x:.1f},{y:.1f}" for x, y in points)
    return [f'<polyline points="{path}" fill="none" stroke="{SOFT}" stroke-width="1.5" stroke-dasharray="5 4"/>']


def _marks(marks: Sequence[Mark], plane: _Plane) -> list[str]:
    """Advice on the upper lane, care on the lower one; all lines first, so that none runs through a word."""
    lines: list[str] = []
    flags: list[str] = []
    for kind in ("advice", "care"):
        lane = [(plane.x(mark.at), mark) for mark in sorted(marks, key=lambda one: one.at) if mark.kind == kind]
        lane = _apart([(x, mark) for x, mark in lane if LEFT <= x <= plane.width - 4])
        lines += [_mark_line(x, kind, plane) for x, _ in lane]
        flags += _lane(lane, kind, plane)
    return lines + flags


def _apart(lane: Sequence[tuple[float, Mark]]) -> list[tuple[float, Mark]]:
    """Each flag once: what was said twice at the same moment would stand there twice, left and right of it."""
    kept: list[tuple[float, Mark]] = []
    for x, mark in lane:
        if not any(x - other <= FLAG_PX and mark.text == said.text for other, said in kept[-2:]):
            kept.append((x, mark))
    return kept


def _lane(lane: list[tuple[float, Mark]], kind: str, plane: _Plane) -> list[str]:
    """Each flag with its word to the right, else to the left, else bare: never over another's word or the edge."""
    y, colour = (8, ACCENT) if kind == "advice" else (25, INK)
    parts: list[str] = []
    taken = 0.0
    for index, (x, mark) in enumerate(lane):
        width = 7.6 * len(mark.text)
        following = lane[index + 1][0] - 10 if index + 1 < len(lane) else plane.width
        parts.append(_mark_shape(x, y, kind))
        if x + 9 + width <= following:
            parts.append(_word(mark.text, x + 9, y, "start", colour))
            taken = x + 9 + width
        elif x - 9 - width > taken:
            parts.append(_word(mark.text, x - 9, y, "end", colour))
            taken = x + 5
        else:
            taken = x + 5
    return parts


def _mark_line(x: float, kind: str, plane: _Plane) -> str:
    top, colour, dashes = (13, ACCENT, ' stroke-dasharray="2 3"') if kind == "advice" else (30, INK, "")
    return f'<line x1="{x}" x2="{x}" y1="{top}" y2="{plane.floor}" stroke="{colour}" stroke-opacity=".5"{dashes}/>'


def _mark_shape(x: float, y: float, kind: str) -> str:
    if kind == "advice":
        return f'<path d="M{x - 5} {y - 4}h10l-5 9z" fill="{ACCENT}"/>'
    return f'<rect x="{x - 4}" y="{y - 4}" width="8" height="8" fill="#fff" stroke="{INK}" stroke-width="1.5"/>'


def _word(text: str, x: float, y: float, anchor: str, colour: str) -> str:
    return (
        f'<text x="{x:.1f}" y="{y + 4}" text-anchor="{anchor}" fill="{colour}" stroke="#fff" stroke-width="4"'
        f' paint-order="stroke">{escape(text)}</text>'
    )


def _photo(x: float, plane: _Plane) -> str:
    return f'<circle cx="{x}" cy="{plane.floor + 27}" r="3.2" fill="none" stroke="{INK}" stroke-width="1.4"/>'


def noon(day: date, like: datetime) -> datetime:
    """A day as a moment on the axis, in the zone of `like`."""
    return datetime(day.year, day.month, day.day, 12, tzinfo=like.tzinfo)
