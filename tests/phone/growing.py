"""Invented lumps with a known truth, measured as people do, for growth on the server and on the phone.

Irregular days, the error and the rounding of each method, gross slips and slips of the unit, repeats at one sitting,
changes of method, a change of pace after a long stable spell, growth that stops.
"""

from __future__ import annotations

import math
import random
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

Document = dict[str, Any]  # Any: JSON

ERRORS = {
    "photo": (0.07, 0.5),
    "ruler": (0.12, 1.0),
    "comparison": (0.22, 5.0),
    "caliper": (0.1, 1.0),
    None: (0.2, 1.0),
}
DOUBLING_DAYS = (6, None, None, -30, -90, 1500, 300, 90, 45, 21)  # of the volume; negative halves
SLIPS = (1.6, 0.6, 10, 0.1, 2.54)
START = datetime(2025, 1, 6, 19, tzinfo=UTC)


def a_measured_lump(seed: int) -> tuple[Document, datetime]:
    """A document and a moment soon after its last check."""
    draw = random.Random(f"a measured lump {seed}")
    doubling, onset = draw.choice(DOUBLING_DAYS), draw.choice((0, 0, 60, 200))
    method, size, stops = draw.choice(list(ERRORS)), draw.uniform(6, 60), draw.choice((math.inf, math.inf, 45.0, 120.0))
    checks: list[Document] = []
    day = 0.0
    for _ in range(draw.choice((2, 3, 4, 6, 10, 20, 40, 110))):
        true = size * math.exp(math.log(2) / (3 * doubling) * max(0.0, min(day, stops) - onset)) if doubling else size
        if draw.random() < 0.05:
            method = draw.choice(list(ERRORS))
        checks.append(_check(draw, true, method, START + timedelta(days=day)))
        day += 0.01 if draw.random() < 0.05 else max(0.5, draw.gauss(7, 2) * draw.choice((1, 1, 1, 2, 6)))
    at = datetime.fromisoformat(checks[-1]["observed_at"]) + timedelta(minutes=draw.choice((1, 5000)))
    care = []
    if draw.random() < 0.1:
        on = (START + timedelta(days=draw.uniform(0, day))).date().isoformat()
        care = [{"id": str(UUID(int=draw.getrandbits(128))), "on": on, "kind": draw.choice(("treated", "removed"))}]
    person = {"birth_date": draw.choice(("1970", "2015", None)), "region": "GB", "time_zone": "Europe/London"}
    lump = {"id": str(UUID(int=draw.getrandbits(128))), "site": "forearm", "background": {"kind": "under_skin"}}
    return {"person": person, "lump": lump, "observations": checks, "care": care}, at


def a_lump_much_changed(seed: int) -> tuple[Document, datetime]:
    """Measured so long, or so exactly, that its readings tell more than an exponential can hold."""
    draw = random.Random(f"a lump much changed {seed}")
    weeks, size = draw.randint(30, 80), draw.uniform(6, 300)
    rates, turn = (
        draw.choice(((-0.009, -0.009), (-0.006, 0.008), (0.008, 0.008), (0.009, -0.005))),
        draw.uniform(0, 500),
    )
    exact = {"uncertainty_mm": 0.2} if draw.random() < 0.4 else {}
    checks: list[Document] = []
    for week in range(weeks):
        day = 7.0 * week
        true = size * math.exp(rates[0] * min(day, turn) + rates[1] * max(0.0, day - turn))
        at = START + timedelta(days=day)
        checks.append(_check(draw, true, draw.choice(("photo", "photo", "ruler")), at) | exact)
    lump = {"id": str(UUID(int=draw.getrandbits(128))), "site": "forearm", "background": {"kind": "under_skin"}}
    person = {"birth_date": "1970", "region": "GB", "time_zone": "Europe/London"}
    return {"person": person, "lump": lump, "observations": checks, "care": []}, at + timedelta(minutes=5)


def a_lump_read_several_ways_at_once(seed: int) -> tuple[Document, datetime]:
    """Few moments, at each of which it was measured in more than one way: no time passes between such readings."""
    draw = random.Random(f"a lump read several ways at once {seed}")
    moments = sorted(draw.uniform(0, 30) for _ in range(draw.choice((2, 2, 3))))
    size, checks = draw.uniform(6, 60), []
    for day in moments:
        for method in draw.choices(list(ERRORS), k=draw.choice((1, 2, 3, 4))):
            checks.append(_check(draw, size * draw.choice((0.3, 1, 1, 3)), method, START + timedelta(days=day)))
    lump = {"id": str(UUID(int=draw.getrandbits(128))), "site": "forearm", "background": {"kind": "under_skin"}}
    person = {"birth_date": "1970", "region": "GB", "time_zone": "Europe/London"}
    at = START + timedelta(days=31)
    return {"person": person, "lump": lump, "observations": checks, "care": []}, at


def _check(draw: random.Random, true_mm: float, method: str | None, at: datetime) -> Document:
    error, step = ERRORS[method]
    slip = draw.choice(SLIPS) if draw.random() < 0.03 else 1.0

    def reading() -> float:
        measured = min(max(true_mm, 0.5), 300.0) * slip * math.exp(draw.gauss(0, error))
        return min(500.0, max(step, round(measured / step) * step))

    check: Document = {
        "id": str(UUID(int=draw.getrandbits(128))),
        "observed_at": at.replace(microsecond=0).isoformat(),
        "method": method,
    }
    if draw.random() < 0.2:
        return check | {"readings_mm": [reading() for _ in range(draw.choice((2, 3, 3, 6)))]}
    if draw.random() < 0.05:
        check["uncertainty_mm"] = 1.5
    return check | {"length_mm": reading()}
