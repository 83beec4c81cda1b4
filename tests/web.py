"""The web server alone, without the worker: what a phone talks to. It can be killed and comes back."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

from tests.e2e.product import ROOT, answers
from tests.servers import free_port

START_SECONDS = 60


class Web:
    """Two workers of it on a data folder of its own, or on what `settings` say."""

    def __init__(self, data: Path, **settings: str) -> None:
        self.port = free_port()
        keep = {key: value for key, value in os.environ.items() if key in ("PATH", "HOME", "LANG", "TMPDIR")}
        self.environment = {**keep, "PORT": str(self.port), "LUMPTRACKER_DATA": str(data), "RATE_LIMITS": "off"}
        self.environment |= settings
        self.url = f"http://127.0.0.1:{self.port}"
        self.log = data.parent / "web.log"
        self.kills = 0
        self.manage("prepare")
        self.start()

    def manage(self, *arguments: str) -> str:
        command = [sys.executable, "manage.py", *arguments]
        done = subprocess.run(command, cwd=ROOT, env=self.environment, check=True, capture_output=True, text=True)
        return done.stdout

    def start(self) -> None:
        options = ["--bind", f"127.0.0.1:{self.port}", "--worker-class", "gthread", "--workers", "2", "--threads", "4"]
        command = [sys.executable, "-m", "gunicorn", *options, "--preload", "lumptracker.wsgi:application"]
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                command, cwd=ROOT, env=self.environment, stdout=log, stderr=log, start_new_session=True
            )

    def wait(self) -> None:
        deadline = time.monotonic() + START_SECONDS
        while not answers(f"{self.url}/healthz"):
            assert time.monotonic() < deadline, self.log.read_text()[-4000:]
            time.sleep(0.02)

    def kill(self) -> None:
        """`kill -9` of its workers, which the master replaces; every sixth time of all there is."""
        self.kills += 1
        if self.kills % 6 == 0:
            self.end()
            self.start()
        else:
            for pid in self.workers():
                os.kill(pid, signal.SIGKILL)
        self.wait()

    def workers(self) -> list[int]:
        children = Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children").read_text()
        return [int(pid) for pid in children.split()]

    def end(self) -> None:
        """Returns when the last of its workers is gone too, with the files it held open."""
        os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()
        deadline = time.monotonic() + START_SECONDS
        while _are_there(self.process.pid) and time.monotonic() < deadline:
            time.sleep(0.01)


def _are_there(group: int) -> bool:
    try:
        os.killpg(group, 0)
    except ProcessLookupError:
        return False
    return True
