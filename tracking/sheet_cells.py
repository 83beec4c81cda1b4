"""What one cell of a spreadsheet means: a day, a time, a length, a number, one of the catalogue's words. Plain Python.

An empty cell is None; what cannot be read is `Unreadable`.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping
from datetime import date, time
from functools import cache
from typing import Literal

from tracking import catalogue
from tracking.days import EARLIEST_YEAR, LATEST_YEAR
from tracking.texts import languages, speaking

Order = Literal["day_first", "month_first"]
MM_PER_UNIT = {"mm": 1.0, "cm": 10.0, "in": 25.4}
_ISO = re.compile(r"(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})", re.ASCII)
_OTHER = re.compile(r"(\d{1,2})([-/.])\s?(\d{1,2})[-/.]\s?(\d{4}|\d{2})", re.ASCII)
_TIME = re.compile(r"(\d{1,2})[:.h](\d{2})(?::\d{2})?\s*(am|pm|a\.m\.|p\.m\.)?", re.ASCII | re.IGNORECASE)
_SIZE = re.compile(r"(\d+(?:[.,]\d+)?)\s*(mm|cm|in|\")?", re.ASCII | re.IGNORECASE)


class Unreadable(Exception):
    """One cell cannot be read; says which column and why."""

    def __init__(self, column: str, key: str, **values: object) -> None:
        super().__init__(key)
        self.column, self.key, self.values = column, key, values


def plain_order(dates: Iterable[str]) -> Order | None:
    """Which of day and month stands first, where the sheet itself shows it or nothing hangs on it."""
    matches = [match for text in dates if (match := _OTHER.fullmatch(text))]
    first, second = (any(int(match[group]) > 12 for match in matches) for group in (1, 3))
    if first != second:
        return "day_first" if first else "month_first"
    if not matches or (not first and all(match[2] == "." for match in matches)):
        return "day_first"  # with dots, nobody writes the month first
    return None


def example_day(dates: Iterable[str]) -> str:
    """A day of which day and month could be taken for each other."""
    return next((text for text in dates if _OTHER.fullmatch(text)), "")


def read_day(text: str, *, order: Order) -> date:
    if not text:
        raise Unreadable("date", "needed")
    if match := _ISO.match(text):
        year, month, day = (int(part) for part in match.groups())
    elif match := _OTHER.fullmatch(text):
        first, second, year = int(match[1]), int(match[3]), int(match[4])
        day, month = (first, second) if order == "day_first" else (second, first)
        year += 0 if year > 99 else 2000
    else:
        raise Unreadable("date", "not_a_day", text=text[:40])
    try:
        found = date(year, month, day)
    except ValueError as error:
        raise Unreadable("date", "not_a_day", text=text[:40]) from error
    if not EARLIEST_YEAR <= found.year <= LATEST_YEAR:
        raise Unreadable("date", "not_a_day", text=text[:40])
    return found


def read_time(text: str) -> time | None:
    if not text:
        return None
    match = _TIME.fullmatch(text)
    hour, minute = (int(match[1]), int(match[2])) if match else (99, 0)
    half = (match[3] or "").lower().replace(".", "") if match else ""
    if half and 1 <= hour <= 12:
        hour = hour % 12 + (12 if half == "pm" else 0)
    if hour > 23 or minute > 59:
        raise Unreadable("time", "not_a_time", text=text[:40])
    return time(hour, minute)


def read_unit(text: str, *, default: str) -> str:
    word = text.lower().rstrip(".").replace('"', "in")
    word = {"": default, "inch": "in", "inches": "in", "pulgadas": "in", "pulgada": "in"}.get(word, word)
    if word not in MM_PER_UNIT:
        raise Unreadable("unit", "not_a_unit", text=text[:40])
    return word


def read_size(column: str, text: str, *, unit: str) -> float | None:
    if not text:
        return None
    match = _SIZE.fullmatch(text)
    if match is None:
        raise Unreadable(column, "not_a_size", text=text[:40])
    size_mm = round(float(match[1].replace(",", ".")) * MM_PER_UNIT[read_unit(match[2] or "", default=unit)], 1)
    limits = catalogue.SIZES[f"{column}_mm"]
    if not limits.min_mm <= size_mm <= limits.max_mm:
        raise Unreadable(column, "size_out_of_range", low=f"{limits.min_mm:g}", high=f"{limits.max_mm:g}")
    return size_mm


def read_pain(text: str) -> int | None:
    if not text:
        return None
    head = text.partition("/")[0].strip()
    if not head.isdecimal() or not 0 <= int(head) <= 10:
        raise Unreadable("pain", "not_a_pain", text=text[:40])
    return int(head)


def read_word(column: str, text: str) -> str | None:
    """One of the catalogue's words, by its name or its label in a language of ours."""
    if not text:
        return None
    known = _words(column)
    if (name := known.get(folded(text))) is not None:
        return name
    meant = catalogue.nearest(folded(text), known)
    if meant is not None:
        raise Unreadable(column, "not_a_word_meant", text=text[:40], meant=meant)
    raise Unreadable(column, "not_a_word", text=text[:40])


@cache
def _words(column: str) -> dict[str, str]:
    """Whatever a word of this column may be called → its name."""
    known: Mapping[str, object] = {"site": catalogue.SITES, "side": catalogue.SIDES, "method": catalogue.METHODS}[
        column
    ]
    words: dict[str, str] = {}
    for language in languages():
        with speaking(language):
            words |= {folded(_label(one)): name for name, one in known.items()}
    return {**words, **{folded(name): name for name in known}}


def _label(one: object) -> str:
    return one if isinstance(one, str) else str(getattr(one, "label", ""))


def is_bare_size(text: str) -> bool:
    """Whether it is a length of which the cell does not say in which unit."""
    match = _SIZE.fullmatch(text)
    return match is not None and not match[2]


def folded(text: str) -> str:
    plain = unicodedata.normalize("NFKD", text.strip().lower().replace("_", " ").replace("-", " "))
    return "".join(one for one in plain if not unicodedata.combining(one))
