"""Does the harm: kills, puts to sleep, waits for quiet. The gate throws the same dice each time, the soak new ones."""

from __future__ import annotations

import json
import os
import random
import signal
import time
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

from tests.crashing import Installation
from tests.sinks import records
from tests.triage.killing.checker import Arrivals, Row

LEASE = timedelta(seconds=90)
PATIENCE_SECONDS = 60.0  # the machine may be busy
MOST_REFUSALS = 5
SECONDS_A_DEATH = 2.4  # for what one death left in many hands
FIRST_LIFE, LONGEST_LIFE = 0.15, 2.0  # seconds at most that a worker has; more where the machine is busy
LOOKED_AT = 10  # deaths, after which it is seen whether any of them had a message in hand


class Nemesis:
    """Two workers at a time on one populated outbox. `at` is the time that is played."""

    def __init__(self, place: Installation, *, at: datetime, seed: int = 0) -> None:
        self.place, self.at = place, at
        self.dice = random.Random(seed)
        self.intents: dict[str, int] = {}  # lump → messages about it
        self.workers: list[int] = []
        self.deaths = 0
        self.life, self.taken = FIRST_LIFE, 0

    def fill(self, people: int) -> list[str]:
        """So many are to be told something by each of two ways; returns the intents."""
        subscription = self.place.pushes.subscribe(uuid4().hex)
        lump, *rows = self.place.ask("fill", at=self.at.isoformat(), subscription=subscription, count=people)
        self.intents[lump] = len(rows)
        return list(rows)

    def grow(self, people: int, *, zone: str = "Europe/London") -> None:
        """So many have something new that must be judged first, and is then told by each of two ways."""
        subscription = self.place.pushes.subscribe(uuid4().hex)
        for lump in self.place.ask("grow", at=self.at.isoformat(), subscription=subscription, count=people, zone=zone):
            self.intents[lump] = 2

    def kill(self, count: int, *, step: timedelta) -> None:
        """Kill so many, each at a random moment of its work; the played time goes on by `step` with each. A victim
        that was done before its death does not count: then there is more to do."""
        while count:
            self.at += step
            while len(self.workers) < 2:
                self.workers.append(self.place.spawn("work", at=self.at.isoformat()))
            time.sleep(self.dice.uniform(0.01, self.life))
            victim = self.workers.pop(self.dice.randrange(2))
            os.kill(victim, signal.SIGKILL)
            if self.place.reap(victim) == -signal.SIGKILL:
                count -= 1
                self.deaths += 1
                if not self.deaths % LOOKED_AT:
                    self._live_longer_unless_busy()
            else:
                self.fill(60)

    def _live_longer_unless_busy(self) -> None:
        """On a busy machine a worker may be dead before it has begun: then none of its deaths shows anything."""
        taken = int(self.place.ask("taken"))
        if taken == self.taken:
            self.life = min(2 * self.life, LONGEST_LIFE)
        self.taken = taken

    def stop_all(self) -> None:
        """End what still works; that is a death as well."""
        for worker in self.workers:
            os.kill(worker, signal.SIGKILL)
            self.place.reap(worker)
        self.workers = []

    def quiet(self) -> None:
        """Let it finish in peace, once every lease has run out. What each of the dead had in hand is tried alone, one
        after the other, so this takes the longer the more have died."""
        self.stop_all()
        patience = self.deaths * SECONDS_A_DEATH
        for _ in range(3):
            self.at += LEASE + timedelta(seconds=1)
            self.place.ask("work", at=self.at.isoformat(), longest_seconds=patience)
        for _ in range(MOST_REFUSALS):  # on a busy machine the far end may not answer in time
            if not (put_off := self.place.ask("put_off_until")):
                break
            self.at = max(self.at, datetime.fromisoformat(put_off)) + timedelta(seconds=1)
            self.place.ask("work", at=self.at.isoformat(), longest_seconds=patience)

    def asleep(self, *, at: str, place: str, lease_seconds: float, bug: str = "") -> int:
        """A worker that stopped right there, as a laptop does whose lid is shut."""
        worker = self.place.spawn("work", at=at, stop_at=place, lease_seconds=lease_seconds, bug=bug)
        ends = time.monotonic() + PATIENCE_SECONDS
        while state_of_process(worker) != "T":
            assert time.monotonic() < ends, "it never came to that place"
            time.sleep(0.01)
        return worker

    def wake(self, worker: int) -> int:
        os.kill(worker, signal.SIGCONT)
        return self.place.reap(worker)


def state_of_process(pid: int) -> str:
    return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]


def rows_of(place: Installation) -> list[Row]:
    """The whole outbox."""
    path: Any = place.ask("ledger")  # Any: JSON
    found = json.loads(Path(path).read_text())
    return [Row(**{**row, "key": tuple(row["key"])}) for row in found]


def arrivals_at(place: Installation) -> Arrivals:
    return Arrivals.of(place.mails.mails, records(place.pushes.path))
