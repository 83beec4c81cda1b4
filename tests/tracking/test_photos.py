"""What comes out of the darkroom: upright, in sRGB, free of everything but pixels; and what is refused."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path

import pytest
from PIL import Image

from tests import pictures
from tests.pictures import BLUE, CANARY, GREEN, KINDS, RED, YELLOW
from tests.tiled_heic import tiled_heic
from tracking import photo_child, photos
from tracking.errors import TooLarge, UnsupportedImage

ALLOWED_SEGMENTS = {0xD8, 0xE0, 0xDB, 0xC0, 0xC4, 0xDA}  # start, JFIF, tables, frame, tables, scan


def opened(data: bytes) -> Image.Image:
    return Image.open(BytesIO(data))


def segments(jpeg: bytes) -> set[int]:
    """The markers up to the scan's start."""
    found, at = {jpeg[1]}, 2
    while 0xDA not in found:
        found.add(jpeg[at + 1])
        at += 2 + int.from_bytes(jpeg[at + 2 : at + 4], "big")
    return found


def clean(data: bytes) -> bytes:
    """`large`, decoded here to save a process each time; the child is tested by itself below."""
    return photo_child.clean_picture(data)[0]


@pytest.mark.parametrize("orientation", range(1, 9))
@pytest.mark.parametrize("kind", KINDS)
def test_a_picture_comes_out_upright_however_the_phone_was_held(kind: str, orientation: int) -> None:
    large, thumb, size = photo_child.clean_picture(pictures.turned(kind, orientation))
    assert size == (96, 64)
    for made in (large, thumb):
        wanted = (RED, GREEN, BLUE, YELLOW)
        assert all(pictures.is_near(a, b) for a, b in zip(pictures.corners(opened(made)), wanted, strict=True))


def test_a_tiled_and_turned_heic_comes_out_upright() -> None:
    large, _, size = photo_child.clean_picture(tiled_heic())
    assert size == (100, 128)
    assert all(map(pictures.is_near, pictures.corners(opened(large)), (RED, GREEN, BLUE, YELLOW)))


@pytest.mark.parametrize("kind", KINDS)
def test_nothing_but_pixels_comes_through(kind: str) -> None:
    original = pictures.with_canaries(kind)
    assert original.count(CANARY) >= 4
    for made in photo_child.clean_picture(original)[:2]:
        assert CANARY not in made
        assert CANARY.decode().encode("utf-16le") not in made
        assert segments(made) <= ALLOWED_SEGMENTS
        assert made.endswith(b"\xff\xd9")
        assert not {"exif", "xmp", "icc_profile", "comment", "photoshop"} & opened(made).info.keys()


@pytest.mark.parametrize("kind", KINDS)
def test_display_p3_colours_become_the_same_colours_in_srgb(kind: str) -> None:
    skin = (214, 160, 138)
    p3 = Image.new("RGB", (64, 64), skin)
    made = opened(clean(pictures.encoded(p3, kind, icc_profile=pictures.display_p3(), quality=95)))
    # P3 (214, 160, 138) is about sRGB (223, 158, 134): more red, because sRGB's red is weaker
    assert pictures.is_near(made.getpixel((32, 32)), (223, 158, 134), within=5)  # type: ignore[arg-type]  # RGB


def test_a_gray_profile_is_applied_and_the_picture_becomes_rgb() -> None:
    gray = Image.new("L", (64, 64), 128)
    made = opened(clean(pictures.encoded(gray, "PNG", icc_profile=pictures.gray_profile(1.0))))
    assert pictures.is_near(made.getpixel((32, 32)), (188, 188, 188), within=4)  # type: ignore[arg-type]  # RGB


def test_cmyk_becomes_rgb() -> None:
    made = opened(clean(pictures.encoded(pictures.marked().convert("CMYK"), "JPEG", quality=95)))
    assert made.mode == "RGB"
    assert pictures.is_near(pictures.corners(made)[0], RED, within=25)


def test_a_broken_profile_is_left_out() -> None:
    made = opened(clean(pictures.encoded(pictures.marked(), "JPEG", icc_profile=b"not a profile", quality=95)))
    assert pictures.is_near(pictures.corners(made)[0], RED)


@pytest.mark.parametrize("mode", ["RGBA", "LA", "P"])
def test_what_is_clear_lies_on_white(mode: str) -> None:
    clear = Image.new("RGBA", (64, 64), (0, 0, 0, 0))
    clear.paste((0, 0, 0, 255), (32, 0, 64, 64))
    made = opened(clean(pictures.encoded(clear.quantize() if mode == "P" else clear.convert(mode), "PNG")))
    assert (made.getpixel((9, 9)), made.getpixel((54, 54))) == ((255, 255, 255), (0, 0, 0))


@pytest.mark.parametrize(("value", "seen"), [(0, 0), (32768, 128), (65535, 255)])
def test_sixteen_bits_a_pixel_keep_their_brightness(value: int, seen: int) -> None:
    made = opened(clean(pictures.encoded(Image.new("I;16", (32, 32), value), "PNG")))
    assert pictures.is_near(made.getpixel((9, 9)), (seen,) * 3, within=1)  # type: ignore[arg-type]  # RGB


def test_palettes_and_progressive_files_are_read() -> None:
    for data in (
        pictures.encoded(pictures.marked().quantize(8), "PNG"),
        pictures.encoded(pictures.marked(), "JPEG", progressive=True, quality=92),
    ):
        assert pictures.is_near(pictures.corners(opened(clean(data)))[3], YELLOW, within=20)


def test_of_a_multi_picture_file_the_first_is_taken() -> None:
    two = pictures.encoded(
        pictures.marked(), "MPO", save_all=True, append_images=[Image.new("RGB", (96, 64), "black")], quality=92
    )
    assert opened(two).format == "MPO"
    assert pictures.is_near(pictures.corners(opened(clean(two)))[1], GREEN)


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_large_pictures_are_shrunk_in_their_own_aspect_and_small_ones_left(kind: str) -> None:
    large, thumb, size = photo_child.clean_picture(pictures.encoded(pictures.marked(4400, 2200), kind))
    assert (opened(large).size, size, opened(thumb).size) == ((2048, 1024), (2048, 1024), (480, 240))
    assert all(map(pictures.is_near, pictures.corners(opened(large)), (RED, GREEN, BLUE, YELLOW)))
    assert photo_child.clean_picture(pictures.encoded(pictures.marked(300, 40), kind))[2] == (300, 40)


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "HEIF"])
def test_what_can_be_halved_well_enough_is_halved(kind: str) -> None:
    large, _, size = photo_child.clean_picture(pictures.encoded(pictures.marked(4032, 302), kind))
    assert (opened(large).size, size) == ((2016, 151), (2016, 151))
    assert all(map(pictures.is_near, pictures.corners(opened(large)), (RED, GREEN, BLUE, YELLOW)))


@pytest.mark.parametrize("mode", ["RGBA", "P", "1", "L", "LA", "I;16"])
def test_every_mode_survives_the_shrinking_by_bands(mode: str) -> None:
    picture = Image.new("I;16", (6500, 301), 40000) if mode == "I;16" else pictures.marked(6500, 301).convert(mode)
    assert photo_child.clean_picture(pictures.encoded(picture, "PNG", compress_level=1))[2] == (2048, 95)


def test_a_thread_of_pixels_stays_at_least_one_wide() -> None:
    assert photo_child.clean_picture(pictures.flat_png(30000, 1))[2] == (2000, 1)


def test_equal_pixels_give_equal_bytes() -> None:
    bare, dressed = pictures.encoded(pictures.marked(), "PNG"), pictures.turned("PNG", 6)
    assert photo_child.clean_picture(bare)[:2] == photo_child.clean_picture(dressed)[:2]


def test_the_child_gives_what_the_decoder_gives(tmp_path: Path) -> None:
    for kind in KINDS:
        data = pictures.turned(kind, 8)
        made = photos.clean_picture(data, slots=tmp_path)
        assert (made.large, made.thumb, (made.width, made.height)) == photo_child.clean_picture(data)


BROKEN = {
    "nothing at all": b"",
    "a text file named .jpg": b"This is not a picture at all. " * 40,
    "SVG": b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>',
    "GIF": pictures.encoded(pictures.marked(), "GIF"),
    "TIFF": pictures.encoded(pictures.marked(), "TIFF"),
    "a film": b"\0\0\0\x18ftypmp42\0\0\0\0mp42isom" + bytes(200),
    "half a JPEG": pictures.jpeg(400, 300)[:1500],
    "half a PNG": pictures.encoded(pictures.marked(), "PNG")[:120],
    "half a WebP": pictures.encoded(pictures.marked(), "WEBP")[:100],
    "half a HEIC": pictures.turned("HEIF", 1)[:300],
    "only a JPEG's beginning": b"\xff\xd8\xff",
    "only a HEIC's beginning": b"\0\0\0\x18ftypheic\0\0\0\0mif1heic",
}


@pytest.mark.parametrize("name", BROKEN)
def test_what_is_not_a_whole_picture_is_refused(name: str, tmp_path: Path) -> None:
    with pytest.raises(UnsupportedImage) as refused:
        photos.clean_picture(BROKEN[name], slots=tmp_path)
    assert refused.value.code in {"unknown_type", "broken_image"}
    assert "Send" in refused.value.message


@pytest.mark.parametrize("size", [(9216, 9216), (8350, 6000), (65535, 65535)])
def test_a_bomb_is_refused_by_its_header(size: tuple[int, int], tmp_path: Path) -> None:
    bomb = pictures.flat_png(8, 8)
    bomb = bomb[:16] + size[0].to_bytes(4, "big") + size[1].to_bytes(4, "big") + bomb[24:]
    real = pictures.flat_png(*size) if size[0] < 10000 else bomb
    assert len(real) < 20_000
    with pytest.raises((TooLarge, UnsupportedImage)) as refused:
        photos.clean_picture(real, slots=tmp_path)
    assert refused.value.code == ("too_many_pixels" if size[0] < 10000 else "broken_image")


def test_a_webp_over_sixteen_megapixels_is_refused(tmp_path: Path) -> None:
    with pytest.raises(TooLarge) as refused:
        photos.clean_picture(pictures.encoded(Image.new("RGB", (4001, 4000)), "WEBP", method=0), slots=tmp_path)
    assert refused.value.code == "too_many_pixels_webp"


def test_too_many_bytes_never_reach_a_decoder(tmp_path: Path) -> None:
    with pytest.raises(TooLarge):
        photos.clean_picture(bytes(photos.MAX_BYTES + 1), slots=tmp_path / "never")
    assert not (tmp_path / "never").exists()


def test_a_polyglot_leaves_its_other_half_behind() -> None:
    page = b"<html><script>alert(1)</script></html>"
    assert b"script" not in clean(pictures.jpeg() + page)
    assert b"script" not in clean(pictures.encoded(pictures.marked(), "JPEG", comment=page))
