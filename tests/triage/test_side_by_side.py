"""Many lines judged by several processes: the same answers in the same order, whatever becomes of a process."""

from __future__ import annotations

import json
import os
import signal
from io import BytesIO
from pathlib import Path

import pytest

from tests.triage.histories import AT, check, document
from triage.side_by_side import BLOCK_BYTES, LINES_HERE, judge_lines

PROCESSES = 3


def many_lines() -> bytes:
    """Some blocks for each process: histories, blank lines, and lines of no sense that make them long."""
    history = json.dumps(document(check(1, pain=0), noticed=20)).encode()
    nonsense = b"x" * (BLOCK_BYTES // 40)
    few = [history, b"", nonsense, nonsense, b"  ", nonsense, nonsense, nonsense]
    return b"\n".join([history, b"", nonsense[:9]] * (LINES_HERE // 9) + few * (PROCESSES * 20))


def judged(source: BytesIO, processes: int) -> tuple[bytes, bool]:
    made = BytesIO()
    good = judge_lines(source, made, at=AT, processes=processes)
    return made.getvalue(), good


def children() -> frozenset[int]:
    return frozenset(map(int, Path(f"/proc/self/task/{os.getpid()}/children").read_text(encoding="ascii").split()))


class Deadly(BytesIO):
    """Kills every process that judges for this one, once some of it has been read."""

    killed = 0
    others = frozenset[int]()  # that were there before

    def readlines(self, hint: int | None = -1, /) -> list[bytes]:
        lines = super().readlines(hint)
        if self.tell() > 4 * BLOCK_BYTES and not self.killed:
            for process in children() - self.others:
                os.kill(process, signal.SIGKILL)
                self.killed += 1
        return lines


def test_several_processes_answer_as_one_does_in_the_order_of_the_lines() -> None:
    alone, good = judged(BytesIO(many_lines()), 1)
    assert not good
    assert judged(BytesIO(many_lines()), PROCESSES) == (alone, False)
    numbers = [row["error"]["line"] for row in map(json.loads, alone.splitlines()) if "error" in row]
    assert numbers[-1] > LINES_HERE
    assert numbers == sorted(numbers)


def test_all_good_is_said_of_all_processes() -> None:
    line = json.dumps(document(check(1, pain=0), noticed=20)).encode() + b"\n"
    assert judged(BytesIO(line * (LINES_HERE + 2)), PROCESSES)[1] is True
    assert judged(BytesIO(line * (LINES_HERE + 1) + b"nonsense"), PROCESSES)[1] is False


@pytest.mark.skipif(not Path("/proc/self/task").exists(), reason="who its children are is told by Linux alone")
def test_what_a_process_that_died_was_given_is_judged_all_the_same() -> None:
    deadly = Deadly(many_lines())
    deadly.others = children()
    assert judged(deadly, PROCESSES) == judged(BytesIO(many_lines()), 1)
    assert deadly.killed == PROCESSES
