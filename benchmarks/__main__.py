"""`make bench`: one JSON object a line, `{"bench", "value", "unit", "vs": {limit: ratio}}`; below 1 keeps the limit."""

from __future__ import annotations

import json
import tempfile
import time
from pathlib import Path

from benchmarks import assess, lighthouse, phone_judge
from benchmarks.growth import PARTS, QUICK_SEEDS, measure
from tests.e2e.product import start_product, stop_product
from tests.pictures import encoded, marked
from tracking.photos import clean_picture

ROOT = Path(__file__).parents[1]


def show(bench: str, value: float, unit: str, vs: dict[str, float]) -> None:
    print(json.dumps({"bench": bench, "value": round(value, 3), "unit": unit, "vs": vs}), flush=True)


def start_again() -> None:
    """`make run` on an installation that has been started before, until it answers."""
    with tempfile.TemporaryDirectory(prefix="tracker-bench-") as folder:
        stop_product(start_product(Path(folder) / "data"))
        began = time.perf_counter()
        product = start_product(Path(folder) / "data")
        seconds = time.perf_counter() - began
        stop_product(product)
    show("second start", seconds, "s", {"5 s": round(seconds / 5, 2)})


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
    for row in assess.rows():
        print(json.dumps(row), flush=True)
    start_again()
    for kind in ("JPEG", "PNG"):
        decode(kind, 12)
    measure(PARTS, QUICK_SEEDS)
    lighthouse.measure()
    phone_judge.main()
