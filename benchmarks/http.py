"""Requests a second over HTTP, signed in: log one check, fifty in one `sync/`, read a page of a hundred.

The web server is the product's own (two workers), on PostgreSQL and on SQLite; eight accounts ask at once, each request
on a new connection, with the cookie of a session as the phone has it. Client, server and database share the machine,
so beside the rate stands what the servers alone paid. `python -m benchmarks.http [postgres|sqlite]`, by itself.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from uuid import uuid4

from benchmarks.driver import Load, Turn, ask, drive, request_bytes
from benchmarks.http_jobs import CHECKS, check
from tests.servers import free_port, postgres_cluster, wait_for_port

ROOT = Path(__file__).parents[1]
AT_ONCE = 8
SECONDS, WARM_SECONDS = 4.0, 1.0
IN_ONE_SYNC = 50
GOALS = {"read": 300, "log": 300, "sync": 2000}  # requests a second; with sync checks a second
NAMES = {
    "read": f"read a page of {CHECKS} checks",
    "log": "log one check",
    "sync": f"{IN_ONE_SYNC} checks in one sync",
}
Row = dict[str, Any]  # Any: JSON
SECRET = "a" * 32  # of the CSRF cookie: the header repeats it, which is all that is looked at


@dataclass
class Phone:
    """One account's connection."""

    session: str
    long: str
    short: str
    cursor: str | None = None
    sent: int = 0
    headers: dict[str, str] = field(init=False)

    def __post_init__(self) -> None:
        self.headers = {"Cookie": f"session={self.session}; csrftoken={SECRET}", "X-CSRFToken": SECRET}

    def read(self, _: int) -> bytes:
        return request_bytes("GET", f"/api/v1/observations/?lump={self.long}&page_size={CHECKS}", self.headers)

    def log(self, number: int) -> bytes:
        body = json.dumps(check(self.short, number)).encode()
        return request_bytes("PUT", f"/api/v1/observations/{uuid4()}/", self.headers, body)

    def sync(self, number: int) -> bytes:
        operations = [self._operation(number * IN_ONE_SYNC + one) for one in range(IN_ONE_SYNC)]
        return self._sync_with(operations)

    def catch_up(self, port: int) -> None:
        """Be told all there is, as a phone that is up to date has been."""
        more = True
        while more:
            told = json.loads(ask(port, self._sync_with([])))
            self.cursor, more = told["cursor"], told["more"]

    def heard(self, answer: bytes) -> None:
        told = json.loads(answer)
        if any(result["status"] != "applied" for result in told["results"]):
            raise RuntimeError("an operation was not applied")
        self.cursor = told["cursor"]

    def _sync_with(self, operations: list[Row]) -> bytes:
        body = json.dumps({"cursor": self.cursor, "operations": operations}).encode()
        return request_bytes("POST", "/api/v1/sync/", self.headers, body)

    def _operation(self, number: int) -> Row:
        fields = check(self.short, number)
        return {"op_id": str(uuid4()), "type": "observation", "id": str(uuid4()), "base_rev": 0, "fields": fields}


def rows(only: str = "") -> Iterator[Row]:
    """Of both databases."""
    for database in ("postgres", "sqlite"):
        if only in ("", database):
            yield from of_database(database)


def of_database(database: str) -> Iterator[Row]:
    with ExitStack() as stack:
        folder, servers = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="tracker-bench-"))), list[int]()
        url = f"sqlite:///{folder}/db.sqlite3"
        if database == "postgres":
            cluster = stack.enter_context(postgres_cluster())
            url = cluster.url
            servers += [cluster.server.pid] if cluster.server else []
        port = free_port()
        place = {**os.environ, "DJANGO_SETTINGS_MODULE": "lumptracker.settings", "RATE_LIMITS": "off"}
        place |= {"LUMPTRACKER_DATA": str(folder), "DATABASE_URL": url, "PORT": str(port)}
        prepared = subprocess.run(_job("prepare", AT_ONCE), cwd=ROOT, env=place, check=True, stdout=subprocess.PIPE)
        phones = [Phone(**row) for row in json.loads(prepared.stdout.splitlines()[-1])]
        servers.append(stack.enter_context(_web(place, port)))
        for what in GOALS:
            yield from _measured(database, what, phones, port, servers)


@contextmanager
def _web(place: dict[str, str], port: int) -> Iterator[int]:
    process = subprocess.Popen(_job("web"), cwd=ROOT, env=place)
    try:
        wait_for_port(port)
        yield process.pid
    finally:
        process.terminate()
        process.wait()


def _job(*what: object) -> list[str]:
    return [sys.executable, "-m", "benchmarks.http_jobs", *map(str, what)]


def _measured(database: str, what: str, phones: list[Phone], port: int, servers: list[int]) -> list[Row]:
    if what == "sync":
        for phone in phones:
            phone.catch_up(port)
    turns = [_turn(phone, what) for phone in phones]
    drive(port, turns, seconds=WARM_SECONDS, servers=servers)
    return _rows(database, what, drive(port, turns, seconds=SECONDS, servers=servers))


def _turn(phone: Phone, what: str) -> tuple[Turn, Any]:  # Any: what is done with an answer
    turn: Turn = getattr(phone, what)
    return turn, phone.heard if what == "sync" else len


def _rows(database: str, what: str, load: Load) -> list[Row]:
    goal, name = GOALS[what], f"http {database}: {NAMES[what]}"
    each = IN_ONE_SYNC if what == "sync" else 1
    unit = "checks/s" if what == "sync" else "requests/s"
    rate, room_ms = load.per_second * each, 1000 * os.sysconf("SC_NPROCESSORS_ONLN") * each / goal
    paid = {"bench": f"{name}, paid by the servers for a request", "value": round(load.server_ms, 2)}
    return [
        {"bench": name, "value": round(rate, 1), "unit": unit, "vs": {f"{goal} {unit}": round(goal / rate, 2)}},
        {
            **paid,
            "unit": "ms of processor time",
            "vs": {f"{room_ms:.1f} ms, all cores at the goal": round(load.server_ms / room_ms, 2)},
        },
    ]


if __name__ == "__main__":
    began = time.perf_counter()
    for row in rows(*sys.argv[1:2]):
        print(json.dumps(row), flush=True)
    print(f"{time.perf_counter() - began:.0f} s, load {os.getloadavg()[0]:.1f}", file=sys.stderr)
