"""Pictures for tests, made here and now: marked corners, every kind of file, every place where metadata hides."""

from __future__ import annotations

import struct
import zlib
from io import BytesIO

import piexif
import pillow_heif
from PIL import Image
from PIL.PngImagePlugin import PngInfo

pillow_heif.register_heif_opener()

KINDS = ("JPEG", "PNG", "WEBP", "HEIF")
CANARY = b"CANARY51.4778N0.0015W"  # stands for what must never come through: a place, a device, a name
RED, GREEN, BLUE, YELLOW = (200, 30, 30), (30, 160, 30), (30, 30, 200), (220, 210, 40)

_STORED_AS = {  # how an upright picture lies in a file of each EXIF orientation
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_90,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_270,
}


def marked(width: int = 96, height: int = 64) -> Image.Image:
    """Upright: red top left, green top right, blue bottom left, yellow bottom right."""
    picture = Image.new("RGB", (width, height), RED)
    picture.paste(GREEN, (width // 2, 0, width, height // 2))
    picture.paste(BLUE, (0, height // 2, width // 2, height))
    picture.paste(YELLOW, (width // 2, height // 2, width, height))
    return picture


def corners(picture: Image.Image) -> list[tuple[int, ...]]:
    """Colours in the middle of the four quarters: top left, top right, bottom left, bottom right."""
    width, height = picture.size
    spots = [(width // 4, height // 4), (3 * width // 4, height // 4)]
    spots += [(x, 3 * height // 4) for x, _ in spots]
    rgb = picture.convert("RGB")
    return [tuple(rgb.crop((x, y, x + 1, y + 1)).tobytes()) for x, y in spots]


def is_near(one: tuple[int, ...], other: tuple[int, ...], *, within: int = 12) -> bool:
    return all(abs(a - b) <= within for a, b in zip(one, other, strict=True))


def encoded(picture: Image.Image, kind: str, **options: object) -> bytes:
    out = BytesIO()
    picture.save(out, kind, **options)
    return out.getvalue()


def jpeg(width: int = 96, height: int = 64) -> bytes:
    return encoded(marked(width, height), "JPEG", quality=92)


def turned(kind: str, orientation: int) -> bytes:
    """The marked picture as a phone held that way would store it."""
    picture = marked()
    if orientation in _STORED_AS:
        picture = picture.transpose(_STORED_AS[orientation])
    exif = Image.Exif()
    exif[0x0112] = orientation
    return encoded(picture, kind, exif=exif.tobytes(), quality=92)


def with_canaries(kind: str) -> bytes:
    """A picture that carries CANARY in every channel its kind has, and after its end."""
    picture = marked()
    common = {"exif": canary_exif(), "icc_profile": display_p3(CANARY), "quality": 90}
    if kind == "JPEG":
        plain = encoded(picture, "JPEG", comment=CANARY, xmp=_xmp(), **common)
        return plain[:2] + _app13() + plain[2:] + CANARY
    if kind == "PNG":
        texts = PngInfo()
        texts.add_text("Comment", CANARY.decode())
        texts.add_text("Location", CANARY.decode(), zip=True)
        texts.add_itxt("XML:com.adobe.xmp", _xmp().decode())
        texts.add(b"prVt", CANARY)
        return encoded(picture, "PNG", pnginfo=texts, **common) + CANARY
    if kind == "WEBP":
        return encoded(picture, "WEBP", xmp=_xmp(), **common) + CANARY
    free = struct.pack(">I", 8 + len(CANARY)) + b"free" + CANARY
    return encoded(picture, "HEIF", xmp=_xmp(), **common) + free


def canary_exif() -> bytes:
    """EXIF with a place, a device, notes and a thumbnail that has a comment of its own."""
    thumbnail = encoded(marked(32, 24), "JPEG", comment=CANARY)
    made: bytes = piexif.dump(
        {
            "0th": {piexif.ImageIFD.Make: CANARY, piexif.ImageIFD.XPComment: CANARY.decode().encode("utf-16le")},
            "Exif": {piexif.ExifIFD.MakerNote: CANARY, piexif.ExifIFD.UserComment: b"ASCII\0\0\0" + CANARY},
            "GPS": {
                piexif.GPSIFD.GPSLatitudeRef: b"N",
                piexif.GPSIFD.GPSLatitude: ((51, 1), (28, 1), (40, 1)),
                piexif.GPSIFD.GPSAreaInformation: CANARY,
            },
            "1st": {piexif.ImageIFD.Compression: 6},
            "thumbnail": thumbnail,
        }
    )
    return made


def display_p3(description: bytes = b"Display P3") -> bytes:
    """A small ICC profile with Display P3's primaries (as adapted to D50) and a gamma of 2.2."""
    return icc_profile(
        b"RGB ",
        {
            b"rXYZ": _xyz(0.51512, 0.2412, -0.00105),
            b"gXYZ": _xyz(0.29198, 0.69225, 0.04189),
            b"bXYZ": _xyz(0.1571, 0.06657, 0.78407),
            b"rTRC": _gamma(2.2),
            b"gTRC": _gamma(2.2),
            b"bTRC": _gamma(2.2),
        },
        description,
    )


def gray_profile(gamma: float) -> bytes:
    return icc_profile(b"GRAY", {b"kTRC": _gamma(gamma)}, b"Gray")


def icc_profile(space: bytes, tags: dict[bytes, bytes], description: bytes) -> bytes:
    """An ICC 2.1 display profile from its tags (ICC.1:2001-04, clauses 6 and 7)."""
    text = b"desc" + bytes(4) + struct.pack(">I", len(description) + 1) + description + bytes(1 + 78)
    white = _xyz(0.9642, 1.0, 0.8249)
    tags = {b"desc": text, b"wtpt": white, b"cprt": b"text" + bytes(4) + description + b"\0", **tags}
    start = 128 + 4 + 12 * len(tags)
    table, body = struct.pack(">I", len(tags)), b""
    for name, data in tags.items():
        table += name + struct.pack(">II", start + len(body), len(data))
        body += data + bytes(-len(data) % 4)
    fields = [b"none", b"\x02\x10\0\0", b"mntr", space, b"XYZ ", bytes(12), b"acsp", bytes(28)]
    header = struct.pack(">I", start + len(body)) + b"".join(fields) + white[8:] + bytes(48)
    return header + table + body


def flat_png(width: int, height: int) -> bytes:
    """One bit a pixel, all black: a few kilobytes whatever its size, written without making the picture."""
    row = bytes(1 + (width + 7) // 8)
    packer = zlib.compressobj(9)
    pixels = b"".join(packer.compress(row) for _ in range(height)) + packer.flush()
    header = struct.pack(">IIBBBBB", width, height, 1, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + _chunk(b"IHDR", header) + _chunk(b"IDAT", pixels) + _chunk(b"IEND", b"")


def _chunk(name: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))


def _app13() -> bytes:
    """An IPTC record (by-line) inside Photoshop's segment."""
    iptc = b"\x1c\x02\x50" + struct.pack(">H", len(CANARY)) + CANARY
    resource = b"8BIM\x04\x04\0\0" + struct.pack(">I", len(iptc)) + iptc + bytes(len(iptc) % 2)
    body = b"Photoshop 3.0\0" + resource
    return b"\xff\xed" + struct.pack(">H", len(body) + 2) + body


def _xmp() -> bytes:
    return b'<x:xmpmeta xmlns:x="adobe:ns:meta/"><dc:creator>' + CANARY + b"</dc:creator></x:xmpmeta>"


def _xyz(x: float, y: float, z: float) -> bytes:
    return b"XYZ " + bytes(4) + struct.pack(">iii", *(round(value * 65536) for value in (x, y, z)))


def _gamma(gamma: float) -> bytes:
    return b"curv" + bytes(4) + struct.pack(">IH", 1, round(gamma * 256)) + bytes(2)
