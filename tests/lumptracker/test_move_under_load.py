"""`manage.py move` beside a running app that people log to: killed, begun again, and equal in the end.

Everything is real: the web server, SQLite, photos, `kill -9`, PostgreSQL, and a bucket.
"""

from __future__ import annotations

import json
import random
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from uuid import UUID, uuid4

import pytest

from tests.lumptracker.installation import ROOT, Installation
from tests.lumptracker.large import Large, large_form
from tests.test_killed_web import Script
from tests.web import Web

KILLS = 2
ENOUGH = 20  # entries that came in while rows were being carried, at least
THERE = """
from tracking.vault import read_bytes
print(json.dumps({"checks": sorted(map(str, Observation.objects.values_list("pk", flat=True))),
    "photos": {str(photo.pk): read_bytes(photo.large_key).hex() for photo in Photo.objects.all()},
    "notes": sorted(row.note for row in Observation.objects.all())}))
"""


@dataclass
class Logging:
    """Somebody who logs ten times a second at most, every tenth check with a photo, until told to stop."""

    script: Script
    checks: set[UUID] = field(default_factory=set)  # answered with 201
    photos: set[UUID] = field(default_factory=set)  # as above
    refused: list[int] = field(default_factory=list)
    stop: threading.Event = field(default_factory=threading.Event)

    def run(self) -> None:
        number = 0
        while not self.stop.wait(0.1):
            number += 1
            check, photo = uuid4(), uuid4()
            self._note(self.script.check(check, note=f"seen {check}"), check, self.checks)
            if number % 10 == 0:
                self._note(self.script.photo(photo, check), photo, self.photos)

    def _note(self, status: int, made: UUID, where: set[UUID]) -> None:
        if status == 201:
            where.add(made)
        else:
            self.refused.append(status)


@pytest.fixture(name="large")
def _large() -> Iterator[Large]:
    with large_form() as large:
        yield large


def test_a_move_beside_people_who_log_is_killed_resumed_and_equal(large: Large, tmp_path: Path) -> None:
    (tmp_path / "data").mkdir()
    where = ("--database", large.database, "--storage", large.storage)
    luck = random.Random(20)
    with ExitStack() as stack:
        web = Web(tmp_path / "data")
        stack.callback(web.end)
        web.wait()
        people = []
        for name in ("ada", "bea"):
            script = Script(web.url)
            script.begin(email=f"{name}@example.org", name=name)
            people.append(Logging(script))
        threads = [threading.Thread(target=one.run, daemon=True) for one in people]
        for thread in threads:
            thread.start()
        for one in people:
            stack.callback(one.stop.set)

        small = Installation(tmp_path / "data")
        began, before = time.monotonic(), sum(len(one.checks) for one in people)
        small.manage("move", *where)
        whole = time.monotonic() - began
        assert sum(len(one.checks) for one in people) > before + ENOUGH, "nobody logged while it was moved"
        for _ in range(KILLS):
            _killed(small, where, seconds=luck.uniform(0.4, 1.1) * whole)
        for one in people:
            one.stop.set()
        for thread in threads:
            thread.join()

    last = json.loads(small.manage("move", *where, "--finish").splitlines()[0])
    assert (last["differing_tables"], last["differing_pictures"]) == ({}, [])
    moved = Installation(small.folder, {"DATABASE_URL": large.database, "STORAGE_URL": large.storage})
    there = moved.told(THERE)
    assert there == small.told(THERE)
    assert {str(pk) for one in people for pk in one.checks} <= set(there["checks"])
    assert {str(pk) for one in people for pk in one.photos} <= set(there["photos"])
    assert all(one.photos for one in people)
    assert [one.refused for one in people] == [[], []], "the app went on all the time"


def _killed(small: Installation, where: tuple[str, ...], *, seconds: float) -> None:
    command = [sys.executable, "manage.py", "move", *where]
    quiet = subprocess.DEVNULL
    process = subprocess.Popen(command, cwd=ROOT, env=small.surroundings, stdout=quiet, stderr=quiet)
    try:
        process.wait(seconds)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
