"""Histories of ten checks through `manage.py assess`, one process. Run alone: `python -m benchmarks.assess`.

Counted in seconds of the processor, start-up included, so that other work on the machine does not count; on a machine
that does nothing else the clock says the same.
"""

from __future__ import annotations

import json
import random
import resource
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from benchmarks.histories import ten_checks
from tracking import catalogue

ROOT = Path(__file__).parents[1]
GOAL = 2000  # histories a second
FLAGS = [name for name, field in catalogue.FIELDS["observation.signs"].items() if field.kind == "flag"]


def no_two_alike(number: int) -> dict[str, Any]:  # Any: JSON
    """Ten checks at any place, of anybody, with eight answers each, a few of them alarming."""
    chance = random.Random(number)
    made = ten_checks(number)
    made["person"] |= {"birth_date": str(chance.randint(1940, 2024)), "sex": chance.choice([None, "female", "male"])}
    made["lump"]["site"] = chance.choice(sorted(catalogue.SITES))
    made["lump"]["background"]["kind"] = chance.choice(["in_skin", "under_skin", "deep", "gland"])
    for check in made["observations"]:
        check["signs"] |= {name: chance.random() < 0.05 for name in chance.sample(FLAGS, 8)}
    return made


def judge(count: int, make: Callable[[int], dict[str, Any]], name: str) -> dict[str, Any]:  # Any: JSON
    """One row of `make bench`."""
    lines = "\n".join(json.dumps(make(number)) for number in range(count))
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    command = [sys.executable, "manage.py", "assess"]
    subprocess.run(command, input=lines, cwd=ROOT, text=True, stdout=subprocess.DEVNULL, check=True)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    per_second = count / (after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime)
    ratio = {f"{GOAL} histories/s": round(GOAL / per_second, 2)}
    return {"bench": name, "value": round(per_second, 1), "unit": "histories/s of processor time", "vs": ratio}


def rows(count: int = 4000) -> list[dict[str, Any]]:  # Any: JSON
    """Both benchmarks."""
    return [judge(count, ten_checks, "assess"), judge(count, no_two_alike, "assess, no two alike")]


if __name__ == "__main__":
    for row in rows():
        print(json.dumps(row), flush=True)
