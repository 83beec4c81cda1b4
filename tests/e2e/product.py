"""The product as the README says: `make run` in a process of its own, with a mail server and a push service beside it.

`running_product(...)` yields a `Product`; everything in it is real but the vendor's push service, which is
`tests.sinks.PushService` on a loopback port.
"""

from __future__ import annotations

import os
import signal
import subprocess
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.servers import free_port

ROOT = Path(__file__).parents[2]
START_SECONDS = 600  # a first start may still have to install and build everything
STOP_SECONDS = 20


@dataclass
class Product:
    """A started installation."""

    url: str
    data: Path
    process: subprocess.Popen[bytes]
    log: Path
    environment: dict[str, str]

    def children(self) -> dict[int, str]:
        """Process id → command line of everything that belongs to this installation."""
        return processes_with(f"LUMPTRACKER_DATA={self.data}")

    def worker_pids(self) -> list[int]:
        return [pid for pid in self.children() if name_of(pid) == "tracker-worker"]

    def kill_worker(self) -> None:
        """`kill -9` of every process of the Celery worker; the supervisor starts it anew."""
        for pid in self.worker_pids():
            os.kill(pid, signal.SIGKILL)

    def manage(self, *arguments: str) -> str:
        """What `manage.py ARGUMENTS` prints on this installation."""
        command = [str(ROOT / ".venv/bin/python"), "manage.py", *arguments]
        done = subprocess.run(command, cwd=ROOT, env=self.environment, check=True, capture_output=True, text=True)
        return done.stdout


def processes_with(assignment: str) -> dict[int, str]:
    """Processes whose environment holds `NAME=value`."""
    found = {}
    for folder in Path("/proc").iterdir():
        if not folder.name.isdigit() or int(folder.name) == os.getpid():
            continue
        try:
            if assignment.encode() in (folder / "environ").read_bytes().split(b"\0"):
                found[int(folder.name)] = (folder / "cmdline").read_bytes().replace(b"\0", b" ").decode()
        except OSError:
            continue  # it ended while we looked
    return {pid: command for pid, command in found.items() if command}


def name_of(pid: int) -> str | None:
    """What the process calls itself; None when it ended while we looked."""
    try:
        return Path(f"/proc/{pid}/comm").read_text(encoding="ascii").strip()
    except OSError:
        return None


def answers(url: str) -> bool:
    try:
        with urllib.request.urlopen(url, timeout=2) as answer:
            return bool(answer.status == 200)
    except (urllib.error.URLError, ConnectionError, TimeoutError):
        return False


def start_product(data: Path, *, settings: dict[str, str] | None = None, port: int | None = None) -> Product:
    """Start `make run` and return once it answers. `settings` are environment variables."""
    port = port or free_port()
    keep = {key: value for key, value in os.environ.items() if key in ("PATH", "HOME", "LANG", "CI", "TMPDIR")}
    environment = {**keep, "PORT": str(port), "LUMPTRACKER_DATA": str(data), "SWEEP_SECONDS": "2", **(settings or {})}
    data.mkdir(parents=True, exist_ok=True)
    log = data / "run.log"
    with log.open("ab") as output:
        process = subprocess.Popen(
            ["make", "--silent", "run"], cwd=ROOT, env=environment, stdout=output, stderr=output, start_new_session=True
        )
    product = Product(f"http://127.0.0.1:{port}", data, process, log, environment)
    deadline = time.monotonic() + START_SECONDS
    while not answers(f"{product.url}/healthz"):
        if process.poll() is not None or time.monotonic() > deadline:
            stop_product(product)
            raise RuntimeError(f"it did not start:\n{log.read_text()[-4000:]}")
        time.sleep(0.05)
    return product


def stop_product(product: Product) -> dict[int, str]:
    """TERM, as a service manager would; returns what is still there after `STOP_SECONDS` (and kills it)."""
    if product.process.poll() is None:
        product.process.send_signal(signal.SIGTERM)
    deadline = time.monotonic() + STOP_SECONDS
    while product.children() and time.monotonic() < deadline:
        time.sleep(0.05)
        product.process.poll()
    left = product.children()
    for pid in left:
        os.kill(pid, signal.SIGKILL)
    product.process.wait()
    return left


@contextmanager
def running_product(data: Path, *, settings: dict[str, str] | None = None) -> Iterator[Product]:
    product = start_product(data, settings=settings)
    try:
        yield product
    finally:
        stop_product(product)
