"""The second start of `make run` until it answers, and what the idle product holds in memory."""

from __future__ import annotations

import json
import tempfile
import time
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from tests.e2e.product import start_product, stop_product

LIMIT_SECONDS, LIMIT_MIB = 3, 200
SETTLED_SECONDS = 20  # the worker and the clock have started by then, and swept
Row = dict[str, Any]  # Any: JSON


def rows() -> Iterator[Row]:
    """On an installation that has been started before."""
    with tempfile.TemporaryDirectory(prefix="tracker-bench-") as folder:
        data = Path(folder) / "data"
        stop_product(start_product(data))
        began = time.perf_counter()
        product = start_product(data, settings={"SWEEP_SECONDS": "5"})
        seconds = time.perf_counter() - began
        try:
            yield _row("second start until it answers", seconds, "s", limit=LIMIT_SECONDS)
            time.sleep(SETTLED_SECONDS)
            held = product.children()
            name = f"idle memory of all {len(held)} processes, two of them web workers, proportional"
            yield _row(name, _mib(held), "MiB", limit=LIMIT_MIB)
        finally:
            stop_product(product)


def _mib(processes: Iterable[int]) -> float:
    """Proportional: what several share is counted once (proc(5), smaps_rollup)."""
    kib = 0
    for pid in processes:
        lines = Path(f"/proc/{pid}/smaps_rollup").read_text(encoding="ascii").splitlines()
        kib += sum(int(line.split()[1]) for line in lines if line.startswith("Pss:"))
    return kib / 1024


def _row(name: str, value: float, unit: str, *, limit: int) -> Row:
    return {"bench": name, "value": round(value, 1), "unit": unit, "vs": {f"{limit} {unit}": round(value / limit, 2)}}


if __name__ == "__main__":
    for row in rows():
        print(json.dumps(row), flush=True)
