"""Invented histories that use everything a history can hold: every field, odd zones, clocks, ages, care and closing.

Drawn from a seeded generator, so that the same thousand stand before the server and the phone at each run.
"""

from __future__ import annotations

import random
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from tracking import catalogue
from tracking.fields import Field

Document = dict[str, Any]  # Any: JSON

# Clocks that change at midnight, by half an hour, in the south, on another day than elsewhere, or never
ZONES = (
    *(None, "UTC", "Europe/London", "Europe/Berlin", "America/New_York", "America/Sao_Paulo", "America/Santiago"),
    *("America/Havana", "America/St_Johns", "Africa/Cairo", "Asia/Beirut", "Asia/Tehran"),
    *("Asia/Kathmandu", "Australia/Lord_Howe", "Antarctica/Troll", "Pacific/Auckland", "Pacific/Chatham"),
    *("Pacific/Kiritimati", "Pacific/Pago_Pago", "Etc/GMT+12", "Pacific/Apia", "Atlantic/Azores", "US/Pacific"),
)
REGIONS = (None, "GB", "US", "DE", "GB-SCT", "US-CA")
START = datetime(
    2022, 10, 1, tzinfo=UTC
)  # past: what clocks do ahead is announced late, and not known alike everywhere
TRENDS = ("bigger", "same", "smaller", "gone", "varies", "unsure")


def a_history(seed: int) -> tuple[Document, datetime]:
    """A document and the moment it is judged at, to the millisecond as a phone has it."""
    draw = random.Random(f"a history {seed}")
    at = START + timedelta(milliseconds=draw.randrange(400 * 86_400_000))
    if draw.random() < 0.3:  # on the stroke of an hour, where days begin
        at = at.replace(minute=0, second=0, microsecond=0)
    zone = draw.choice(ZONES)
    checks = [_check(draw, at, number) for number in range(draw.choice((0, 1, 1, 2, 3, 5, 8)))]
    care = [_care(draw, at, number) for number in range(draw.choice((0, 0, 0, 1, 2, 3)))]
    draw.shuffle(checks)
    person = {
        "birth_date": _birth(draw, at),
        "sex": draw.choice((None, *catalogue.SEXES)),
        "region": draw.choice(REGIONS),
        "time_zone": zone,
        "background": _answers(draw, catalogue.FIELDS["person.background"], at),
    }
    return {"person": person, "lump": _lump(draw, at), "observations": checks, "care": care}, at


def _lump(draw: random.Random, at: datetime) -> Document:
    lump: Document = {
        "id": str(UUID(int=draw.getrandbits(128))),
        "site": draw.choice(list(catalogue.SITES)),
        "side": draw.choice((None, *catalogue.SIDES)),
        "first_noticed_on": _day(draw, at, most=draw.choice((3, 20, 60, 400))),
        "first_noticed_certainty": draw.choice((None, *catalogue.CERTAINTIES)),
        "background": _answers(draw, catalogue.FIELDS["lump.background"], at),
    }
    if draw.random() < 0.2:
        closed_on = _shifted(at, days=draw.randint(-60, 5))
        lump["closed_on"] = max(closed_on, lump["first_noticed_on"] or closed_on)
        lump["closed_reason"] = draw.choice(list(catalogue.CLOSED_REASONS))
    return lump


def _birth(draw: random.Random, at: datetime) -> str | None:
    """Half of them near one of the ages at which something changes."""
    years = draw.choice((0, 0.25, 0.5, 1, 2, 5, 16, 18, 25, 30, 40, 50, 55, 60)) if draw.random() < 0.5 else None
    days = round((draw.random() ** 2 * 95 if years is None else years) * 365.2425) + draw.randint(2, 60)
    text = (at - timedelta(days=days)).date().isoformat()
    return draw.choice((None, text[:4], text[:7], text, text))


def _check(draw: random.Random, at: datetime, number: int) -> Document:
    observed_at = at - timedelta(seconds=draw.choice((3600, 86_400, 8 * 86_400, 90 * 86_400)) * draw.random())
    if draw.random() < 0.1:  # a clock that runs ahead, or an entry for later
        observed_at = at + timedelta(hours=draw.choice((1, 30, 60)) * draw.random())
    check: Document = {
        "id": str(UUID(int=draw.getrandbits(128))),
        "observed_at": _text(draw, observed_at),
        "signs": _answers(draw, catalogue.FIELDS["observation.signs"], at),
    }
    if draw.random() < 0.3:
        check["received_at"] = _text(draw, at - timedelta(seconds=draw.randint(-90_000, 200_000)))
    if draw.random() < 0.3:
        check["signs"]["trend"] = draw.choice(TRENDS)
    return check | _sizes(draw)


def _sizes(draw: random.Random) -> Document:
    sizes: Document = {"method": draw.choice((None, *catalogue.METHODS))}
    if draw.random() < 0.5:
        sizes["length_mm"] = round(draw.uniform(0.5, 90), draw.choice((0, 1)))
    elif draw.random() < 0.5:
        middle = draw.uniform(3, 60)
        count = draw.choice((1, 2, 3, 4, 7))
        sizes["readings_mm"] = [round(middle * draw.uniform(0.8, 1.2), 1) for _ in range(count)]
    if draw.random() < 0.3:
        sizes |= {"width_mm": round(draw.uniform(0.5, 60), 1), "height_mm": round(draw.uniform(0, 30), 1)}
    if draw.random() < 0.1:
        sizes["uncertainty_mm"] = round(draw.uniform(0.1, 6), 2)
    return sizes


def _care(draw: random.Random, at: datetime, number: int) -> Document:
    on = at + timedelta(days=draw.randint(-120, 3))
    care: Document = {
        "id": str(UUID(int=draw.getrandbits(128))),
        "on": on.date().isoformat(),
        "kind": draw.choice(list(catalogue.CARE_KINDS)),
        "by": draw.choice((None, *catalogue.CARE_AUTHORS)),
        "confirmed": draw.choice((None, True, False)),
    }
    if draw.random() < 0.4:
        care["review_on"] = (on + timedelta(days=draw.randint(0, 90))).date().isoformat()
    return care


def _answers(draw: random.Random, fields: Any, at: datetime) -> Document:  # Any: the catalogue's own mapping
    """Some are asked nothing, some everything; flags lean to no, so that not every history is an emergency."""
    share, yes = draw.choice((0, 0.05, 0.2, 0.9)), draw.choice((0.02, 0.1, 0.5))
    return {
        name: _answer(draw, field, at, yes=yes)
        for name, field in fields.items()
        if draw.random() < share or name in ("cause", "kind")
    }


def _answer(draw: random.Random, field: Field, at: datetime, *, yes: float) -> Any:  # Any: an answer or None, as JSON
    match field.kind:
        case "flag":
            return None if draw.random() < 0.05 else draw.random() < yes
        case "choice":
            return draw.choice((None, *field.choices))
        case "scale":
            return draw.randint(int(field.min or 0), int(field.max or 10))
        case "number":
            low, high = field.min or 0, min(field.max or 60, 60)
            edges = [edge for edge in (field.alarming_from, low) if edge is not None]
            return draw.choice((round(draw.uniform(low, high), draw.choice((0, 1, 3))), *edges))
        case "date":
            return _day(draw, at, most=50)
        case "text":
            return "some words"


def _day(draw: random.Random, at: datetime, *, most: int) -> str | None:
    """Past wherever the person lives, or not said."""
    return None if draw.random() < 0.2 else _shifted(at, days=-draw.randint(1, most))


def _shifted(at: datetime, *, days: int) -> str:
    return (at + timedelta(days=days)).date().isoformat()


def _text(draw: random.Random, moment: datetime) -> str:
    """One instant in one of the ways in which it may be written."""
    offset = timedelta(minutes=draw.choice((0, 60, 345, -210, 765)))
    wall = (moment.replace(tzinfo=None) + offset).isoformat(timespec=draw.choice(("auto", "seconds", "milliseconds")))
    if not offset:
        return wall + draw.choice(("Z", "+00:00"))
    sign, minutes = ("-" if offset < timedelta(0) else "+"), abs(offset) // timedelta(minutes=1)
    return f"{wall}{sign}{minutes // 60:02}:{minutes % 60:02}"
