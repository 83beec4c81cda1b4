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
from tests.servers import Missing, Redis, postgres_cluster, redis_server
from tests.sinks import mail_sink, push_service
from tests.triage.killing.nemesis import Nemesis, rows_of

SWEEP_SECONDS = 5
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
            pytest.skip(str(missing))
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
    started = datetime.fromisoformat(working.place.ask("now"))
    working.until_swept_after(started)
    working.broker.empty()
    working.broker.kill()
    killed = datetime.fromisoformat(working.place.ask("now"))
    Nemesis(working.place, at=killed).fill(6)
    first = working.until_swept_after(killed)
    assert first - killed <= timedelta(seconds=3 * SWEEP_SECONDS), "two intervals until it notices, and one to begin"
    working.until_swept_after(first)
    assert {row.state for row in rows_of(working.place)} == {"sent"}
    assert len(working.place.mails.mails) == 6
    assert json.loads(working.place.ask("ready"))["ready"] is True
