"""Ten unknown codes an hour from one address, then a pause: a spoken code is short, so it must not be searched for."""

from __future__ import annotations

from datetime import datetime

from django.conf import settings
from django.core.cache import cache
from django.utils.crypto import salted_hmac

MOST_GUESSES = 10
PAUSE_SECONDS = 3600


def seconds_to_wait(address: str, *, at: datetime) -> int:
    """0, or how long until this address may try a code again."""
    if not settings.RATE_LIMITS_ON:
        return 0
    taken = cache.get_many(_slots(address))
    if len(taken) < MOST_GUESSES:
        return 0
    first: int = min(taken.values())
    return max(1, first + PAUSE_SECONDS - int(at.timestamp()))


def count_guess(address: str, *, at: datetime) -> bool:
    """Remember an unknown code; False when the hour's ten were used up meanwhile.

    Each guess takes a slot by `add`, which only one caller can win, so that parallel guesses are all counted.
    """
    if not settings.RATE_LIMITS_ON:
        return True
    return any(cache.add(slot, int(at.timestamp()), PAUSE_SECONDS) for slot in _slots(address))


def _slots(address: str) -> list[str]:
    """The address itself is not stored."""
    keyed = salted_hmac("lumptracker.clinic.guesses", address, algorithm="sha256").hexdigest()[:32]
    return [f"code-guess:{keyed}:{slot}" for slot in range(MOST_GUESSES)]
