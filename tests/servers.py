"""Real servers for tests: PostgreSQL and Redis on loopback ports of their own, in folders of their own.

Nothing here touches a server that the machine runs for somebody else. A missing binary raises `Missing`, which
callers hand to `without`: a loud skip on somebody's desk, a failure in the gate.
"""

from __future__ import annotations

import os
import pwd
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import NoReturn

import pytest


class Missing(RuntimeError):
    """The binary is not installed; the message names the Debian package."""


def without(missing: object) -> NoReturn:
    """Stop this test, because something is not installed. The gate has installed all it needs, so there it fails."""
    if os.environ.get("ALL_IS_INSTALLED"):
        pytest.fail(str(missing))
    pytest.skip(str(missing))  # the reason names what is missing and how to get it


def free_port() -> int:
    """A loopback port that nobody listens on right now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def wait_for_port(port: int, *, seconds: float = 30) -> None:
    """Return once something listens on the port; TimeoutError otherwise."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        with socket.socket() as probe:
            probe.settimeout(1)
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.05)
    raise TimeoutError(f"nothing listens on port {port}")


def binaries_of_postgres() -> Path:
    """Where `initdb` and its like lie. Raises Missing."""
    found = shutil.which("initdb")
    if found:
        return Path(found).resolve().parent
    for folder in sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True):
        if (folder / "initdb").exists():
            return folder
    raise Missing("PostgreSQL is not installed (Debian: apt-get install postgresql)")


def _stop(process: subprocess.Popen[bytes], how: signal.Signals) -> None:
    if process.poll() is None:
        process.send_signal(how)
        try:
            process.wait(10)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


MOST_CONNECTIONS = 300  # two test processes, each with many threads that all have one


@dataclass
class Cluster:
    """A PostgreSQL of our own, which may be killed and started again. It refuses to be root, so root is `postgres`."""

    folder: Path
    port: int = field(default_factory=free_port)
    server: subprocess.Popen[bytes] | None = None
    is_hasty: bool = False
    """Waits for no disk, as rows that nobody wants after a power cut need not."""

    def __post_init__(self) -> None:
        self.binaries = binaries_of_postgres()
        self.user = "postgres" if os.geteuid() == 0 else None
        if self.user:
            account = pwd.getpwnam(self.user)
            os.chown(self.folder, account.pw_uid, account.pw_gid)
        how = ["-U", "tracker", "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8"]
        self._run("initdb", "-D", str(self.folder / "cluster"), *how)

    @property
    def url(self) -> str:
        return f"postgres://tracker@127.0.0.1:{self.port}/tracker"

    def start(self) -> None:
        """Return once it lets clients in, recovered from whatever happened to it."""
        where = ["-D", str(self.folder / "cluster"), "-p", str(self.port), "-h", "127.0.0.1", "-k", str(self.folder)]
        where += ["-c", f"max_connections={MOST_CONNECTIONS}"]
        if self.is_hasty:
            where += ["-c", "fsync=off", "-c", "synchronous_commit=off", "-c", "full_page_writes=off"]
        self.server = subprocess.Popen(
            [str(self.binaries / "postgres"), *where],
            user=self.user, start_new_session=True, cwd="/", stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        )  # fmt: skip
        wait_for_port(self.port)
        ask = ["-h", "127.0.0.1", "-p", str(self.port), "-U", "tracker"]
        _retry([str(self.binaries / "psql"), *ask, "-c", "select 1", "postgres"])

    def create(self, name: str = "tracker") -> None:
        ask = ["-h", "127.0.0.1", "-p", str(self.port), "-U", "tracker"]
        _retry([str(self.binaries / "createdb"), *ask, name])

    def kill(self) -> None:
        """As a power cut would: no checkpoint, no farewell to anybody."""
        self._run("pg_ctl", "stop", "-m", "immediate", "-D", str(self.folder / "cluster"))
        if self.server:
            self.server.wait(10)

    def stop(self) -> None:
        if self.server:
            _stop(self.server, signal.SIGINT)

    def _run(self, name: str, *arguments: str) -> None:
        command = [str(self.binaries / name), *arguments]
        subprocess.run(
            command, check=True, user=self.user, cwd="/", stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )


@contextmanager
def postgres_cluster(*, is_hasty: bool = False) -> Iterator[Cluster]:
    """A running PostgreSQL of our own with an empty database."""
    binaries_of_postgres()
    folder = Path(tempfile.mkdtemp(prefix="tracker-postgres-"))
    cluster = Cluster(folder, is_hasty=is_hasty)
    try:
        cluster.start()
        cluster.create()
        yield cluster
    finally:
        cluster.stop()
        shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def postgres(*, is_hasty: bool = False) -> Iterator[str]:
    """As above; yields its address."""
    with postgres_cluster(is_hasty=is_hasty) as cluster:
        yield cluster.url


def _retry(command: list[str]) -> None:
    """A server that listens may still be starting up."""
    for _ in range(100):
        if subprocess.run(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=False).returncode == 0:
            return
        time.sleep(0.1)
    raise TimeoutError(f"{command[0]} never succeeded")


@dataclass
class Redis:
    """A Redis of our own, appending to its file every second."""

    folder: Path
    port: int = field(default_factory=free_port)
    server: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        return f"redis://127.0.0.1:{self.port}/0"

    def start(self) -> None:
        binary = shutil.which("redis-server")
        if binary is None:
            raise Missing("Redis is not installed (Debian: apt-get install redis-server)")
        where = ["--port", str(self.port), "--bind", "127.0.0.1", "--dir", str(self.folder)]
        command = [binary, *where, "--appendonly", "yes", "--save", ""]
        quiet = subprocess.DEVNULL
        self.server = subprocess.Popen(command, stdout=quiet, stderr=quiet, start_new_session=True)
        wait_for_port(self.port)

    def empty(self) -> None:
        """Throw away everything it holds."""
        with socket.create_connection(("127.0.0.1", self.port), timeout=5) as line:
            line.sendall(b"FLUSHALL\r\n")
            assert line.recv(16).startswith(b"+OK")

    def kill(self) -> None:
        if self.server:
            self.server.kill()
            self.server.wait()


@contextmanager
def redis_server() -> Iterator[Redis]:
    """A running Redis of our own, which may be emptied and killed."""
    folder = Path(tempfile.mkdtemp(prefix="tracker-redis-"))
    server = Redis(folder)
    try:
        server.start()
        yield server
    finally:
        if server.server:
            _stop(server.server, signal.SIGTERM)
        shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def redis() -> Iterator[str]:
    """As above; yields its `redis://` address."""
    with redis_server() as server:
        yield server.url
