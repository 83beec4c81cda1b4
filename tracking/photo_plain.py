"""Whether a JPEG holds nothing but a picture, by its structure alone; no decoder is involved. Plain Python.

Only such a file may be kept as it came: what an export holds then comes back from an import byte for byte. What counts
is the plain form that phones and this server write: one scan in order, each table used and well formed, no metadata, no
thumbnail, no comment, no fill, and the end of the picture at the end of the file. Anything else is encoded anew, which
is no loss but of a little sharpness. That the scan holds no more than the picture needs, the child finds out.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator

_SOI, _EOI, _SOS, _DQT, _DHT = 0xD8, 0xD9, 0xDA, 0xDB, 0xC4
_FRAMES = {0xC0, 0xC1}  # baseline, and the same with more tables
_JFIF = 0xE0
_SAMPLINGS = range(1, 5)
_MOST_SIZE_BITS = {0: 11, 1: 10}  # of a difference and of a coefficient, at eight bits a sample


def is_plain_jpeg(data: bytes, *, longest_px: int) -> bool:
    """True for a picture and nothing else, its long side at most `longest_px`."""
    try:
        return _Reading(longest_px).everything(data)
    except (IndexError, struct.error, ValueError):
        return False


class _Reading:
    """The tables that were given, to be compared with those that are used."""

    def __init__(self, longest_px: int) -> None:
        self._longest_px = longest_px
        self._quantisers: set[int] = set()
        self._codes: set[int] = set()  # class and number: 0x10 is the first for coefficients
        self._components: dict[int, int] = {}  # its name → its quantiser

    def everything(self, data: bytes) -> bool:
        if not (data.startswith(b"\xff\xd8\xff") and data.endswith(b"\xff\xd9")):
            return False
        for marker, body, after in _segments(data):
            if marker == _SOS:
                return self._is_scan(body) and _is_one_scan(data[after:-2])
            if not self._is_known(marker, body):
                return False
        return False

    def _is_known(self, marker: int, body: bytes) -> bool:
        if marker == _JFIF:
            is_first = not (self._quantisers or self._codes or self._components)
            return is_first and len(body) == 14 and body.startswith(b"JFIF\0\x01") and body[12:] == b"\0\0"
        if marker == _DQT:
            return self._takes_quantisers(body)
        if marker == _DHT:
            return self._takes_codes(body)
        return marker in _FRAMES and self._takes_frame(body)

    def _takes_quantisers(self, body: bytes) -> bool:
        """One byte that names it (eight bits a value), then 64 values."""
        starts = range(0, len(body), 65)
        names = [body[start] for start in starts]
        is_new = not self._quantisers & set(names) and len(set(names)) == len(names)
        self._quantisers |= set(names)
        return len(body) % 65 == 0 and bool(names) and is_new and all(name < 4 for name in names)

    def _takes_codes(self, body: bytes) -> bool:
        """One byte that names it, sixteen counts, then as many symbols, each a symbol of a picture and there once."""
        at = 0
        while at < len(body):
            name, counts = body[at], body[at + 1 : at + 17]
            symbols = body[at + 17 : at + 17 + sum(counts)]
            if len(counts) < 16 or len(symbols) < sum(counts) or not symbols or len(set(symbols)) < len(symbols):
                return False
            kind = name >> 4
            if kind > 1 or name & 15 > 3 or name in self._codes:
                return False
            if any(symbol & 15 > _MOST_SIZE_BITS[kind] or (kind == 0 and symbol > 15) for symbol in symbols):
                return False
            self._codes.add(name)
            at += 17 + len(symbols)
        return bool(body)

    def _takes_frame(self, body: bytes) -> bool:
        if self._components:
            return False
        depth, height, width, count = struct.unpack_from(">BHHB", body)
        parts = [body[start : start + 3] for start in range(6, len(body), 3)]
        is_sized = 0 < width <= self._longest_px and 0 < height <= self._longest_px
        if depth != 8 or not is_sized or count not in (1, 3) or len(body) != 6 + 3 * count:
            return False
        self._components = {part[0]: part[2] for part in parts}
        is_sampled = all(part[1] >> 4 in _SAMPLINGS and part[1] & 15 in _SAMPLINGS for part in parts)
        return len(self._components) == count and is_sampled

    def _is_scan(self, body: bytes) -> bool:
        """All components at once, over the whole range; and every table that was given is used."""
        count = body[0]
        if count != len(self._components) or len(body) != 4 + 2 * count or body[-3:] != b"\0\x3f\0":
            return False
        names = [body[1 + 2 * number] for number in range(count)]
        chosen = [body[2 + 2 * number] for number in range(count)]
        codes = {table >> 4 for table in chosen} | {0x10 | (table & 15) for table in chosen}
        return (
            names == list(self._components)
            and codes == self._codes
            and set(self._components.values()) == self._quantisers
        )


def _segments(data: bytes) -> Iterator[tuple[int, bytes, int]]:
    """(marker, body, where what follows begins), up to and with the first scan's head."""
    at = 2
    while True:
        if data[at] != 0xFF or data[at + 1] in (0xFF, 0x00):
            raise ValueError("no marker where one must be")
        marker, length = data[at + 1], struct.unpack_from(">H", data, at + 2)[0]
        after = at + 2 + length
        if length < 2 or after > len(data):
            raise ValueError("a segment that is cut off")
        yield marker, data[at + 4 : after], after
        at = after


def _is_one_scan(coded: bytes) -> bool:
    """Nothing in it but coded picture: each 0xFF is stuffed, so no marker interrupts it."""
    return bool(coded) and coded.count(b"\xff") == coded.count(b"\xff\x00") and not coded.endswith(b"\xff")
