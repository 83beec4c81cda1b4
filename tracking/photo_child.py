"""The child process that decodes one picture: bytes on standard input, two clean JPEGs on standard output.

Decoders of other people's bytes are the likeliest place for a crash, a hang or worse, so they run here and nowhere
else: no Django, no settings, no secret in the environment, no open file but the pipes, and limits on memory,
processor and time that this process lays on itself before it reads a byte. It is run as a file
(`tracking/photos.py` starts it) and imports nothing of ours, which keeps its start near a tenth of a second.

What comes out shares nothing with what came in but pixels: a fresh image is encoded, so no EXIF, GPS, XMP, IPTC,
ICC profile, comment, thumbnail, second picture or trailing byte can travel along. A JPEG in which there is none of
that to begin with (tracking/photo_plain.py) is decoded too, and then kept.
"""

from __future__ import annotations

import importlib
import json
import resource
import signal
import struct
import sys
import warnings
from collections.abc import Callable
from io import BytesIO
from typing import IO

from PIL import Image, ImageCms, ImageFile, JpegImagePlugin, PngImagePlugin, WebPImagePlugin

LARGE_PX = 2048  # long side, at most
DRAFT_PX = 1920  # long side, at least: halves and quarters are made for next to nothing, and 4032 / 2 is good enough
THUMB_PX = 480
QUALITY = 85
MAX_PIXELS = 50_000_000
MAX_PIXELS_WEBP = 16_000_000  # its decoder holds the whole picture twice, at four bytes a pixel
MEMORY_BYTES = 512 * 1024 * 1024  # address space; docs/uploads.md has the measurements behind it
CPU_SECONDS = 20  # four times what the slowest honest picture took
WALL_SECONDS = 90  # for a machine that is busy; ends this process even when the one that started it is gone

_ORIENTATION_TAG = 0x0112
_TURNS = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}
_BAND_ROWS = 128
_HEIF_BRANDS = {b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"mif1", b"msf1"}


class Refused(Exception):
    """This picture is not taken; `code` says why (a key of the message catalogue)."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def clean_picture(data: bytes, *, is_plain: bool = False) -> tuple[bytes, bytes, tuple[int, int]]:
    """(`large`, `thumb`, size of `large` in pixels) of a JPEG, PNG, WebP or HEIC. Raises Refused.

    Equal pixels give equal bytes, but that a JPEG which `is_plain` (tracking/photo_plain.py) stays as it is.
    Decoders raise far more than OSError on hostile input (ValueError, SyntaxError, EOFError, struct.error, RuntimeError
    have all been seen), so whatever they raise means "this cannot be read".
    """
    try:
        large = _developed(_opened(data))
        thumb = _fresh(_shrunk(large, THUMB_PX))
        kept = data if is_plain and not _has_surplus(data) else _jpeg(large)
        return kept, _jpeg(thumb), large.size
    except Refused:
        raise
    except MemoryError as error:
        raise Refused("too_much_memory") from error
    except Exception as error:
        raise Refused("broken_image") from error


def _has_surplus(data: bytes) -> bool:
    """Whether the scan of a plain JPEG holds more than its picture: room for something that nobody would ever see.

    A decoder is done when its last block is complete. Without the scan's last byte (and the end mark) it must still be
    waiting; if it is done, that byte was never needed. It reads up to eight bytes ahead, so fewer are not noticed.
    """
    try:
        JpegImagePlugin.JpegImageFile(BytesIO(data[:-3])).load()
    except OSError:
        return False
    return True


def _opened(data: bytes) -> Image.Image:
    """The picture with its header read and no pixel decoded; the type is told by content, never by name."""
    open_as, max_pixels = _opener(data)
    picture = open_as(BytesIO(data))
    width, height = picture.size
    if width * height > max_pixels:
        raise Refused("too_many_pixels_webp" if max_pixels == MAX_PIXELS_WEBP else "too_many_pixels")
    return picture


def _opener(data: bytes) -> tuple[Callable[[IO[bytes]], Image.Image], int]:
    if data.startswith(b"\xff\xd8\xff"):
        # Not Image.open: that would follow the index of a multi-picture file (iPhone, Samsung). The first is the photo.
        return JpegImagePlugin.JpegImageFile, MAX_PIXELS
    if data.startswith(b"\x89PNG\r\n\x1a\n"):
        return PngImagePlugin.PngImageFile, MAX_PIXELS
    if data[:4] == b"RIFF" and data[8:12] == b"WEBP":
        return WebPImagePlugin.WebPImageFile, MAX_PIXELS_WEBP
    if data[4:8] == b"ftyp" and _HEIF_BRANDS & _brands(data):
        return _heif_opener(), MAX_PIXELS
    raise Refused("unknown_type")


def _brands(data: bytes) -> set[bytes]:
    """The major and compatible brands in an ISO base media `ftyp` box."""
    end = min(struct.unpack(">I", data[:4])[0], len(data), 256)
    return {data[8:12]} | {data[at : at + 4] for at in range(16, end - 3, 4)}


def _heif_opener() -> Callable[[IO[bytes]], Image.Image]:
    """Imported only for HEIC: it takes a fifth of this process's start."""
    pi_heif = importlib.import_module("pi_heif")
    pi_heif.options.DECODE_THREADS = 1
    pi_heif.options.THUMBNAILS = pi_heif.options.DEPTH_IMAGES = pi_heif.options.AUX_IMAGES = False  # never looked at
    opener: Callable[[IO[bytes]], Image.Image] = importlib.import_module("pi_heif.as_plugin").HeifImageFile
    return opener


def _developed(picture: Image.Image) -> Image.Image:
    """Decoded, shrunk, turned upright, in sRGB, on white: in that order, so that the costly steps see few pixels."""
    profile = picture.info.get("icc_profile")
    if picture.format == "JPEG":
        picture.draft(None, _fitted(picture.size, DRAFT_PX))  # lets the decoder skip what would be thrown away
    picture.load()
    orientation = _orientation(picture)
    picture = _shrunk(_averaged(picture), LARGE_PX)
    if orientation in _TURNS:
        picture = picture.transpose(_TURNS[orientation])
    return _fresh(_in_srgb(picture, profile))


def _orientation(picture: Image.Image) -> int:
    """1 to 8; upright when it is not said or cannot be read. HEIC has been turned by its decoder already."""
    if picture.format == "HEIF":
        return 1
    try:
        return int(picture.getexif().get(_ORIENTATION_TAG, 1))
    except Exception:  # damaged metadata is no reason to refuse a good picture
        return 1


def _averaged(picture: Image.Image) -> Image.Image:
    """In a mode that can be resized, and down to a half, a third … that is still good enough, band by band.

    Converting or resizing 50 megapixels at once would hold a second copy (200 MB; a third one with alpha). The mean of
    each square takes a fifteenth of the time of a resize to any size.
    """
    factor = max(1, max(picture.size) // DRAFT_PX)
    width, height = picture.size
    if factor == 1:
        return _resizable(picture)
    whole: Image.Image | None = None
    for top in range(0, height, _BAND_ROWS * factor):
        rows = picture.crop((0, top, width, min(height, top + _BAND_ROWS * factor)))
        rows.info = picture.info  # a palette's transparency stands there
        band = _resizable(rows).reduce(factor)
        whole = whole or Image.new(band.mode, (band.width, -(-height // factor)))
        whole.paste(band, (0, top // factor))
    return whole or picture


def _resizable(picture: Image.Image) -> Image.Image:
    """In a mode whose pixels can be averaged: L, LA, RGB, RGBA or CMYK, eight bits each."""
    mode = picture.mode
    if mode in {"L", "LA", "RGB", "RGBA", "CMYK"}:
        if "transparency" in picture.info and mode in {"L", "RGB"}:  # PNG: one colour stands for "clear"
            return picture.convert("RGBA" if mode == "RGB" else "LA")
        return picture
    if mode.startswith("I"):  # 16 bits a pixel; the upper eight are what a screen shows
        return picture.convert("I").point([value >> 8 for value in range(65536)], "L")
    if mode == "1":
        return picture.convert("L")
    return picture.convert("RGBA" if "transparency" in picture.info or mode == "PA" else "RGB")


def _fitted(size: tuple[int, int], long_side: int) -> tuple[int, int]:
    """The size with the same aspect whose long side is at most `long_side`; never enlarged."""
    width, height = size
    longest = max(width, height)
    if longest <= long_side:
        return size
    return max(1, round(width * long_side / longest)), max(1, round(height * long_side / longest))


def _shrunk(picture: Image.Image, long_side: int) -> Image.Image:
    size = _fitted(picture.size, long_side)
    if size == picture.size:
        return picture
    return picture.resize(size, Image.Resampling.LANCZOS, reducing_gap=3.0)


def _in_srgb(picture: Image.Image, profile: bytes | None) -> Image.Image:
    """RGB or RGBA in sRGB. A profile that cannot be read or does not fit is left out: colour is no reason to refuse."""
    alpha = picture.getchannel("A") if picture.mode in {"LA", "RGBA"} else None
    colours = picture.convert(picture.mode[:-1]) if alpha else picture
    colours = _converted(colours, profile) if profile else colours.convert("RGB")
    if alpha:
        colours.putalpha(alpha)
    return colours


def _converted(colours: Image.Image, profile: bytes) -> Image.Image:
    try:
        source = ImageCms.ImageCmsProfile(BytesIO(profile))
        space = source.profile.xcolor_space.strip()
        if space == "RGB" and colours.mode == "L":
            colours = colours.convert("RGB")
        converted = ImageCms.profileToProfile(
            colours,
            source,
            ImageCms.createProfile("sRGB"),
            renderingIntent=ImageCms.Intent.PERCEPTUAL,
            outputMode="RGB",
        )
    except (ImageCms.PyCMSError, OSError, ValueError, TypeError):
        converted = None
    return converted or colours.convert("RGB")


def _fresh(picture: Image.Image) -> Image.Image:
    """The pixels alone on white, in an image that was never anything else: `info` travels through every other step."""
    fresh = Image.new("RGB", picture.size, "white")
    fresh.paste(picture, mask=picture.getchannel("A") if picture.mode == "RGBA" else None)
    return fresh


def _jpeg(picture: Image.Image) -> bytes:
    out = BytesIO()
    picture.save(out, "JPEG", quality=QUALITY, optimize=True)
    return out.getvalue()


def _lay_limits() -> None:
    signal.alarm(WALL_SECONDS)  # the default action ends the process, inside a decoder's C code too
    for what, most in (
        (resource.RLIMIT_AS, MEMORY_BYTES),
        (resource.RLIMIT_CPU, CPU_SECONDS),
        (resource.RLIMIT_FSIZE, 0),
        (resource.RLIMIT_CORE, 0),
        (resource.RLIMIT_NOFILE, 32),
    ):
        hard = resource.getrlimit(what)[1]
        resource.setrlimit(what, (most, most) if hard == resource.RLIM_INFINITY else (min(most, hard), min(most, hard)))
    warnings.simplefilter("error", Image.DecompressionBombWarning)
    Image.MAX_IMAGE_PIXELS = MAX_PIXELS
    ImageFile.LOAD_TRUNCATED_IMAGES = False


def main() -> None:
    """Answer one line of JSON, `{"error"}` or `{"large", "thumb": byte counts, "width", "height"}`, then the bytes."""
    _lay_limits()
    try:
        large, thumb, (width, height) = clean_picture(sys.stdin.buffer.read(), is_plain="plain" in sys.argv[1:])
    except Refused as refused:
        sys.stdout.write(json.dumps({"error": refused.code}) + "\n")
        return
    answer = {"large": len(large), "thumb": len(thumb), "width": width, "height": height}
    sys.stdout.buffer.write(json.dumps(answer).encode("ascii") + b"\n" + large + thumb)


if __name__ == "__main__":
    main()
