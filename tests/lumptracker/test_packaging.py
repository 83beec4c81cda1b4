"""What the compose file and the units start is started here without containers, on a real PostgreSQL and Redis."""

from __future__ import annotations

import os
import re
import shlex
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from uuid import uuid4

import pytest

from lumptracker.celery import QUEUES
from tests.compose import COMPOSE, PACKAGING, command
from tests.servers import Missing, free_port, postgres, redis, wait_for_port, without
from tests.test_killed_web import Script

ROOT = Path(__file__).parents[2]
OURS = {name: one for name, one in COMPOSE["services"].items() if one["image"] == "tracker"}
LASTING = sorted(set(OURS) - {"prepare"})
HAS_SWEPT = "from triage.sweep import last_sweep_at; print(last_sweep_at() is not None)"
PATIENCE_SECONDS = 90  # the machine may be busy with other tests


@dataclass
class Large:
    """The large form as `compose.yaml` has it; only the addresses of the machines differ."""

    folder: Path
    database: str
    broker: str
    port: int

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def surroundings(self) -> dict[str, str]:
        """What the file sets, with the two servers and the public address of this test."""
        kept = {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}
        here = {"DATABASE_URL": self.database, "CELERY_BROKER_URL": self.broker, "PUBLIC_URL": self.url}
        set_by_it = {name: here[name] for name in COMPOSE["x-app"]["environment"]}
        image = dict(part.split("=", 1) for part in _last("ENV").split())
        return {**kept, **image, **set_by_it, "LUMPTRACKER_DATA": str(self.folder), "PYTHONPATH": str(ROOT)}

    def start(self, service: str) -> subprocess.Popen[bytes]:
        with (self.folder / f"{service}.log").open("wb") as log:
            return subprocess.Popen(
                command(service, bind=f"127.0.0.1:{self.port}", folder=self.folder),
                cwd=self.folder,
                env=self.surroundings,
                stdout=log,
                stderr=log,
            )

    def told(self, code: str) -> str:
        command = [sys.executable, "-m", "lumptracker", "shell", "--no-imports", "-c", code]
        done = subprocess.run(
            command, cwd=self.folder, env=self.surroundings, capture_output=True, text=True, check=True
        )
        return done.stdout.strip()

    def said(self) -> str:
        return "\n".join(f"{log.name}: {log.read_text()[-2000:]}" for log in sorted(self.folder.glob("*.log")))

    def until(self, holds: Callable[[], bool], what: str) -> None:
        ends = time.monotonic() + PATIENCE_SECONDS
        while not holds():
            assert time.monotonic() < ends, f"{what}\n{self.said()}"
            time.sleep(0.2)


@pytest.fixture(scope="module")
def large(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Large]:
    folder = tmp_path_factory.mktemp("large")
    with ExitStack() as stack:
        try:
            form = Large(folder, stack.enter_context(postgres()), stack.enter_context(redis()), free_port())
        except Missing as missing:
            without(missing)
        assert form.start("prepare").wait(PATIENCE_SECONDS) == 0, form.said()
        for service in LASTING:
            process = form.start(service)
            stack.callback(process.wait)
            stack.callback(process.kill)
        wait_for_port(form.port, seconds=PATIENCE_SECONDS)
        yield form


@pytest.fixture(scope="module")
def ada(large: Large) -> Script:
    script = Script(large.url)
    large.until(lambda: script.send("GET", "/healthz")[0] == 200, "the web never answered")
    script.begin()
    return script


def test_the_beat_rings_and_the_worker_of_the_bell_sweeps(large: Large) -> None:
    large.until(lambda: large.told(HAS_SWEPT) == "True", "no sweep")


def test_a_check_is_logged_and_an_export_made_by_the_worker_for_photos(large: Large, ada: Script) -> None:
    assert ada.check(uuid4()) == 201
    status, export = ada.send("POST", "/api/v1/export/", b"{}")
    assert status in (200, 201, 202), export

    def is_made() -> bool:
        return bool(ada.send("GET", f"/api/v1/export/{export['id']}/")[1]["state"] == "ready")

    large.until(is_made, "the export was never made")


def test_a_message_is_handed_over_by_the_worker_for_deliveries(large: Large, ada: Script) -> None:
    assert ada.send("POST", "/api/v1/reminders/test/", b"{}")[0] in (200, 201, 202)
    large.until(lambda: any((large.folder / "mail").glob("*")), "no message")


@pytest.mark.parametrize(
    ("unit", "service"),
    [("web", "web"), ("beat", "beat"), *(("worker@", queue) for queue in ("bell", "deliveries", "photos"))],
)
def test_a_unit_starts_what_the_compose_file_starts(unit: str, service: str) -> None:
    text = (PACKAGING / "large" / f"tracker-{unit}.service").read_text().replace("%i", service)
    started = re.search(r"^ExecStart=/opt/tracker/bin/(.*)$", text, re.MULTILINE)
    assert started
    inside = [{"0.0.0.0:8000": "127.0.0.1:8000"}.get(word, word) for word in OURS[service]["command"]]
    assert shlex.split(started[1]) == inside


def test_each_queue_has_a_worker() -> None:
    from_file = {one["command"][-1] for one in OURS.values() if "worker" in one["command"]}
    assert from_file == set(QUEUES)


def test_the_image_is_made_of_files_that_exist_and_let_into_it() -> None:
    let_in = {line[1:].split("/")[0] for line in _lines(".dockerignore") if line.startswith("!")}
    copied = [line.split()[1:-1] for line in _lines("") if line.startswith("COPY ") and "--from=" not in line]
    sources = {source for one in copied for source in one}
    assert [source for source in sources if not (ROOT / source).exists()] == []
    assert {source.split("/")[0] for source in sources} <= let_in


def _lines(suffix: str) -> list[str]:
    return (PACKAGING / f"Containerfile{suffix}").read_text().splitlines()


def _last(word: str) -> str:
    return [line.removeprefix(word).strip() for line in _lines("") if line.startswith(word + " ")][-1]
