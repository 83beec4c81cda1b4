"""The decoder is a process of its own: it may crash, hang, be killed or eat memory, and a caller hears of a refusal."""

from __future__ import annotations

import fcntl
import os
import signal
import threading
from pathlib import Path

import pytest

from tests import pictures
from tracking import photo_child, photos
from tracking.errors import TooLarge, UnsupportedImage


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
    held = [os.open(tmp_path / f"slot-{number}", os.O_RDWR | os.O_CREAT) for number in range(photos.at_once())]
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
