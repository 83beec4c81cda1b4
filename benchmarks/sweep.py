"""What is due among much that is not: lumps a second from claim to stored assessment, and a pass that finds nothing.

`python -m benchmarks.sweep [--full]`: beside PostgreSQL with two workers and SQLite with one stands, from the same run,
what the database alone needs to hand out the same rows. `--full`: a million lumps, ten million checks.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from contextlib import ExitStack
from dataclasses import dataclass
from itertools import accumulate
from pathlib import Path
from typing import Any

from tests.servers import postgres

ROOT = Path(__file__).parents[1]
Row = dict[str, Any]  # Any: JSON
GOALS = {"postgres": 1500, "sqlite": 1000}  # lumps a second
IDLE_LIMIT_MS = 2
WORKERS = {"postgres": 2, "sqlite": 1}
SIZES = {"postgres": ((1_000, 0), (20_000, 10_000)), "sqlite": ((1_000, 0), (20_000, 5_000))}
FULL = {
    "postgres": ((1_000, 0), (10_000, 10_000), (100_000, 20_000), (1_000_000, 100_000)),
    "sqlite": ((1_000, 0), (10_000, 5_000), (100_000, 20_000)),
}


def rows(*, full: bool = False, only: str = "") -> list[Row]:
    """Of every database and size."""
    found = []
    for database, sizes in (FULL if full else SIZES).items():
        if only in ("", database):
            for count, due in sizes:
                found += of_one_size(database, count, due)
    return found


def of_one_size(database: str, count: int, due: int) -> list[Row]:
    with ExitStack() as stack:
        folder = stack.enter_context(tempfile.TemporaryDirectory(prefix="tracker-bench-"))
        url = stack.enter_context(postgres()) if database == "postgres" else f"sqlite:///{folder}/db.sqlite3"
        place = {**os.environ, "DJANGO_SETTINGS_MODULE": "lumptracker.settings"}
        place |= {"LUMPTRACKER_DATA": folder, "DATABASE_URL": url}
        ask(place, "fill", count, due)
        made = [_idle(database, count, ask(place, "idle", 200)["milliseconds"])]
        if due:
            floor = ask(place, "claims")["per_second"]
            made.append(_swept(database, count, due, _speeds(place, WORKERS[database]), floor))
    return made


def ask(place: Mapping[str, str], *what: object) -> Row:
    command = [sys.executable, "-m", "benchmarks.sweep_jobs", *map(str, what)]
    done = subprocess.run(command, cwd=ROOT, env=dict(place), check=True, stdout=subprocess.PIPE, text=True)
    return dict(json.loads(done.stdout.splitlines()[-1]))


@dataclass(frozen=True)
class Speeds:
    """Lumps a second: by the clock, of the processor time that the workers themselves took, of the first tenth and of
    the last."""

    clock: float
    processor: float
    first: float
    last: float


def _speeds(place: Mapping[str, str], workers: int) -> Speeds:
    """All begin at one sign, once each has loaded everything, and end with the last lump that is stored."""
    command = [sys.executable, "-m", "benchmarks.sweep_jobs", "work"]
    pipe = subprocess.PIPE
    started = [
        subprocess.Popen(command, cwd=ROOT, env=dict(place), text=True, stdin=pipe, stdout=pipe) for _ in range(workers)
    ]
    for one in started:
        if one.stdout is None or one.stdout.readline() != "ready\n":
            raise RuntimeError("a worker did not start")
    for one in started:
        if one.stdin is not None:
            one.stdin.write("go\n")
            one.stdin.flush()
    answers = [json.loads(one.communicate()[0].splitlines()[-1]) for one in started]
    began, stored = min(row["began"] for row in answers), sorted(one for row in answers for one in row["stored"])
    total, ended = sum(count for _, count in stored), stored[-1][0]
    moments = list(zip(accumulate(count for _, count in stored), (moment for moment, _ in stored), strict=True))
    early = next(one for one in moments if one[0] >= total / 10)
    late = next(one for one in reversed(moments) if one[0] <= total * 9 / 10)
    return Speeds(
        clock=total / (ended - began),
        processor=total / sum(row["processor"] for row in answers),
        first=early[0] / (early[1] - began),
        last=(total - late[0]) / (ended - late[1]),
    )


def _swept(database: str, count: int, due: int, speeds: Speeds, floor: float) -> Row:
    goal = GOALS[database]
    name = f"sweep {database}: {due} due of {count} lumps, {WORKERS[database]} at work"
    ratios = {f"{goal} lumps/s": round(goal / speeds.clock, 2), "bare claims": round(floor / speeds.clock, 1)}
    ratios["lumps/s of the workers' processor time"] = round(speeds.processor / speeds.clock, 2)
    ratios["lumps/s of the first tenth"] = round(speeds.first / speeds.clock, 2)
    ratios["lumps/s of the last tenth"] = round(speeds.last / speeds.clock, 2)
    return {"bench": name, "value": round(speeds.clock, 1), "unit": "lumps/s", "vs": ratios}


def _idle(database: str, count: int, milliseconds: float) -> Row:
    name = f"idle pass {database}: {count} lumps"
    ratio = {f"{IDLE_LIMIT_MS} ms": round(milliseconds / IDLE_LIMIT_MS, 2)}
    return {"bench": name, "value": round(milliseconds, 2), "unit": "ms", "vs": ratio}


if __name__ == "__main__":
    only = next((one for one in ("postgres", "sqlite") if one in sys.argv), "")
    for row in rows(full="--full" in sys.argv, only=only):
        print(json.dumps(row), flush=True)
