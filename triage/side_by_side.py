"""A long file of histories judged by all processors at once, its answers in the order of its lines.

The first lines are judged here, which is all there is to most inputs; what they leave in the caches is shared by every
process that is forked after them. Each of these has one block at a time, so that no more is ever held in memory.
"""

from __future__ import annotations

import os
import signal
import struct
from collections import deque
from collections.abc import Iterable, Sequence
from contextlib import suppress
from datetime import datetime
from io import BytesIO
from itertools import chain, islice
from typing import BinaryIO, NamedTuple

from triage.lines import judge_line

LINES_HERE = 200  # a fork costs as much as a few of them, and they fill the caches
BLOCK_BYTES = 200_000  # some fifty histories of ten checks
MOST_PROCESSES = 8
_HEAD = struct.Struct("!QQ")  # of a block: the number of its first line, its bytes; of an answer: is it good, its bytes


def judge_lines(source: BinaryIO, target: BinaryIO, *, at: datetime, processes: int | None = None) -> bool:
    """Write an answer for every line but the blank ones: whether all were good. `processes`: default by the machine."""
    asked = _processors() if processes is None else processes
    if asked < 2:
        return _judge(source, target, first=1, at=at)
    all_good = _judge(islice(source, LINES_HERE), target, first=1, at=at)
    further = source.readline()  # only where there is more is anything forked
    if not further:
        return all_good
    return _judge_blocks(further, source, target, asked, at=at) and all_good


def _processors() -> int:
    """Those that this process may use; one where a fork is not the usual way to start another."""
    return min(MOST_PROCESSES, len(os.sched_getaffinity(0))) if hasattr(os, "sched_getaffinity") else 1


def _judge(lines: Iterable[bytes], target: BinaryIO, *, first: int, at: datetime) -> bool:
    all_good = True
    for number, line in enumerate(lines, start=first):
        if line.strip():
            text, good = judge_line(line, number=number, at=at)
            all_good = all_good and good
            target.write(text.encode() + b"\n")
    return all_good


class _Block(NamedTuple):
    """Whole lines, and the number of the first of them."""

    first: int
    lines: list[bytes]


def _judge_blocks(further: bytes, source: BinaryIO, target: BinaryIO, processes: int, *, at: datetime) -> bool:
    """The rest of the lines, in turn by each process. `further` is the first of them."""
    all_good, first = True, LINES_HERE + 1
    helpers: list[_Helper] = []
    for _ in range(processes):
        helpers.append(_Helper(at, helpers))
    waiting: deque[tuple[_Helper, _Block]] = deque()
    try:
        for lines in chain([[further]], iter(lambda: source.readlines(BLOCK_BYTES), [])):
            if len(waiting) == processes:
                all_good = _collect(*waiting.popleft(), target, at=at) and all_good
            block, helper = _Block(first, lines), helpers[0]
            helpers.append(helpers.pop(0))
            helper.give(block)
            waiting.append((helper, block))
            first += len(lines)
        while waiting:
            all_good = _collect(*waiting.popleft(), target, at=at) and all_good
    finally:
        for helper in helpers:
            helper.let_go()
        for helper in helpers:
            helper.wait()
    return all_good


def _collect(helper: _Helper, block: _Block, target: BinaryIO, *, at: datetime) -> bool:
    """What a helper made of a block. Where the helper is no more, as when memory ran out, it is judged here."""
    told = helper.take()
    if told is None:
        return _judge(block.lines, target, first=block.first, at=at)
    good, text = told
    target.write(text)
    return good


class _Helper:
    """A process that judges the blocks it is given, and ends with its pipes or with who started it."""

    def __init__(self, at: datetime, others: Sequence[_Helper]) -> None:
        """`others`: those started before, whose pipes this one must not keep open."""
        theirs, self._to = os.pipe()
        self._from, answers = os.pipe()
        self._pid = os.fork()
        if self._pid == 0:
            try:
                signal.signal(signal.SIGINT, signal.SIG_DFL)  # who stopped us has been told by the process above
                for helper in (*others, self):
                    helper.let_go()
                _serve(theirs, answers, at)
            finally:
                os._exit(0)  # what the process above has not yet written is its own to write
        os.close(theirs)
        os.close(answers)

    def give(self, block: _Block) -> None:
        """Begin with a block. A helper that is no more is found out by `take`."""
        text = b"".join(block.lines)
        with suppress(BrokenPipeError):
            _send(self._to, _HEAD.pack(block.first, len(text)) + text)

    def take(self) -> tuple[bool, bytes] | None:
        """Wait for the answer to the block given last: whether all was good, and the lines. None: it has died."""
        told = _receive(self._from)
        return None if told is None else (bool(told[0]), told[1])

    def let_go(self) -> None:
        """Close this end of the pipes: it ends when it has seen that."""
        os.close(self._to)
        os.close(self._from)

    def wait(self) -> None:
        os.waitpid(self._pid, 0)


def _serve(source: int, target: int, at: datetime) -> None:
    while (given := _receive(source)) is not None:
        first, text = given
        made = BytesIO()
        good = _judge(BytesIO(text), made, first=first, at=at)
        with suppress(BrokenPipeError):
            _send(target, _HEAD.pack(good, made.tell()) + made.getvalue())


def _send(pipe: int, text: bytes) -> None:
    left = memoryview(text)
    while left:
        left = left[os.write(pipe, left) :]


def _receive(pipe: int) -> tuple[int, bytes] | None:
    """A number and a text; None where the other end was closed before they were whole."""
    head = _read(pipe, _HEAD.size)
    if head is None:
        return None
    number, size = _HEAD.unpack(head)
    text = _read(pipe, size)
    return None if text is None else (number, text)


def _read(pipe: int, size: int) -> bytes | None:
    parts: list[bytes] = []
    while size:
        part = os.read(pipe, size)
        if not part:
            return None
        parts.append(part)
        size -= len(part)
    return b"".join(parts)
