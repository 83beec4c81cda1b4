"""What the processes of `benchmarks.sweep` do: `python -m benchmarks.sweep_jobs JOB [NUMBER…]`, answers in JSON."""

from __future__ import annotations

import json
import logging
import statistics
import sys
import time
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

AT = datetime(2026, 11, 20, 12, tzinfo=UTC)


def fill(count: str, due: str) -> dict[str, float]:
    from django.core.management import call_command  # noqa: PLC0415  settings come first

    from benchmarks.filling import fill as fill_tables  # noqa: PLC0415  as above

    began = time.perf_counter()
    call_command("migrate", verbosity=0)
    fill_tables(int(count), due=int(due), at=AT)
    return {"seconds": time.perf_counter() - began}


def work() -> dict[str, Any]:  # Any: JSON
    """Wait for a line, then judge until nothing is due. `stored`: when how many were, chunk by chunk."""
    from tracking.bare_reader import bare_histories  # noqa: PLC0415  settings come first
    from tracking.models import Lump  # noqa: PLC0415  as above
    from triage import engine, sweep  # noqa: PLC0415  as above
    from triage.assess import assess_together as store  # noqa: PLC0415  as above
    from triage.marks import Claim  # noqa: PLC0415  as above

    asleep = Lump.objects.order_by("assess_after").last()
    for bare in bare_histories([asleep.pk] if asleep else []).values():
        engine.assess(bare.history, AT)  # connected, and everything is loaded, as in a worker that is at work
    stored: list[tuple[float, int]] = []

    def assess_together(claims: Sequence[Claim], *, at: datetime) -> int:
        count = store(claims, at=at)
        stored.append((time.time(), count))
        return count

    vars(sweep)["assess_together"] = assess_together
    sys.stdout.write("ready\n")
    sys.stdout.flush()
    sys.stdin.readline()
    began, at_work = time.time(), time.process_time()
    while sweep.assess_due(at=AT).assessed:
        pass
    return {"began": began, "stored": stored, "processor": time.process_time() - at_work}


def claims() -> dict[str, float]:
    """The floor: what the database alone takes to hand out what is due, a thousand at a time."""
    from triage.marks import claim_due, release  # noqa: PLC0415  settings come first

    began, taken = time.perf_counter(), []
    while batch := claim_due(AT, limit=1000):
        taken += batch
    seconds = time.perf_counter() - began
    for start in range(0, len(taken), 1000):
        release(taken[start : start + 1000])
    return {"per_second": len(taken) / seconds}


def idle(passes: str) -> dict[str, float]:
    """Milliseconds of a whole pass that finds nothing, the median."""
    from triage.sweep import sweep  # noqa: PLC0415  settings come first

    times = []
    for number in range(int(passes)):
        began = time.perf_counter()
        sweep(AT - timedelta(days=1) + timedelta(seconds=number))
        times.append((time.perf_counter() - began) * 1000)
    return {"milliseconds": statistics.median(times)}


if __name__ == "__main__":
    import django

    django.setup()
    logging.disable(logging.INFO)
    print(json.dumps(globals()[sys.argv[1]](*sys.argv[2:])))
