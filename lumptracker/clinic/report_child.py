"""The child process that sets one report: JSON on standard input, a PDF on standard output.

Typesetting takes somebody's words and pictures through a large library, so it happens here: no Django, no settings, no
secret in the environment, no network, nothing written to a disk, and limits on memory, processor and time. It is run
as a file (`lumptracker/clinic/report.py` starts it) and imports nothing of ours.
"""

from __future__ import annotations

import json
import resource
import signal
import sys
from pathlib import Path
from typing import Literal

import typst

MEMORY_BYTES = 2 * 1024**3  # address space; what is resident stays near 100 MB
CPU_SECONDS = 20
WALL_SECONDS = 25
_HERE = Path(__file__).parent


def set_report(document: str) -> bytes:
    """The PDF. Where letters keep it from being PDF/UA-1 (a mark that fits no font), it is tagged all the same."""
    try:
        return _set(document, standard="ua-1")
    except RuntimeError:
        return _set(document, standard=None)


def _set(document: str, *, standard: Literal["ua-1"] | None) -> bytes:
    return typst.compile(
        _HERE / "report.typ",
        font_paths=[_HERE / "fonts"],
        ignore_system_fonts=True,
        format="pdf",
        pdf_standards=standard,
        sys_inputs={"document": document},
        timestamp=json.loads(document)["timestamp"],
    )


def _lay_limits() -> None:
    signal.alarm(WALL_SECONDS)
    for what, most in (
        (resource.RLIMIT_AS, MEMORY_BYTES),
        (resource.RLIMIT_CPU, CPU_SECONDS),
        (resource.RLIMIT_FSIZE, 0),
        (resource.RLIMIT_CORE, 0),
    ):
        hard = resource.getrlimit(what)[1]
        most = most if hard == resource.RLIM_INFINITY else min(most, hard)
        resource.setrlimit(what, (most, most))


def main() -> None:
    _lay_limits()
    sys.stdout.buffer.write(set_report(sys.stdin.buffer.read().decode("utf-8")))


if __name__ == "__main__":
    main()
