"""`make bench`: one JSON object a line, `{"bench", "value", "unit", "vs": {limit: ratio}}`; below 1 keeps the limit."""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
import time
from itertools import chain
from pathlib import Path

from benchmarks import assess, cost, deliveries, footprint, http, lighthouse, phone_judge, photos, sweep
from benchmarks.growth import PARTS, QUICK_SEEDS, measure
from tests.pictures import encoded, marked
from tracking.photos import clean_picture

ROOT = Path(__file__).parents[1]


def show(bench: str, value: float, unit: str, vs: dict[str, float]) -> None:
    print(json.dumps({"bench": bench, "value": round(value, 3), "unit": unit, "vs": vs}), flush=True)


def decode(kind: str, megapixels: int) -> None:
    """One picture through the bounded child, from bytes to `large` and `thumb`."""
    side = int((megapixels * 1_000_000 / 12) ** 0.5)
    data = encoded(marked(4 * side, 3 * side), kind)
    with tempfile.TemporaryDirectory(prefix="tracker-bench-") as slots:
        began = time.perf_counter()
        clean_picture(data, slots=Path(slots))
        seconds = time.perf_counter() - began
    show(f"photo {kind} {megapixels} MP", seconds, "s", {"3 s": round(seconds / 3, 2)})


if __name__ == "__main__":
    for row in chain(assess.rows(), sweep.rows(), http.rows(), footprint.rows(), photos.rows(), cost.rows()):
        print(json.dumps(row), flush=True)
    for kind in ("JPEG", "PNG"):
        decode(kind, 12)
    measure(PARTS, QUICK_SEEDS)
    for row in deliveries.measure():
        print(json.dumps(row), flush=True)
    subprocess.run([sys.executable, "-m", "benchmarks.clinic"], cwd=ROOT, check=True)
    lighthouse.measure()
    phone_judge.main()
