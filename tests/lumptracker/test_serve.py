"""`manage.py serve` as a whole: it answers, it works without anybody's help, and it leaves nothing behind."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from http.client import HTTPConnection
from pathlib import Path

import pytest

from lumptracker.management.commands.serve import qr_code
from tests.servers import free_port

ROOT = Path(__file__).parents[2]
PATIENCE = 60.0  # seconds: the machine may be busy with other tests


class Served:
    """One running installation and the processes it consists of."""

    def __init__(self, folder: Path, **settings: str) -> None:
        self.port = free_port()
        self.log = folder / "serve.log"
        kept = {name: value for name, value in os.environ.items() if name in ("PATH", "HOME", "LANG")}
        environment = {**kept, "LUMPTRACKER_DATA": str(folder / "data"), "PORT": str(self.port), "SWEEP_SECONDS": "1"}
        environment |= settings
        with self.log.open("wb") as log:
            command = [sys.executable, "manage.py", "serve"]
            self.process = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=log, stderr=log)
        self.until(lambda: "Ctrl-C stops it" in self.log.read_text())

    def until(self, is_true: object) -> None:
        """Wait for it."""
        assert callable(is_true)
        ends = time.monotonic() + PATIENCE
        while not is_true():
            assert time.monotonic() < ends, self.log.read_text()
            assert self.process.poll() is None, self.log.read_text()
            time.sleep(0.05)

    def ask(self, path: str) -> tuple[int, bytes]:
        web = HTTPConnection("127.0.0.1", self.port, timeout=10)
        try:
            web.request("GET", path)
            answer = web.getresponse()
            return answer.status, answer.read()
        finally:
            web.close()

    def children(self) -> dict[str, int]:
        """Name → process id of what the supervisor started."""
        found = {}
        for status in Path("/proc").glob("[0-9]*/stat"):
            try:
                parent = int(status.read_text().rpartition(")")[2].split()[1])
                name = (status.parent / "comm").read_text().strip()
            except (OSError, ValueError):  # it ended while we looked
                continue
            if parent == self.process.pid:
                found[name.removeprefix("tracker-")] = int(status.parent.name)
        return found

    def has_all_children(self) -> bool:
        return set(self.children()) == {"web", "worker", "beat"}

    def swept_seconds_ago(self) -> int:
        return int(json.loads(self.ask("/readyz")[1])["last_sweep_seconds"])


@pytest.fixture
def served(tmp_path: Path) -> Iterator[Served]:
    running = Served(tmp_path)
    yield running
    if running.process.poll() is None:
        running.process.kill()
        running.process.wait()


def is_gone(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] == "Z"
    except OSError:
        return True


def wait_until_gone(pids: list[int]) -> None:
    ends = time.monotonic() + PATIENCE
    while not all(is_gone(pid) for pid in pids):
        assert time.monotonic() < ends, "something was left behind"
        time.sleep(0.05)


def test_it_serves_works_and_brings_back_what_dies(served: Served) -> None:
    assert served.ask("/healthz")[0] == 200
    served.until(served.has_all_children)
    before = served.children()
    os.kill(before["worker"], signal.SIGKILL)
    os.kill(before["beat"], signal.SIGKILL)
    served.until(
        lambda: (
            served.has_all_children() and not set(before.values()) - {before["web"]} & set(served.children().values())
        )
    )
    served.until(lambda: served.swept_seconds_ago() <= 2)
    pids = list(served.children().values())
    began = time.monotonic()
    served.process.send_signal(signal.SIGTERM)
    assert served.process.wait(PATIENCE) == 0
    assert time.monotonic() - began < 12
    wait_until_gone(pids)


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells children of their parent's death")
def test_when_the_supervisor_is_killed_nothing_goes_on_without_it(served: Served) -> None:
    served.until(served.has_all_children)
    pids = list(served.children().values())
    served.process.kill()
    served.process.wait()
    wait_until_gone(pids)


def test_a_port_in_use_is_said_in_one_line(served: Served, tmp_path: Path) -> None:
    environment = {**os.environ, "LUMPTRACKER_DATA": str(tmp_path / "other"), "PORT": str(served.port)}
    command = [sys.executable, "manage.py", "serve"]
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode != 0
    assert f"Port {served.port} is in use" in done.stderr


def test_the_code_for_the_phone_is_drawn_with_a_quiet_border() -> None:
    lines = qr_code("https://tracker.example.org").splitlines()
    assert len({len(line) for line in lines}) == 1
    assert set(lines[0].strip()) == {"█"}
