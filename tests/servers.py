"""Real servers for tests: PostgreSQL and Redis on loopback ports of their own, in folders of their own.

Nothing here touches a server that the machine runs for somebody else. A missing binary raises `Missing`, which
callers turn into a loud skip, never a pass.
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
from pathlib import Path


class Missing(RuntimeError):
    """The binary is not installed; the message names the Debian package."""


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


def _postgres_folder() -> Path:
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


@contextmanager
def postgres() -> Iterator[str]:
    """A PostgreSQL of our own; yields its address. It refuses to run as root, so root becomes `postgres`."""
    binaries = _postgres_folder()
    user = "postgres" if os.geteuid() == 0 else None
    folder = Path(tempfile.mkdtemp(prefix="tracker-postgres-"))
    if user:
        account = pwd.getpwnam(user)
        os.chown(folder, account.pw_uid, account.pw_gid)
    cluster, port = folder / "cluster", free_port()
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL, "cwd": "/"}
    init = [
        str(binaries / "initdb"),
        "-D",
        str(cluster),
        "-U",
        "tracker",
        "-A",
        "trust",
        "-E",
        "UTF8",
        "--locale=C.UTF-8",
    ]
    subprocess.run(init, check=True, user=user, **quiet)  # type: ignore[call-overload]  # the dict hides the types
    start = [str(binaries / "postgres"), "-D", str(cluster), "-p", str(port), "-h", "127.0.0.1", "-k", str(folder)]
    server = subprocess.Popen(start, user=user, start_new_session=True, **quiet)  # type: ignore[call-overload]  # as above
    try:
        wait_for_port(port)
        create = [str(binaries / "createdb"), "-h", "127.0.0.1", "-p", str(port), "-U", "tracker", "tracker"]
        _retry(create)
        yield f"postgres://tracker@127.0.0.1:{port}/tracker"
    finally:
        _stop(server, signal.SIGINT)
        shutil.rmtree(folder, ignore_errors=True)


def _retry(command: list[str]) -> None:
    """A server that listens may still be starting up."""
    for _ in range(100):
        if subprocess.run(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=False).returncode == 0:
            return
        time.sleep(0.1)
    raise TimeoutError(f"{command[0]} never succeeded")


@contextmanager
def redis() -> Iterator[str]:
    """A Redis of our own, appending to its file every second; yields its `redis://` address."""
    binary = shutil.which("redis-server")
    if binary is None:
        raise Missing("Redis is not installed (Debian: apt-get install redis-server)")
    folder, port = Path(tempfile.mkdtemp(prefix="tracker-redis-")), free_port()
    command = [
        binary,
        "--port",
        str(port),
        "--bind",
        "127.0.0.1",
        "--dir",
        str(folder),
        "--appendonly",
        "yes",
        "--save",
        "",
    ]
    server = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True)
    try:
        wait_for_port(port)
        yield f"redis://127.0.0.1:{port}/0"
    finally:
        _stop(server, signal.SIGTERM)
        shutil.rmtree(folder, ignore_errors=True)
