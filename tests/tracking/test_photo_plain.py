"""A JPEG that holds nothing but a picture is kept byte for byte; every other one is encoded anew."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from tracking.errors import UnsupportedImage
from tracking.photo_plain import is_plain_jpeg
from tracking.photos import LARGE_PX, clean_picture


def jpeg(width: int = 60, height: int = 40, *, mode: str = "RGB", **options: object) -> bytes:
    out = BytesIO()
    Image.effect_noise((width, height), 60).convert(mode).save(out, "JPEG", **options)
    return out.getvalue()


def segment(marker: int, body: bytes) -> bytes:
    return bytes((0xFF, marker)) + (len(body) + 2).to_bytes(2, "big") + body


@pytest.mark.parametrize("options", [{}, {"optimize": True}, {"quality": 100, "subsampling": 0}, {"mode": "L"}])
def test_a_picture_and_nothing_else_comes_out_as_it_went_in(tmp_path: Path, options: dict[str, object]) -> None:
    data = jpeg(**options)  # type: ignore[arg-type]  # as named above
    assert clean_picture(data, slots=tmp_path).large == data


def test_what_this_server_encoded_once_is_never_encoded_again(tmp_path: Path) -> None:
    first = clean_picture(jpeg(progressive=True), slots=tmp_path).large
    assert clean_picture(first, slots=tmp_path).large == first


@pytest.mark.parametrize(
    "changed",
    [
        lambda data: data[:2] + segment(0xE1, b"Exif\0\0canary canary") + data[2:],
        lambda data: data[:2] + segment(0xFE, b"canary canary") + data[2:],
        lambda data: data + b"canary canary",
        lambda data: data[:-2] + b"canary canary" + data[-2:],
        lambda data: data[:-2] + b"\xff\xd9canary canary" + data[-2:],
        lambda data: data[:2] + segment(0xDB, b"\x03" + b"canary canary..." * 4) + data[2:],
        lambda data: data[:2] + segment(0xC4, b"\x03\x0d" + b"\0" * 15 + b"canary ".ljust(13, b".")) + data[2:],
        lambda data: data[:2] + segment(0xE0, b"JFIF\0\x01\x01\0\0\x01\0\x01\x02\x02canary canar") + data[2:],
    ],
    ids=["metadata", "comment", "trailer", "in the scan", "second end", "table", "codes", "thumbnail"],
)
def test_whatever_else_lies_in_it_is_not_kept(tmp_path: Path, changed: object) -> None:
    data = changed(jpeg())  # type: ignore[operator]  # one of the above
    assert b"canary" in data
    try:
        picture = clean_picture(data, slots=tmp_path)
    except UnsupportedImage:
        return
    assert b"canary" not in picture.large + picture.thumb


def test_a_larger_one_is_shrunk_as_ever(tmp_path: Path) -> None:
    picture = clean_picture(jpeg(LARGE_PX + 2, 40), slots=tmp_path)
    assert picture.width == LARGE_PX


@given(at=st.integers(0, 10_000), byte=st.integers(0, 255), cut=st.integers(0, 10_000))
def test_looking_at_damaged_bytes_never_fails(at: int, byte: int, cut: int) -> None:
    data = bytearray(jpeg(16, 16))
    data[at % len(data)] = byte
    assert is_plain_jpeg(bytes(data), longest_px=LARGE_PX) in (True, False)
    assert is_plain_jpeg(bytes(data[: cut % len(data)]), longest_px=LARGE_PX) is False
