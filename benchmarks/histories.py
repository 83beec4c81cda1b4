"""History documents to time things with."""

from __future__ import annotations

import uuid
from datetime import UTC, datetime, timedelta
from typing import Any

START = datetime(2026, 3, 1, 19, tzinfo=UTC)


def ten_checks(number: int) -> dict[str, Any]:  # Any: JSON
    """A lump with ten weekly checks, each with sizes and six answers."""
    return {
        "format": "lumptracker.history/1",
        "at": (START + timedelta(weeks=10)).isoformat(),
        "person": {
            "id": _id(number, "person"),
            "birth_date": "1970",
            "region": "GB",
            "background": {"diabetes": False},
        },
        "lump": {
            "id": _id(number, "lump"),
            "site": "lower_back",
            "side": "left",
            "first_noticed_on": START.date().isoformat(),
            "first_noticed_certainty": "exact",
            "background": {"kind": "under_skin", "cause": "none"},
        },
        "observations": [_check(number, week) for week in range(10)],
        "care": [],
    }


def _check(number: int, week: int) -> dict[str, Any]:  # Any: JSON
    return {
        "id": _id(number, f"check {week}"),
        "observed_at": (START + timedelta(weeks=week)).isoformat(),
        "length_mm": 14 + (number + week) % 5,
        "width_mm": 11,
        "method": "ruler",
        "signs": {
            "fever": False,
            "back_pain": False,
            "saddle_numbness": False,
            "consistency": "soft",
            "mobility": "moves",
            "pain": week % 3,
        },
    }


def _id(number: int, part: str) -> str:
    return str(uuid.uuid5(uuid.NAMESPACE_URL, f"{number}/{part}"))
