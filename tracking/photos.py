"""Bytes in, clean pictures out. Every picture is decoded in a child process of its own (tracking/photo_child.py).

A child for each picture, and not a pool or a fork server: nothing of one person's picture is left in memory when
another's comes, there is nothing to supervise, and its start is a small part of decoding a phone's photo
(docs/uploads.md has the measurements). This module loads no decoder, so neither does the web process.
"""

from __future__ import annotations

import fcntl
import json
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from tracking.errors import TooLarge, UnsupportedImage
from tracking.photo_plain import is_plain_jpeg
from tracking.texts import say

MAX_BYTES = 25 * 1024 * 1024
LARGE_PX = 2048  # long side, as the child has it
EACH_BYTES = 640 * 1024 * 1024  # that a child may take, and what the web process holds for it meanwhile
MOST_AT_ONCE = 8
THREADS_AT_MOST = 3  # of a web process's four: one stays free for everybody who does not send pictures
SLOT_WAIT_SECONDS = 20
WALL_SECONDS = 95  # the child ends itself five seconds earlier

_CHILD = Path(__file__).with_name("photo_child.py")
_THREADS = threading.BoundedSemaphore(THREADS_AT_MOST)
_TOO_LARGE = {"too_many_pixels", "too_many_pixels_webp", "too_much_memory"}
_ENVIRONMENT = {
    "PATH": "/usr/bin:/bin",
    "MALLOC_ARENA_MAX": "1",  # an arena reserves address space, which is what the child's memory limit counts
}


class Busy(Exception):
    """All slots for decoding stayed taken; the same request may be sent again in a moment."""


@dataclass(frozen=True, slots=True)
class CleanPicture:
    """JPEG bytes without metadata, upright, in sRGB. `width` and `height` are those of `large`, in pixels."""

    large: bytes
    thumb: bytes
    width: int
    height: int

    @property
    def size_bytes(self) -> int:
        return len(self.large) + len(self.thumb)


def sha256_of(data: bytes) -> str:
    return sha256(data).hexdigest()


def clean_picture(data: bytes, *, slots: Path) -> CleanPicture:
    """Decode, turn, shrink, convert and encode anew. `slots` is a folder that all processes of this machine share.

    A JPEG of the right size that holds nothing but a picture is decoded all the same, then kept byte for byte, so that
    what was exported can be imported unchanged.
    Raises TooLarge, UnsupportedImage, or Busy. Whatever happens to the child, this process goes on.
    """
    if len(data) > MAX_BYTES:
        raise too_many_bytes()
    is_plain = is_plain_jpeg(data, longest_px=LARGE_PX)
    with _thread(), _slot(slots) as slot:
        returncode, answer = _run_child(data, keep_open=slot, is_plain=is_plain)
    if returncode > 0:
        raise RuntimeError(f"The child for pictures did not start properly (exit status {returncode}).")
    if returncode < 0:
        ran_out = -returncode in {signal.SIGALRM, signal.SIGXCPU, signal.SIGTERM}
        raise _refusal("too_slow" if ran_out else "broken_image")
    return _read_answer(answer)


def too_many_bytes() -> TooLarge:
    return TooLarge("too_many_bytes", say("photo.too_many_bytes", megabytes=MAX_BYTES // 1024**2))


def _run_child(data: bytes, *, keep_open: int, is_plain: bool) -> tuple[int, bytes]:
    """(exit status, standard output). The child inherits no variable, so no secret, and of our files the slot alone:
    should this process die, the slot stays taken until the child is gone too."""
    with subprocess.Popen(
        [sys.executable, "-I", str(_CHILD), *(["plain"] if is_plain else [])],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env=_ENVIRONMENT,
        cwd="/",
        pass_fds=(keep_open,),
    ) as child:
        try:
            answer, _ = child.communicate(data, timeout=WALL_SECONDS)
        except subprocess.TimeoutExpired:
            child.terminate()
            child.wait()
            return -signal.SIGTERM, b""
        except BaseException:
            child.kill()
            raise
    return child.returncode, answer


def _read_answer(answer: bytes) -> CleanPicture:
    line, _, rest = answer.partition(b"\n")
    told = json.loads(line)
    if "error" in told:
        raise _refusal(told["error"])
    large, thumb = rest[: told["large"]], rest[told["large"] :]
    return CleanPicture(large=large, thumb=thumb, width=told["width"], height=told["height"])


def _refusal(code: str) -> TooLarge | UnsupportedImage:
    kind = TooLarge if code in _TOO_LARGE else UnsupportedImage
    return kind(code, say(f"photo.{code}"))


@contextmanager
def _thread() -> Iterator[None]:
    """One of the threads that may decode or wait; without this bound a burst of pictures would hold all of them."""
    if not _THREADS.acquire(blocking=False):
        raise Busy
    try:
        yield
    finally:
        _THREADS.release()


def at_once() -> int:
    """Children on this machine, whatever the number of web processes: one for each core, as far as its memory goes."""
    memory_bytes = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    return max(1, min(MOST_AT_ONCE, len(os.sched_getaffinity(0)), memory_bytes // (2 * EACH_BYTES)))


@contextmanager
def _slot(folder: Path) -> Iterator[int]:
    """One of the machine's few slots, held as a file lock: the system frees it however its holder ends."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    how = os.O_RDWR | os.O_CREAT | os.O_CLOEXEC
    files = [os.open(folder / f"slot-{number}", how, 0o600) for number in range(at_once())]
    try:
        yield _first_free(files, deadline=time.monotonic() + SLOT_WAIT_SECONDS)
    finally:
        for file in files:
            os.close(file)


def _first_free(files: list[int], *, deadline: float) -> int:
    while True:
        for file in files:
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                continue
            return file
        if time.monotonic() > deadline:
            raise Busy
        time.sleep(0.02)
