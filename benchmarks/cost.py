"""How the cost grows with what is stored: a sweep, a sync, a history, a page and a pass that finds nothing.

`python -m benchmarks.cost [1000 10000 …] [--postgres]` prints a table and draws docs/performance-cost.svg. One process
works alone and its processor time is counted (the database's too on SQLite, which runs inside it), so what other
programs do to the machine counts little; beside it stands the number of queries, which is exact.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from contextlib import ExitStack
from pathlib import Path
from typing import Any

from benchmarks.cost_picture import LABELS, drawn, table
from tests.servers import postgres

ROOT = Path(__file__).parents[1]
PICTURE = ROOT / "docs/performance-cost.svg"
SIZES = (1_000, 10_000, 100_000)
Row = dict[str, Any]  # Any: JSON


def measured(lumps: int, *, on_postgres: bool) -> Row:
    """In a process and a database of its own."""
    with ExitStack() as stack:
        folder = stack.enter_context(tempfile.TemporaryDirectory(prefix="tracker-bench-"))
        url = stack.enter_context(postgres()) if on_postgres else f"sqlite:///{folder}/db.sqlite3"
        place = {**os.environ, "DJANGO_SETTINGS_MODULE": "lumptracker.settings", "RATE_LIMITS": "off"}
        place |= {"LUMPTRACKER_DATA": folder, "DATABASE_URL": url}
        command = [sys.executable, "-m", "benchmarks.cost_jobs", str(lumps)]
        done = subprocess.run(command, cwd=ROOT, env=place, check=True, stdout=subprocess.PIPE, text=True)
        return dict(json.loads(done.stdout.splitlines()[-1]))


def rows(sizes: tuple[int, ...] = SIZES, *, on_postgres: bool = False) -> list[Row]:
    """For `make bench`: each at the largest size, beside the smallest."""
    found = [measured(lumps, on_postgres=on_postgres) for lumps in sizes]
    first, last = found[0], found[-1]
    return [
        {
            "bench": f"{LABELS[what]}, {last['lumps']} lumps stored",
            "value": round(last[what]["milliseconds"], 2),
            "unit": "ms of processor time",
            "vs": {f"with {first['lumps']} stored": round(last[what]["milliseconds"] / first[what]["milliseconds"], 2)},
        }
        for what in LABELS
    ]


if __name__ == "__main__":
    wanted = tuple(int(word) for word in sys.argv[1:] if word.isdigit()) or SIZES
    made = [measured(lumps, on_postgres="--postgres" in sys.argv) for lumps in wanted]
    print(table(made))
    if "--postgres" not in sys.argv:
        PICTURE.write_text(drawn(made), encoding="utf-8")
