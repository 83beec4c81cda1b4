"""Pictures with changed bytes, thousands of them: each ends in a picture or in a refusal."""

from __future__ import annotations

import faulthandler
import multiprocessing
import random
import signal
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from multiprocessing.sharedctypes import Synchronized
from pathlib import Path
from uuid import uuid4

import pytest

from tests import pictures
from tests.pictures import CANARY, KINDS
from tests.test_killed_web import Script
from tests.web import Web
from tracking import photo_child
from tracking.photos import MAX_BYTES

MUTANTS_EACH = 2500


TOO_LONG_SECONDS = 240  # on a machine that does much else


@pytest.mark.parametrize("part", range(4))
def test_ten_thousand_mutants_end_in_a_picture_or_a_refusal(part: int) -> None:
    _end_well(part)


@pytest.mark.soak
@pytest.mark.parametrize("part", range(4, 404))
def test_a_million_mutants_end_in_a_picture_or_a_refusal(part: int) -> None:
    _end_well(part)


def test_the_web_stays_small_while_mutants_arrive(tmp_path: Path) -> None:
    _arrive(tmp_path, mutants=40)


@pytest.mark.soak
def test_the_web_stays_small_while_ten_thousand_mutants_arrive(tmp_path: Path) -> None:
    _arrive(tmp_path, mutants=10_000)


def _arrive(folder: Path, *, mutants: int) -> None:
    """Sent to a real server, six at a time, each fifth as large as one may be: its processes at their largest."""
    seeds = [pictures.with_canaries(kind) for kind in KINDS] + [pictures.turned("HEIF", 6)]
    (folder / "data").mkdir()
    web = Web(folder / "data")
    try:
        web.wait()
        script, check = Script(web.url), uuid4()
        script.begin()
        assert script.check(check) == 201

        def send(number: int) -> int:
            mutant = _mutant(seeds[number % len(seeds)], f"web {number}")
            padded = mutant + bytes(MAX_BYTES - len(mutant)) if number % 5 == 0 else mutant
            while (status := script.photo(uuid4(), check, padded)) in (0, 429):
                pass  # late, or all slots were taken for as long as the server waits for one: sent again, as phones do
            return status

        processes = [web.process.pid, *web.workers()]
        with ThreadPoolExecutor(6) as phones:
            answers = Counter(phones.map(send, range(mutants)))
        assert answers.keys() <= {201, 413, 415}, answers
        assert answers[201]
        assert answers[415]
        assert processes == [web.process.pid, *web.workers()], "none had to be started anew"
        peaks = [_peak_bytes(pid) for pid in processes]
        assert max(peaks) < 300_000_000, peaks
        web.wait()
    finally:
        web.end()


def _peak_bytes(pid: int) -> int:
    """The most that was resident at any time, what it shares with others included."""
    status = Path(f"/proc/{pid}/status").read_text()
    return int(status.partition("VmHWM:")[2].split()[0]) * 1024


def _end_well(part: int) -> None:
    """In one bounded child for many, because starting thousands would take many minutes.

    libheif's binding does crash on some broken metadata, which is why no picture is decoded but in a child; the next
    test shows that such an end is a refusal and nothing more. Here the rest goes on after it.
    """
    fork = multiprocessing.get_context("fork")
    reached, crashes = fork.Value("i", 0), 0
    while reached.value < MUTANTS_EACH:
        mutants = fork.Process(target=_develop_mutants, args=(part, reached))
        mutants.start()
        mutants.join(TOO_LONG_SECONDS + 5)
        assert mutants.exitcode in (0, -signal.SIGSEGV), reached.value
        crashes += mutants.exitcode != 0
    assert crashes <= MUTANTS_EACH // 100


def _develop_mutants(part: int, reached: Synchronized[int]) -> None:
    """All from the one after `reached`, which is moved before each, so that a crash is not tried twice."""
    faulthandler.disable()  # its report of an expected crash would drown everything else
    photo_child.CPU_SECONDS = TOO_LONG_SECONDS  # thousands of pictures, not one; this process ends with them
    photo_child._lay_limits()
    signal.alarm(TOO_LONG_SECONDS)
    seeds = [pictures.with_canaries(kind) for kind in KINDS] + [pictures.turned("HEIF", 6)]
    for number in range(reached.value, MUTANTS_EACH):
        reached.value = number + 1
        try:
            large, thumb, _ = photo_child.clean_picture(_mutant(seeds[number % len(seeds)], f"{part} {number}"))
            assert CANARY not in large + thumb
        except photo_child.Refused:
            continue


def _mutant(picture: bytes, seed: str) -> bytes:
    chance, mutant = random.Random(seed), bytearray(picture)
    for _ in range(chance.choice((1, 3, 20))):
        mutant[chance.randrange(chance.choice((64, len(mutant))))] = chance.randrange(256)
    if chance.random() < 0.2:
        del mutant[chance.randrange(len(mutant)) :]
    return bytes(mutant)
