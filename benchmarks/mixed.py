"""What people do all day, for half an hour: `python -m benchmarks.mixed [embedded|large] [--minutes 30]`.

Forty accounts, four requests of five read. Requests begin at even distances whether or not those before them are
answered, and each is measured from the moment it should have begun, so that a server that falls behind cannot hide it.
The embedded form (SQLite, `manage.py serve`) gets 50 a second, the large one (PostgreSQL, Redis, the processes of the
compose file) 150; then twice as many for a minute, then as many as before. Part of `make soak`.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from typing import Any
from uuid import uuid4

from benchmarks.driver import request_bytes
from benchmarks.http import ROOT, SECRET
from benchmarks.http_jobs import CHECKS, check
from tests.compose import command
from tests.servers import free_port, postgres_cluster, redis_server, wait_for_port

ACCOUNTS = 40
AT_ONCE = 200  # requests under way: beyond that the client itself is late, which counts as the server's
LIMIT_MS = 200  # 95 of 100 answers
AGAIN_MINUTES = 1.0
SHED = {429, 503}
A_SECOND = {"embedded": 50, "large": 150}
WORKERS = ("bell", "deliveries", "photos", "beat")
Row = dict[str, Any]  # Any: JSON


@dataclass
class Person:
    """One account, and what it has logged."""

    session: str
    long: str
    short: str
    logged: Iterator[int] = field(default_factory=lambda: count(CHECKS))

    def _ask(self, method: str, path: str, body: Row | None = None) -> bytes:
        headers = {"Cookie": f"session={self.session}; csrftoken={SECRET}", "X-CSRFToken": SECRET}
        return request_bytes(method, f"/api/v1/{path}", headers, json.dumps(body).encode() if body else b"")

    def page(self) -> bytes:
        return self._ask("GET", f"observations/?lump={self.long}&page_size={CHECKS}")

    def lumps(self) -> bytes:
        return self._ask("GET", "lumps/")

    def history(self) -> bytes:
        return self._ask("GET", f"lumps/{self.long}/history/")

    def advice(self) -> bytes:
        return self._ask("GET", f"lumps/{self.long}/assessment/")

    def notices(self) -> bytes:
        return self._ask("GET", "notifications/")

    def log(self) -> bytes:
        return self._ask("PUT", f"observations/{uuid4()}/", check(self.short, next(self.logged)))

    def sync(self) -> bytes:
        operations = [
            {"op_id": str(uuid4()), "type": "observation", "id": str(uuid4()), "base_rev": 0, "fields": fields}
            for fields in (check(self.short, next(self.logged)) for _ in range(3))
        ]
        return self._ask("POST", "sync/", {"cursor": None, "operations": operations})


SHARES: dict[Callable[[Person], bytes], int] = {  # of a hundred requests
    Person.page: 20,
    Person.lumps: 20,
    Person.history: 10,
    Person.advice: 20,
    Person.notices: 10,
    Person.log: 12,
    Person.sync: 8,
}


@dataclass
class Told:
    """What came of one stretch of time."""

    waits: list[float] = field(default_factory=list)  # seconds, of answered ones
    statuses: Counter[int] = field(default_factory=Counter)  # 0: no answer

    def row(self, name: str, *, may_shed: bool) -> Row:
        waits = sorted(self.waits)
        late = waits[int(len(waits) * 0.95)] * 1000
        wrong = sum(n for status, n in self.statuses.items() if not (200 <= status < 300 or status in SHED))
        told = {"bench": name, "value": round(late, 1), "unit": "ms, 95 of 100 answers", "requests": len(waits)}
        told |= {"median_ms": round(waits[len(waits) // 2] * 1000, 1), "slowest_ms": round(waits[-1] * 1000)}
        told |= {"statuses": dict(sorted(self.statuses.items())), "wrong": wrong}
        return told if may_shed else {**told, "vs": {f"{LIMIT_MS} ms": round(late / LIMIT_MS, 2)}}


def load(port: int, people: Sequence[Person], *, rate: float, seconds: float, seed: int) -> Told:
    """So many requests a second for so long."""
    luck, told, lock = random.Random(seed), Told(), threading.Lock()
    kinds = luck.choices(list(SHARES), weights=list(SHARES.values()), k=int(rate * seconds))
    turns, began = iter(enumerate(kinds)), time.perf_counter()

    def ask_on() -> None:
        while True:
            with lock:
                number, kind = next(turns, (0, None))
                if kind is None:
                    return
                request = kind(luck.choice(people))
            due = began + number / rate
            time.sleep(max(0.0, due - time.perf_counter()))
            status = _asked(port, request)
            wait = time.perf_counter() - due
            with lock:
                told.statuses[status] += 1
                told.waits.append(wait)

    threads = [threading.Thread(target=ask_on) for _ in range(AT_ONCE)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return told


def _asked(port: int, request: bytes) -> int:
    """The status of the answer, read to its end; 0 where none came."""
    try:
        with socket.create_connection(("127.0.0.1", port), timeout=60) as line:
            line.sendall(request)
            head = line.recv(65536)
            while line.recv(262_144):
                pass
        return int(head[9:12])
    except (OSError, ValueError):
        return 0


def rows(form: str, minutes: float) -> Iterator[Row]:
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="tracker-bench-")))
        port = free_port()
        place = {**os.environ, "DJANGO_SETTINGS_MODULE": "lumptracker.settings", "RATE_LIMITS": "off"}
        place |= {"LUMPTRACKER_DATA": str(folder), "PORT": str(port)}
        if form == "large":
            place["DATABASE_URL"] = stack.enter_context(postgres_cluster()).url
            place["CELERY_BROKER_URL"] = stack.enter_context(redis_server()).url
        jobs = [sys.executable, "-m", "benchmarks.http_jobs"]
        asked = [*jobs, "prepare", str(ACCOUNTS)]
        prepared = subprocess.run(asked, cwd=ROOT, env=place, check=True, stdout=subprocess.PIPE)
        people = [Person(**row) for row in json.loads(prepared.stdout.splitlines()[-1])]
        served = [[*jobs, "web"]] if form == "large" else [[sys.executable, "manage.py", "serve"]]
        if form == "large":
            served += [command(name, bind=f"127.0.0.1:{port}", folder=folder) for name in WORKERS]
        log = stack.enter_context((folder / "served.log").open("wb"))
        for one in served:
            process = subprocess.Popen(one, cwd=ROOT, env=place, stdout=log, stderr=log)
            stack.callback(process.wait)
            stack.callback(process.terminate)
        wait_for_port(port)
        rate = A_SECOND[form]
        load(port, people, rate=rate, seconds=5, seed=0)  # everything is loaded
        for seed, (name, times, long) in enumerate(
            (("", 1, minutes), (", twice as many", 2, AGAIN_MINUTES), (", as before again", 1, AGAIN_MINUTES)), start=1
        ):
            told = load(port, people, rate=times * rate, seconds=60 * long, seed=seed)
            yield told.row(f"mixed {form}: {times * rate} requests/s for {long:g} minutes{name}", may_shed=times > 1)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("form", nargs="?", choices=list(A_SECOND), help="default: both")
    parser.add_argument("--minutes", type=float, default=30.0)
    asked = parser.parse_args()
    for form in [asked.form] if asked.form else list(A_SECOND):
        for row in rows(form, asked.minutes):
            print(json.dumps(row), flush=True)


if __name__ == "__main__":
    main()
