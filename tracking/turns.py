"""So many of something in a stretch of time, counted exactly and for all processes together.

Each turn is a slot that `add` gives to one caller alone. A number counted up by `incr` would not do: where the cache is
a table, two that count at once count one, and each count keeps the number for five minutes only.
"""

from __future__ import annotations

from datetime import datetime

from django.core.cache import cache


def take_turn(what: str, *, most: int, seconds: int, at: datetime) -> bool:
    """False when this stretch's turns are all taken. Stretches begin at whole multiples of `seconds` in UTC."""
    stretch = int(at.timestamp()) // seconds
    slots = [f"turn:{what}:{stretch}:{number}" for number in range(most)]
    taken = cache.get_many(slots)
    return any(cache.add(slot, True, timeout=seconds) for slot in slots if slot not in taken)
