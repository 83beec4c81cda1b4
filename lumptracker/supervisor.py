"""Keeps a few child processes running and takes them all down with it.

Each child leads a process group of its own, so that what it started goes with it. A child that dies is started again,
ever more slowly if it keeps dying. Should this process itself be killed, the kernel ends the children (Linux).
"""

from __future__ import annotations

import ctypes
import logging
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from types import FrameType

logger = logging.getLogger(__name__)

PATIENCE_SECONDS = 8.0  # for a child to end by itself after TERM
LONGEST_PAUSE_SECONDS = 30.0  # between two starts of a child that keeps dying
STEADY_SECONDS = 60.0  # after so long a life the next pause is short again
LOOK_SECONDS = 0.1
PR_SET_PDEATHSIG = 1  # prctl(2)


@dataclass
class Child:
    """One command, and how its lives went."""

    name: str
    command: Sequence[str]
    environment: Mapping[str, str] = field(default_factory=dict)
    process: subprocess.Popen[bytes] | None = None
    started_at: float = 0.0  # seconds of the monotonic clock
    pause_seconds: float = 0.5
    start_after: float = 0.0

    @property
    def is_running(self) -> bool:
        return self.process is not None and self.process.poll() is None

    def start(self) -> None:
        self.process = subprocess.Popen(
            self.command,
            env={**os.environ, **self.environment},
            start_new_session=True,
            preexec_fn=_end_with_parent(os.getpid()),  # nothing here has threads when it forks
        )
        self.started_at = time.monotonic()

    def signal_group(self, number: signal.Signals) -> None:
        """To the child and all it started. What is gone already needs no signal."""
        if self.process is None:
            return
        try:
            os.killpg(self.process.pid, number)
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
        for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
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
            if child.process is not None:
                logger.error("%s ended with status %s", child.name, child.process.returncode)
                child.signal_group(signal.SIGKILL)  # nothing of a dead child may go on beside the next one
                child.process = None
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
            child.signal_group(signal.SIGKILL)
            if child.process is not None:
                child.process.wait()


def _end_with_parent(parent: int) -> Callable[[], None] | None:
    """Run in the child before its command: ask the kernel for a TERM at the death of the parent."""
    if sys.platform != "linux":
        return None
    prctl = ctypes.CDLL(None, use_errno=True).prctl

    def ask() -> None:
        prctl(PR_SET_PDEATHSIG, signal.SIGTERM)
        if os.getppid() != parent:  # it died before we asked
            os._exit(1)

    return ask
