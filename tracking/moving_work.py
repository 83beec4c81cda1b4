"""Exports and imports that wait, one after the other, for as long as a pass may take."""

from __future__ import annotations

import time
from datetime import datetime

from tracking.exports import run_export
from tracking.import_job import run_import

SECONDS = 20.0  # an import goes on in the next pass where this one left it


def move_due(*, at: datetime, seconds: float = SECONDS) -> int:
    """How many were begun or gone on with."""
    ends = time.monotonic() + seconds
    moved = 0
    while time.monotonic() < ends and (run_export(at=at) or run_import(at=at, ends=ends)):
        moved += 1
    return moved
