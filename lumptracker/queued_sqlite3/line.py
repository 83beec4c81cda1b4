"""The line in which writers of one SQLite file wait for their turn, across threads and processes.

SQLite lets a writer that finds its lock taken sleep, from a millisecond up to a tenth of a second, and look again. With
a few writers nobody holds the lock for most of the time, and who came last is served first. Here a thread waits for the
others of its process, woken at once, and then for two locks of the system's, looked at every fraction of a millisecond:
the door, and behind it the room. Whoever has the door is next, so no process passes another twice. Both locks go with
the process that held them. Who has waited long goes on without a turn, to SQLite's own lock and its limit: the line
saves time and decides nothing.
"""

from __future__ import annotations

import fcntl
import os
import threading
import time

LONGEST_WAIT_SECONDS = 5.0
LOOK_SECONDS = 0.0003
DOOR, ROOM = 0, 1  # bytes of the file that are locked


class Line:
    """Of one file. The file beside it is empty, and whose locks are gone need not be tidied up."""

    def __init__(self, path: str) -> None:
        self._path = path
        self._here = threading.Lock()
        self._file: int | None = None

    def wait(self) -> bool:
        """Until it is our turn; False where it does not come, or no line can be kept."""
        ends = time.monotonic() + LONGEST_WAIT_SECONDS
        if not self._here.acquire(timeout=LONGEST_WAIT_SECONDS):
            return False
        try:
            file = self._opened()
            if _locked(file, DOOR, ends):
                try:
                    if _locked(file, ROOM, ends):
                        return True
                finally:
                    _unlock(file, DOOR)
        except OSError:  # no room on the disk, or a kind of disk without locks
            pass
        self._here.release()
        return False

    def leave(self) -> None:
        """Let the next one in."""
        if self._file is not None:
            _unlock(self._file, ROOM)
        if self._here.locked():  # it is not in a process that was forked meanwhile
            self._here.release()

    def forget(self) -> None:
        """In a new process: its parent's locks are not its own, and its parent's threads are not here."""
        self._here = threading.Lock()

    def _opened(self) -> int:
        if self._file is None:
            self._file = os.open(self._path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        return self._file


_lines: dict[str, Line] = {}
_lines_lock = threading.Lock()


def line_of(database: str) -> Line:
    """That of this file, one in each process."""
    with _lines_lock:
        return _lines.setdefault(database, Line(f"{database}-line"))


def _locked(file: int, part: int, ends: float) -> bool:
    while True:
        try:
            fcntl.lockf(file, fcntl.LOCK_EX | fcntl.LOCK_NB, 1, part)
        except BlockingIOError:
            if time.monotonic() > ends:
                return False
            time.sleep(LOOK_SECONDS)
        else:
            return True


def _unlock(file: int, part: int) -> None:
    fcntl.lockf(file, fcntl.LOCK_UN, 1, part)


def _forget() -> None:
    global _lines_lock  # a thread that is not here may hold it
    _lines_lock = threading.Lock()
    for line in _lines.values():
        line.forget()


os.register_at_fork(after_in_child=_forget)
