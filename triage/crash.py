"""Named places where a test may kill this process, so that every gap between two steps is really hit.

`LUMPTRACKER_CRASH_AT=before_send` (or `before_send:3` for the third passing) ends the process there with SIGKILL,
as a power cut would: nothing is flushed, no `finally` runs. Unset, which is always but in those tests, it does nothing.
"""

from __future__ import annotations

import os
import signal

CRASH_POINTS = (
    "before_intent",
    "after_intent",
    "after_assessment",
    "after_claim",
    "before_send",
    "after_send",
    "after_mark",
)

_name, _passings_left, _number = "", 0, signal.SIGKILL


def arm(place: str, *, number: signal.Signals = signal.SIGKILL) -> None:
    """Have the process die at `place`, written as in the environment; empty: nowhere. SIGSTOP: fall asleep instead."""
    global _name, _passings_left, _number  # one setting for the whole process is the point
    _name, _, count = place.partition(":")
    _passings_left, _number = int(count or 1), number


def crash_point(name: str) -> None:
    """Die here if this is the place."""
    global _passings_left  # as above
    if name != _name:
        return
    _passings_left -= 1
    if _passings_left == 0:
        os.kill(os.getpid(), _number)


arm(os.environ.get("LUMPTRACKER_CRASH_AT", ""))
