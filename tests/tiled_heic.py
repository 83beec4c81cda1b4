"""A HEIC as an iPhone writes it: a grid of tiles, turned by a property. No encoder at hand writes one, so it is put
together here from tiles that were encoded one by one (ISO/IEC 14496-12 and 23008-12)."""

from __future__ import annotations

import struct

from PIL import Image

from tests.pictures import BLUE, GREEN, RED, YELLOW, encoded

TILE = 64
WIDTH, HEIGHT = 128, 100  # of the grid; its lower tiles are cut


def tiled_heic() -> bytes:
    """Four tiles that lie on their side; turned a quarter left they show what `pictures.marked` shows, 100 by 128."""
    tiles = [
        encoded(Image.new("RGB", (TILE, TILE), colour), "HEIF", quality=95) for colour in (BLUE, RED, YELLOW, GREEN)
    ]
    codes = [_find(_find(_find(tile, b"meta", skip=4), b"iprp"), b"ipco") for tile in tiles]
    configurations = [_box(b"hvcC", _find(code, b"hvcC")) for code in codes]
    data = [_find(tile, b"mdat") for tile in tiles]
    grid = struct.pack(">BBBBHH", 0, 0, 1, 1, WIDTH, HEIGHT)
    ftyp = _box(b"ftyp", b"heic" + bytes(4) + b"mif1heic")
    start = len(ftyp) + len(_meta(configurations, data, grid, start=0)) + 8
    return ftyp + _meta(configurations, data, grid, start=start) + _box(b"mdat", b"".join([*data, grid]))


def _meta(configurations: list[bytes], data: list[bytes], grid: bytes, *, start: int) -> bytes:
    kinds = [b"hvc1"] * 4 + [b"grid"]
    infos = b"".join(
        _full(b"infe", struct.pack(">HH", number, 0) + kind + b"\0", version=2, flags=int(kind == b"hvc1"))
        for number, kind in enumerate(kinds, 1)
    )
    places, at = b"", start
    for number, part in enumerate([*data, grid], 1):
        places += struct.pack(">HHHHII", number, 0, 0, 1, at, len(part))
        at += len(part)
    sizes = [_full(b"ispe", struct.pack(">II", *size)) for size in ((TILE, TILE), (WIDTH, HEIGHT))]
    properties = _box(b"ipco", b"".join([*configurations, *sizes, _box(b"irot", b"\x01")]))
    uses = b"".join(struct.pack(">HBBB", number, 2, 0x80 | number, 5) for number in range(1, 5))
    uses += struct.pack(">HBBB", 5, 2, 6, 0x80 | 7)
    return _full(
        b"meta",
        _full(b"hdlr", bytes(4) + b"pict" + bytes(13))
        + _full(b"pitm", struct.pack(">H", 5))
        + _full(b"iloc", b"\x44\x00" + struct.pack(">H", 5) + places, version=1)
        + _full(b"iinf", struct.pack(">H", 5) + infos)
        + _full(b"iref", _box(b"dimg", struct.pack(">HHHHHH", 5, 4, 1, 2, 3, 4)))
        + _box(b"iprp", properties + _full(b"ipma", struct.pack(">I", 5) + uses)),
    )


def _box(kind: bytes, body: bytes) -> bytes:
    return struct.pack(">I", 8 + len(body)) + kind + body


def _full(kind: bytes, body: bytes, *, version: int = 0, flags: int = 0) -> bytes:
    return _box(kind, struct.pack(">I", version << 24 | flags) + body)


def _find(boxes: bytes, kind: bytes, *, skip: int = 0) -> bytes:
    """The body of the first box of a kind, without the `skip` bytes that come before its own boxes."""
    at = 0
    while boxes[at + 4 : at + 8] != kind:
        at += int.from_bytes(boxes[at : at + 4], "big")
    return boxes[at + 8 + skip : at + int.from_bytes(boxes[at : at + 4], "big")]
