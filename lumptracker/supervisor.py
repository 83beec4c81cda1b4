"""Keeps a few child processes running and takes them all down with it.

A child is a fork: what this process has loaded it shares, and it does one thing. Each leads a process group of its own,
so that what it started goes with it. One that dies is forked again, ever more slowly if it keeps dying. Should this
process itself be killed, the kernel ends the children (Linux).
"""

from __future__ import annotations

import ctypes
import logging
import os
import signal
import sys
import time
import traceback
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from types import FrameType
from typing import NoReturn

logger = logging.getLogger(__name__)

PATIENCE_SECONDS = 8.0  # for a child to end by itself after TERM
LONGEST_PAUSE_SECONDS = 30.0  # between two starts of a child that keeps dying
STEADY_SECONDS = 60.0  # after so long a life the next pause is short again
LOOK_SECONDS = 0.1
PR_SET_PDEATHSIG, PR_SET_NAME = 1, 15  # prctl(2)
HANDLED = (signal.SIGTERM, signal.SIGINT, signal.SIGHUP)


@dataclass
class Child:
    """One thing to do until told to stop, and how its lives went."""

    name: str
    work: Callable[[], None]
    pid: int | None = None
    status: int | None = None  # of the life that ended
    started_at: float = 0.0  # seconds of the monotonic clock
    pause_seconds: float = 0.5
    start_after: float = 0.0

    @property
    def is_running(self) -> bool:
        """Asks the kernel, which tells of an end only once."""
        if self.pid is not None and self.status is None:
            pid, status = os.waitpid(self.pid, os.WNOHANG)
            self.status = os.waitstatus_to_exitcode(status) if pid else None
        return self.pid is not None and self.status is None

    def start(self) -> None:
        self.status, self.started_at = None, time.monotonic()
        self.pid = fork(self.work, name=f"tracker-{self.name}")

    def signal_group(self, number: signal.Signals) -> None:
        """To the child and all it started. What is gone already needs no signal."""
        if self.pid is None:
            return
        try:
            os.killpg(self.pid, number)
        except ProcessLookupError:
            pass

    def plan_restart(self) -> None:
        """It died: start it again after a pause that doubles while its lives stay short."""
        now = time.monotonic()
        if now - self.started_at > STEADY_SECONDS:
            self.pause_seconds = 0.5
        self.start_after = now + self.pause_seconds
        self.pause_seconds = min(self.pause_seconds * 2, LONGEST_PAUSE_SECONDS)


class Supervisor:
    """Runs until told to stop by TERM or Ctrl-C."""

    def __init__(self, children: Sequence[Child]) -> None:
        self.children = list(children)
        self._is_ending = False

    def run(self, *, when_first_runs: Callable[[], None] = lambda: None) -> None:
        """Start the first child, then `when_first_runs` (which may wait for it), then the others; watch them all."""
        for number in HANDLED:
            signal.signal(number, self._end)
        try:
            self.children[0].start()
            when_first_runs()
            while not self._is_ending:
                self._look()
                time.sleep(LOOK_SECONDS)
        finally:
            self._stop_all()

    @property
    def is_ending(self) -> bool:
        return self._is_ending

    def _end(self, _number: int, _frame: FrameType | None) -> None:
        self._is_ending = True

    def _look(self) -> None:
        for child in self.children:
            if child.is_running:
                continue
            if child.pid is not None:
                logger.error("%s ended with status %s", child.name, child.status)
                child.signal_group(signal.SIGKILL)  # nothing of a dead child may go on beside the next one
                child.pid = None
                child.plan_restart()
            elif time.monotonic() >= child.start_after:
                child.start()

    def _stop_all(self) -> None:
        for child in self.children:
            child.signal_group(signal.SIGTERM)
        ends = time.monotonic() + PATIENCE_SECONDS
        while any(child.is_running for child in self.children) and time.monotonic() < ends:
            time.sleep(LOOK_SECONDS / 2)
        for child in self.children:
            was_running = child.is_running
            child.signal_group(signal.SIGKILL)
            if was_running and child.pid is not None:
                os.waitpid(child.pid, 0)


def fork(work: Callable[[], None], *, name: str) -> int:
    """A process that does this and ends. This one must have no threads: a fork has only the one that forked.

    The child's group is made on both sides, so that it is there for whoever comes first; and a TERM between fork and
    work waits until the child is itself, lest it be taken for its parent's.
    """
    sys.stdout.flush()
    sys.stderr.flush()
    parent = os.getpid()
    signal.pthread_sigmask(signal.SIG_BLOCK, HANDLED)
    pid = os.fork()
    if pid == 0:
        _do(work, name=name, parent=parent)
    try:
        os.setpgid(pid, pid)
    except (PermissionError, ProcessLookupError):  # it has ended
        pass
    signal.pthread_sigmask(signal.SIG_UNBLOCK, HANDLED)
    return pid


def status_of(work: Callable[[], None], *, name: str) -> int:
    """Do it in a process apart, whose memory goes with it, and wait for its end."""
    _, status = os.waitpid(fork(work, name=name), 0)
    return os.waitstatus_to_exitcode(status)


def _do(work: Callable[[], None], *, name: str, parent: int) -> NoReturn:
    """Never returns into what the parent was doing."""
    status = 1
    try:
        os.setpgid(0, 0)
        for number in HANDLED:
            signal.signal(number, signal.SIG_DFL)
        _tell_kernel(name, parent)
        signal.pthread_sigmask(signal.SIG_UNBLOCK, HANDLED)
        work()
        status = 0
    except SystemExit as end:
        status = _said(end)
    except BaseException:  # whatever it is, this process ends here
        traceback.print_exc()
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(status)


def _said(end: SystemExit) -> int:
    """The status that was meant; words go to where words of an end go."""
    if isinstance(end.code, str):
        sys.stderr.write(f"{end.code}\n")
        return 1
    return int(end.code or 0)


def _tell_kernel(name: str, parent: int) -> None:
    """A name of its own among the processes, and a TERM at the death of the parent."""
    if sys.platform != "linux":
        return
    prctl = ctypes.CDLL(None, use_errno=True).prctl
    prctl(PR_SET_NAME, name.encode())
    prctl(PR_SET_PDEATHSIG, signal.SIGTERM)
    if os.getppid() != parent:  # it died before we asked
        os._exit(1)
