"""Which letters the report can print: the fonts beside this file, and what stands in for a letter none of them has.

PDF/UA-1 demands that every letter is in an embedded font, so one emoji in a note would cost the whole report its
accessibility. The fonts' own tables are read (OpenType 1.9, `cmap`), so that no second list can fall behind.
"""

from __future__ import annotations

import struct
import unicodedata
from collections.abc import Iterator
from functools import cache
from pathlib import Path

FONTS = Path(__file__).parent / "fonts"
STAND_IN = "\ufffd"
_SCRIPTS = (
    "Arabic", "Armenian", "Bengali", "Devanagari", "Ethiopic", "Georgian", "Gujarati", "Gurmukhi", "Hebrew",
    "Kannada", "Khmer", "Lao", "Malayalam", "Myanmar", "Oriya", "Sinhala", "Tamil", "Telugu", "Thaana", "Thai",
    "KR", "Symbols2", "Math",
)  # fmt: skip
# Tried in this order for each letter; the last has the wide East Asian range.
FAMILIES = ("Noto Sans", *(f"Noto Sans {script}" for script in _SCRIPTS), "Droid Sans Fallback")
_DROPPED = {"Cf", "Cc", "Mn", "Cs"}  # joiners, selectors, controls: without their letter they are nothing


def printable(text: str) -> str:
    """The text with a stand-in for every letter that no font here has; line breaks stay."""
    return "".join(filter(None, map(_printable_letter, unicodedata.normalize("NFC", text))))


def _printable_letter(letter: str) -> str:
    if ord(letter) in covered() or letter == "\n":
        return letter
    return "" if unicodedata.category(letter) in _DROPPED else STAND_IN


@cache
def covered() -> frozenset[int]:
    """Every code point that one of the fonts has."""
    return frozenset(code for path in FONTS.glob("*.ttf") for code in _codes(path.read_bytes()))


def _codes(font: bytes) -> Iterator[int]:
    for table in _subtables(font):
        kind = struct.unpack_from(">H", font, table)[0]
        if kind == 4:
            yield from _codes_of_segments(font, table)
        elif kind == 12:
            (groups,) = struct.unpack_from(">I", font, table + 12)
            for number in range(groups):
                first, last = struct.unpack_from(">II", font, table + 16 + 12 * number)
                yield from range(first, last + 1)


def _subtables(font: bytes) -> Iterator[int]:
    """Where the Unicode tables of the `cmap` begin."""
    (tables,) = struct.unpack_from(">H", font, 4)
    for number in range(tables):
        tag, _, start, _ = struct.unpack_from(">4sIII", font, 12 + 16 * number)
        if tag != b"cmap":
            continue
        (count,) = struct.unpack_from(">H", font, start + 2)
        for one in range(count):
            platform, _, offset = struct.unpack_from(">HHI", font, start + 4 + 8 * one)
            if platform in (0, 3):
                yield start + offset


def _codes_of_segments(font: bytes, table: int) -> Iterator[int]:
    """Format 4: segments of the basic plane. A letter whose glyph number is 0 is not there."""
    segments = struct.unpack_from(">H", font, table + 6)[0] // 2
    ends, starts = table + 14, table + 16 + 2 * segments
    deltas, offsets = starts + 2 * segments, starts + 4 * segments
    for number in range(segments):
        first, last, delta, offset = (
            struct.unpack_from(">H", font, place + 2 * number)[0] for place in (starts, ends, deltas, offsets)
        )
        for code in range(first, min(last, 0xFFFE) + 1):
            glyph = code
            if offset:
                place = offsets + 2 * number + offset + 2 * (code - first)
                glyph = struct.unpack_from(">H", font, place)[0]
                if not glyph:
                    continue
            if (glyph + delta) & 0xFFFF:
                yield code
