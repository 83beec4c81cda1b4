"""How long a service asks to be left alone: `Retry-After`, in seconds or as a date, within reason."""

from __future__ import annotations

from datetime import timedelta
from email.utils import parsedate_to_datetime

import requests

LONGEST_WAIT = timedelta(hours=6)  # however long a service asks us to stay away


def wait_of(response: requests.Response) -> timedelta | None:
    """`None`: it does not say."""
    asked = response.headers.get("Retry-After", "")
    if asked.isascii() and asked.isdigit():  # "²" is a digit, too, and no number
        return min(timedelta(seconds=int(asked[:9])), LONGEST_WAIT)
    try:
        wait = parsedate_to_datetime(asked) - parsedate_to_datetime(response.headers.get("Date", ""))
    except (TypeError, ValueError):
        return None
    return min(max(wait, timedelta(0)), LONGEST_WAIT)
