"""What comes out of the darkroom: upright, in sRGB, free of everything but pixels; and what is refused."""

from __future__ import annotations

import fcntl
import multiprocessing
import os
import random
import signal
import threading
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


@pytest.mark.parametrize("mode", ["RGBA", "P", "1", "L", "LA", "I;16"])
def test_every_mode_survives_the_shrinking_by_bands(mode: str) -> None:
    picture = Image.new("I;16", (6500, 301), 40000) if mode == "I;16" else pictures.marked(6500, 301).convert(mode)
    assert photo_child.clean_picture(pictures.encoded(picture, "PNG", compress_level=1))[2] == (2048, 95)


def test_a_thread_of_pixels_stays_at_least_one_wide() -> None:
    assert photo_child.clean_picture(pictures.flat_png(30000, 1))[2] == (2048, 1)


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


def test_a_thousand_mutants_end_in_a_picture_or_a_refusal() -> None:
    """In one bounded child, because starting a thousand would take two minutes."""
    child = multiprocessing.get_context("fork").Process(target=_develop_mutants, args=(1000,))
    child.start()
    child.join(60)
    assert child.exitcode == 0


def _develop_mutants(count: int) -> None:
    photo_child._lay_limits()
    signal.alarm(55)
    chance = random.Random(2026)
    seeds = [pictures.with_canaries(kind) for kind in KINDS] + [pictures.turned("HEIF", 6)]
    for number in range(count):
        mutant = bytearray(seeds[number % len(seeds)])
        for _ in range(chance.choice((1, 3, 20))):
            mutant[chance.randrange(chance.choice((64, len(mutant))))] = chance.randrange(256)
        if chance.random() < 0.2:
            del mutant[chance.randrange(len(mutant)) :]
        try:
            large, _, _ = photo_child.clean_picture(bytes(mutant))
            assert CANARY not in large
        except photo_child.Refused:
            continue


class Hang:
    """A child that never answers, in the real one's place."""

    def __init__(self, folder: Path, body: str) -> None:
        self.file = folder / "child.py"
        self.file.write_text(body)


@pytest.mark.parametrize("sent", [signal.SIGKILL, signal.SIGSEGV, signal.SIGABRT])
def test_a_child_that_crashes_is_a_refusal_and_nothing_more(
    sent: signal.Signals, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(photos, "_CHILD", Hang(tmp_path, f"import os; os.kill(os.getpid(), {int(sent)})").file)
    with pytest.raises(UnsupportedImage):
        photos.clean_picture(pictures.jpeg(), slots=tmp_path)


def test_a_child_that_hangs_is_ended(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(photos, "_CHILD", Hang(tmp_path, "import signal; signal.pause()").file)
    monkeypatch.setattr(photos, "WALL_SECONDS", 0.2)
    with pytest.raises(UnsupportedImage) as refused:
        photos.clean_picture(pictures.jpeg(), slots=tmp_path)
    assert refused.value.code == "too_slow"


def test_a_child_killed_in_the_middle_frees_its_slot(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    pid_file = tmp_path / "pid"
    body = f"import os, signal; open({str(pid_file)!r}, 'w').write(str(os.getpid())); signal.pause()"
    with monkeypatch.context() as patch:
        patch.setattr(photos, "_CHILD", Hang(tmp_path, body).file)
        killer = threading.Thread(target=_kill_when_written, args=(pid_file,))
        killer.start()
        with pytest.raises(UnsupportedImage):
            photos.clean_picture(pictures.jpeg(), slots=tmp_path)
        killer.join()
    assert photos.clean_picture(pictures.jpeg(), slots=tmp_path).width == 96


def _kill_when_written(pid_file: Path) -> None:
    for _ in range(2_000_000):
        if pid_file.exists() and pid_file.read_text():
            os.kill(int(pid_file.read_text()), signal.SIGKILL)
            return


def test_when_every_slot_is_taken_the_caller_is_told_to_come_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(photos, "SLOT_WAIT_SECONDS", 0.05)
    held = [os.open(tmp_path / f"slot-{number}", os.O_RDWR | os.O_CREAT) for number in range(photos.AT_ONCE)]
    for file in held:
        fcntl.flock(file, fcntl.LOCK_EX)
    with pytest.raises(photos.Busy):
        photos.clean_picture(pictures.jpeg(), slots=tmp_path)
    for file in held:
        os.close(file)
    assert photos.clean_picture(pictures.jpeg(), slots=tmp_path).height == 64


def test_pictures_never_hold_every_thread_of_a_web_process(tmp_path: Path) -> None:
    for _ in range(photos.THREADS_AT_MOST):
        assert photos._THREADS.acquire(blocking=False)
    with pytest.raises(photos.Busy):
        photos.clean_picture(pictures.jpeg(), slots=tmp_path)
    for _ in range(photos.THREADS_AT_MOST):
        photos._THREADS.release()
    assert photos.clean_picture(pictures.jpeg(), slots=tmp_path).height == 64


def test_a_child_that_cannot_start_is_our_fault_and_not_the_pictures(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(photos, "_CHILD", Hang(tmp_path, "import no_such_decoder").file)
    with pytest.raises(RuntimeError):
        photos.clean_picture(pictures.jpeg(), slots=tmp_path)


def test_the_child_sees_none_of_our_secrets(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATA_KEY", "secret")
    body = "import os, sys; sys.exit(3 if 'DATA_KEY' in os.environ else 4)"
    monkeypatch.setattr(photos, "_CHILD", Hang(tmp_path, body).file)
    with pytest.raises(RuntimeError, match="exit status 4"):
        photos.clean_picture(pictures.jpeg(), slots=tmp_path)


def test_memory_beyond_the_limit_is_a_refusal(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    source = Path(photo_child.__file__).read_text().replace("MEMORY_BYTES = 512 *", "MEMORY_BYTES = 64 *")
    monkeypatch.setattr(photos, "_CHILD", Hang(tmp_path, source).file)
    with pytest.raises((TooLarge, UnsupportedImage)):
        photos.clean_picture(pictures.encoded(pictures.marked(6000, 5000), "PNG", compress_level=1), slots=tmp_path)
