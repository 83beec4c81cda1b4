"""Three hosts on one machine: network namespaces on a bridge, each of which can be cut off, slowed down and killed.

`web` serves, `work` holds the workers and the beat, `store` PostgreSQL and Redis; the commands are those of the compose
file. The test itself stands at the bridge, with the mail server. Needs Linux, root, `ip` and `tc`.
"""

from __future__ import annotations

import os
import pwd
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.compose import COMPOSE, command
from tests.servers import binaries_of_postgres

ROOT = Path(__file__).parents[1]
SERVICES = {"web": ["web"], "work": ["bell", "deliveries", "photos", "beat"], "store": ["database", "broker"]}
HOSTS = tuple(SERVICES)
ADDRESS = {"web": "10.77.0.1", "work": "10.77.0.2", "store": "10.77.0.3"}
GATE = "10.77.0.254"  # where the test stands
BRIDGE = "tracker0"
SLOW = ["tbf", "rate", "128kbit", "burst", "4kb", "latency", "400ms"]  # a bad line: some 16 kB a second
PATIENCE_SECONDS = 180


def _run(*command: str) -> None:
    subprocess.run(command, check=True, capture_output=True)


class Hosts:
    """`settings`: further ones for web and work. Their data folder is shared, as a network drive would be."""

    def __init__(self, folder: Path, settings: dict[str, str]) -> None:
        self.folder, self.settings = folder, settings
        self.binaries = binaries_of_postgres()
        self.running: dict[str, list[subprocess.Popen[bytes]]] = {host: [] for host in HOSTS}
        self.rows, self.bell = folder / "rows", folder / "bell"
        for place in (self.rows, self.bell, folder / "kept"):
            place.mkdir(mode=0o700)
        owner = pwd.getpwnam("postgres")
        os.chown(self.rows, owner.pw_uid, owner.pw_gid)
        folder.chmod(0o711)

    @property
    def url(self) -> str:
        return f"http://{ADDRESS['web']}:8000"

    @property
    def surroundings(self) -> dict[str, str]:
        kept = {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}
        own = {
            "DATABASE_URL": f"postgres://tracker@{ADDRESS['store']}:5432/tracker",
            "CELERY_BROKER_URL": f"redis://{ADDRESS['store']}:6379/0",
            "PUBLIC_URL": self.url,
            "SIGNUP": "open",
            "LUMPTRACKER_DATA": str(self.folder / "kept"),
            "DJANGO_SETTINGS_MODULE": "lumptracker.settings",
            "PYTHONPATH": str(ROOT),
        }
        return {**kept, **own, **self.settings}

    # The network

    def lay_cables(self) -> None:
        _run("ip", "link", "add", BRIDGE, "type", "bridge")
        _run("ip", "addr", "add", f"{GATE}/24", "dev", BRIDGE)
        _run("ip", "link", "set", BRIDGE, "up")
        for host, address in ADDRESS.items():
            inside = ["ip", "-n", f"tracker-{host}"]
            _run("ip", "netns", "add", f"tracker-{host}")
            _run("ip", "link", "add", f"t-{host}", "type", "veth", "peer", "name", "line", "netns", f"tracker-{host}")
            _run("ip", "link", "set", f"t-{host}", "master", BRIDGE, "up")
            _run(*inside, "addr", "add", f"{address}/24", "dev", "line")
            _run(*inside, "link", "set", "line", "up")
            _run(*inside, "link", "set", "lo", "up")

    def pull_out_cables(self) -> None:
        for host in HOSTS:
            subprocess.run(["ip", "netns", "del", f"tracker-{host}"], capture_output=True, check=False)
            subprocess.run(["ip", "link", "del", f"t-{host}"], capture_output=True, check=False)
        subprocess.run(["ip", "link", "del", BRIDGE], capture_output=True, check=False)

    def cut_off(self, host: str) -> None:
        _run("ip", "link", "set", f"t-{host}", "down")

    def slow_down(self, host: str) -> None:
        _run("tc", "qdisc", "add", "dev", f"t-{host}", "root", *SLOW)
        _run("tc", "-n", f"tracker-{host}", "qdisc", "add", "dev", "line", "root", *SLOW)

    def mend_line(self, host: str) -> None:
        _run("ip", "link", "set", f"t-{host}", "up")
        for end in (["qdisc", "del", "dev", f"t-{host}"], ["-n", f"tracker-{host}", "qdisc", "del", "dev", "line"]):
            subprocess.run(["tc", *end, "root"], capture_output=True, check=False)

    # What runs on them

    def found(self) -> None:
        """Make the database and the tables, then start everything."""
        self._postgres_once("initdb", "-U", "tracker", "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8")
        with (self.rows / "cluster/pg_hba.conf").open("a") as doors:
            doors.write("host all all 10.77.0.0/24 trust\n")
        self.start("store")
        ask = [str(self.binaries / "psql"), "-h", ADDRESS["store"], "-U", "tracker", "-d", "postgres"]
        self.until(lambda: _succeeds([*ask, "-c", "create database tracker"]), "no database")
        assert self._popen("web", "prepare", self._command("prepare")).wait(PATIENCE_SECONDS) == 0, self.said()
        self.start("web")
        self.start("work")

    def start(self, host: str) -> None:
        """All of this host, as its own supervisor would after a crash."""
        for service in SERVICES[host]:
            if service == "database":
                self._start_postgres()
            elif service == "broker":
                where = ["--bind", ADDRESS["store"], "--protected-mode", "no", "--dir", str(self.bell)]
                self._popen(host, service, [*COMPOSE["services"]["broker"]["command"], *where])
            else:
                self._popen(host, service, self._command(service))

    def kill(self, host: str) -> None:
        """As a power cut would."""
        inside = subprocess.run(["ip", "netns", "pids", f"tracker-{host}"], capture_output=True, text=True, check=True)
        for pid in inside.stdout.split():
            subprocess.run(["kill", "-9", pid], capture_output=True, check=False)
        for process in self.running[host]:
            process.wait()
        self.running[host] = []

    def _command(self, service: str) -> list[str]:
        return command(service, bind=f"{ADDRESS['web']}:8000", folder=self.folder)

    def _popen(self, host: str, name: str, command: list[str]) -> subprocess.Popen[bytes]:
        with (self.folder / f"{name}.log").open("ab") as log:
            process = subprocess.Popen(
                ["ip", "netns", "exec", f"tracker-{host}", *command],
                cwd=self.folder, env=self.surroundings, stdout=log, stderr=log,
            )  # fmt: skip
        self.running[host].append(process)
        return process

    def _as_postgres(self, name: str) -> list[str]:
        return ["setpriv", "--reuid=postgres", "--regid=postgres", "--clear-groups", str(self.binaries / name),
                "-D", str(self.rows / "cluster")]  # fmt: skip

    def _postgres_once(self, name: str, *rest: str) -> None:
        subprocess.run([*self._as_postgres(name), *rest], check=True, capture_output=True, cwd="/")

    def _start_postgres(self) -> None:
        (self.rows / "cluster/postmaster.pid").unlink(missing_ok=True)  # of a machine that lost its power
        where = ["-h", ADDRESS["store"], "-k", str(self.rows)]
        self._popen("store", "database", [*self._as_postgres("postgres"), *where])

    # What can be seen of it

    def told(self, code: str) -> str:
        """What a few lines inside the installation print, asked on `work`; nothing while they cannot be asked."""
        command = ["ip", "netns", "exec", "tracker-work", sys.executable, "-m", "lumptracker", "shell", "--no-imports"]
        done = subprocess.run(
            [*command, "-c", code], cwd=self.folder, env=self.surroundings, capture_output=True, text=True, check=False
        )
        return done.stdout.strip()

    def said(self) -> str:
        return "\n".join(f"{log.name}: {log.read_text()[-1500:]}" for log in sorted(self.folder.glob("*.log")))

    def until(self, holds: Callable[[], bool], what: str) -> float:
        """Seconds until it held."""
        began = time.monotonic()
        while not holds():
            assert time.monotonic() < began + PATIENCE_SECONDS, f"{what}\n{self.said()}"
            time.sleep(0.3)
        return time.monotonic() - began


def _succeeds(command: list[str]) -> bool:
    return subprocess.run(command, capture_output=True, check=False).returncode == 0


@contextmanager
def three_hosts(folder: Path, settings: dict[str, str]) -> Iterator[Hosts]:
    """Laid, founded and started; taken away at the end."""
    hosts = Hosts(folder, settings)
    hosts.pull_out_cables()
    try:
        hosts.lay_cables()
        hosts.found()
        yield hosts
    finally:
        for host in HOSTS:
            hosts.kill(host)
        hosts.pull_out_cables()
