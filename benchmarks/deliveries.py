"""Messages due over one minute, half mail and half push, with PostgreSQL and Redis: how long from due to handed over.

Everything is real and on this machine: a PostgreSQL, a Redis, a Celery worker and beat, an SMTP server, a push service
that decrypts; so the two cores also receive what they send. The push service is called without TLS, as a trusted
origin: the guard trusts no certificate of our own making. `python -m benchmarks.deliveries [PEOPLE]`, by itself.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
import time
from contextlib import ExitStack
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

from tests.crashing import ROOT, Installation
from tests.servers import postgres_cluster, redis_server
from tests.sinks import mail_sink, push_service, records
from tests.triage.killing.checker import screen_name

PEOPLE = 2000  # two and a half messages each
SWEEP_SECONDS = 30  # as installed
PATIENCE_SECONDS = 150.0  # after the minute
START = timedelta(seconds=20)  # what it takes to write the timetable down
Row = dict[str, Any]  # Any: JSON


def measure(people: int = PEOPLE) -> list[Row]:
    """Two rows of `make bench`: the slowest of what says to seek care, and the 99th of a hundred of all."""
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="tracker-bench-")))
        broker, cluster = stack.enter_context(redis_server()), stack.enter_context(postgres_cluster())
        mails = stack.enter_context(mail_sink(folder / "mails.jsonl"))
        pushes = stack.enter_context(push_service(folder / "pushes.jsonl"))
        settings = {"CELERY_BROKER_URL": broker.url, "SWEEP_SECONDS": str(SWEEP_SECONDS)}
        place = Installation(folder, mails, pushes, cluster=cluster, **settings)
        stack.callback(place.close)
        far = datetime.fromisoformat(place.ask("now")) + timedelta(days=1)
        subscription = pushes.subscribe(uuid4().hex)
        place.ask("fill", at=far.isoformat(), subscription=subscription, count=people, zone=_zone_at_noon(far))
        celery = [sys.executable, "-m", "celery", "--app", "lumptracker", "--quiet"]
        worker, beat = ["worker", "--pool", "threads", "--concurrency", "2"], ["beat", "--schedule", str(folder / "b")]
        for what in (worker, beat):
            command = [*celery, *what, "--loglevel", "ERROR"]
            process = subprocess.Popen(command, cwd=ROOT, env=place.environment)
            stack.callback(process.wait)
            stack.callback(process.kill)
        table = _timetable(place)
        ends = time.monotonic() + 60 + PATIENCE_SECONDS
        while time.monotonic() < ends and len(_waits(table, place)) < len(table):
            time.sleep(2)
        return _rows(table, _waits(table, place))


def _timetable(place: Installation) -> list[Row]:
    """What is due within the minute that begins once the workers have started and swept."""
    ends = time.monotonic() + PATIENCE_SECONDS
    while not place.ask("last_sweep") and time.monotonic() < ends:
        time.sleep(0.5)
    at = datetime.fromisoformat(place.ask("now")) + START
    return list(json.loads(Path(place.ask("spread", at=at.isoformat(), seconds=60)).read_text()))


def _zone_at_noon(at: datetime) -> str:
    """Where nobody sleeps, so that nothing waits for a morning. Signs of these names are turned round."""
    return f"Etc/GMT{at.hour - 12:+d}"


def _waits(table: list[Row], place: Installation) -> dict[str, float]:
    """Message → seconds from due to handed over, of those that arrived. What rode along counts by its own moment."""
    mails = {_intent_of(row["raw"]): float(row["at"]) for row in reversed(records(place.mails.path))}
    pushes = {row["topic"]: float(row["at"]) for row in reversed(records(place.pushes.path))}
    carriers: dict[str, str] = dict(json.loads(Path(place.ask("carriers")).read_text()))
    found = {}
    for row in table:
        name = carriers.get(str(row["id"]), str(row["id"]))
        arrived = mails.get(name) if row["channel"] == "email" else pushes.get(screen_name(name)[0])
        if arrived is not None:
            found[row["id"]] = max(0.0, arrived - float(row["due"]))
    return found


def _intent_of(raw: str) -> str:
    return raw.partition("Message-ID: <")[2].partition("@")[0]


def _rows(table: list[Row], waits: dict[str, float]) -> list[Row]:
    """What never arrived counts as having waited for ever."""
    never = float(PATIENCE_SECONDS)
    every = sorted(waits.get(row["id"], never) for row in table)
    care = [waits.get(row["id"], never) for row in table if row["kind"] == "seek_care"]
    most = every[int(len(every) * 0.99) - 1]
    name = f"{len(table)} messages due over a minute, {len(waits)} handed over"
    return [_row(f"{name}: seek care, slowest", max(care), limit=10), _row(f"{name}: 99 % of all", most, limit=60)]


def _row(name: str, seconds: float, *, limit: int) -> Row:
    return {"bench": name, "value": round(seconds, 1), "unit": "s", "vs": {f"{limit} s": round(seconds / limit, 2)}}


if __name__ == "__main__":
    for row in measure(*(int(text) for text in sys.argv[1:])):
        print(json.dumps(row), flush=True)
