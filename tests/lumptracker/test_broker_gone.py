"""The broker is emptied, then killed for good, under a real worker and a real beat: what is due still goes out."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from tests.crashing import ROOT, Installation
from tests.servers import Missing, Redis, postgres_cluster, redis_server, without
from tests.sinks import mail_sink, push_service
from tests.triage.killing.checker import violations
from tests.triage.killing.nemesis import Nemesis, arrivals_at, rows_of

SWEEP_SECONDS = 10  # of these, half an interval is left to a busy machine
PATIENCE = 120.0  # seconds: the machine may be busy with other tests


class Working:
    """An installation with a worker and a beat of its own, and the Redis between them."""

    def __init__(self, place: Installation, broker: Redis) -> None:
        self.place, self.broker = place, broker
        self.log = Path(place.environment["LUMPTRACKER_DATA"]) / "celery.log"
        self.processes: list[subprocess.Popen[bytes]] = []

    def start(self) -> None:
        celery = [sys.executable, "-m", "celery", "--app", "lumptracker", "--quiet"]
        folder = Path(self.place.environment["LUMPTRACKER_DATA"])
        commands = [
            [*celery, "worker", "--pool", "threads", "--concurrency", "2", "--loglevel", "ERROR"],
            [*celery, "beat", "--loglevel", "ERROR", "--schedule", str(folder / "beat"), "--pidfile", ""],
        ]
        with self.log.open("ab") as log:
            for command in commands:
                self.processes.append(
                    subprocess.Popen(command, cwd=ROOT, env=self.place.environment, stdout=log, stderr=log)
                )

    def stop(self) -> None:
        for process in self.processes:
            process.kill()
            process.wait()

    def now(self) -> datetime:
        return datetime.fromisoformat(self.place.ask("now"))

    def empty_broker_while_rows_wait(self, nemesis: Nemesis) -> None:
        """The rings are lost, too; whoever comes too late does it again."""
        is_waiting = False
        while not is_waiting:
            nemesis.fill(40)
            is_waiting = any(row.state == "waiting" for row in rows_of(self.place))
            self.broker.empty()

    def until_all_sent(self, nemesis: Nemesis) -> datetime:
        """The moment at which all is judged and nothing is left to hand over."""
        ends = time.monotonic() + PATIENCE
        while time.monotonic() < ends:
            rows = rows_of(self.place)
            if {row.state for row in rows} == {"sent"} and len(rows) == sum(nemesis.intents.values()):
                return self.now()
            time.sleep(0.2)
        raise TimeoutError(f"it was never sent: {self.log.read_text()}")

    def last_sweep(self) -> datetime | None:
        text = self.place.ask("last_sweep")
        return datetime.fromisoformat(text) if text else None

    def until_swept_after(self, moment: datetime) -> datetime:
        """When the first pass ended that had begun after `moment`."""
        ends = time.monotonic() + PATIENCE
        while time.monotonic() < ends:
            last = self.last_sweep()
            if last and last > moment:
                return last
            time.sleep(0.5)
        raise TimeoutError(f"nothing swept any more: {self.log.read_text()}")


@pytest.fixture(name="working", params=["sqlite", pytest.param("postgres", marks=pytest.mark.soak)])
def _working(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Working]:
    with ExitStack() as stack:
        try:
            broker = stack.enter_context(redis_server())
            cluster = stack.enter_context(postgres_cluster()) if request.param == "postgres" else None
        except Missing as missing:
            without(missing)
        mails = stack.enter_context(mail_sink(tmp_path / "mails.jsonl"))
        pushes = stack.enter_context(push_service(tmp_path / "pushes.jsonl"))
        settings: dict[str, Any] = {"CELERY_BROKER_URL": broker.url, "SWEEP_SECONDS": str(SWEEP_SECONDS)}  # Any: text
        place = Installation(tmp_path, mails, pushes, cluster=cluster, **settings)
        stack.callback(place.close)
        working = Working(place, broker)
        stack.callback(working.stop)
        working.start()
        yield working


def test_all_that_is_due_goes_out_although_the_broker_is_gone_for_good(working: Working) -> None:
    started = working.now()
    working.until_swept_after(started)
    nemesis = Nemesis(working.place, at=started)
    working.empty_broker_while_rows_wait(nemesis)
    working.until_all_sent(nemesis)
    working.broker.kill()
    nemesis.at = working.now()
    nemesis.grow(2, zone=f"Etc/GMT{nemesis.at.hour - 12:+d}")  # where it is noon: at night some of it would wait
    nemesis.at = working.now()
    nemesis.fill(6)
    assert working.until_all_sent(nemesis) - nemesis.at <= timedelta(seconds=2 * SWEEP_SECONDS)
    rows, arrivals = rows_of(working.place), arrivals_at(working.place)
    assert violations(rows, arrivals, expected=nemesis.intents) == []
    assert set(arrivals.mails.values()) == set(arrivals.pushes.values()) == {1}
    assert json.loads(working.place.ask("ready"))["ready"] is True
