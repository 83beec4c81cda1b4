"""What the process of `benchmarks.cost` does: `python -m benchmarks.cost_jobs LUMPS`; answers in JSON."""

from __future__ import annotations

import json
import logging
import statistics
import sys
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from itertools import islice
from typing import Any
from uuid import uuid4

AT = datetime(2026, 11, 20, 12, tzinfo=UTC)
CHECKS, DUE, REPEATS, IN_ONE_SYNC = 10, 200, 15, 50
Cost = dict[str, float]


def cost_of(
    ask: Callable[[], object], *, first: Callable[[], object] = lambda: None, repeats: int = REPEATS, each: int = 1
) -> Cost:
    """The median of a few, and the queries of the last. The first, which loads and connects, does not count."""
    from django.db import connection  # noqa: PLC0415  settings come first
    from django.test.utils import CaptureQueriesContext  # noqa: PLC0415  as above

    taken = []
    for _ in range(repeats + 1):
        first()
        began = time.process_time()
        ask()
        taken.append((time.process_time() - began) * 1000 / each)
    first()
    with CaptureQueriesContext(connection) as asked:
        ask()
    return {"milliseconds": statistics.median(taken[1:]), "queries": len(asked.captured_queries)}


def main(lumps: int) -> dict[str, Any]:  # Any: JSON
    from django.core.management import call_command  # noqa: PLC0415  as above
    from django.test import Client  # noqa: PLC0415  as above

    from benchmarks.filling import fill  # noqa: PLC0415  as above
    from tracking.models import Lump, User  # noqa: PLC0415  as above
    from triage.sweep import assess_due, sweep  # noqa: PLC0415  as above

    call_command("migrate", verbosity=0)
    call_command("createcachetable", verbosity=0)
    fill(lumps, due=0, at=AT, checks=CHECKS)
    user = User.objects.get(email=f"ada+{lumps}@example.org")
    lump = Lump.objects.get(person__memberships__user=user)
    phone = Client(headers={"host": "127.0.0.1"})
    phone.force_login(user, backend="allauth.account.auth_backends.AuthenticationBackend")
    for _ in range(2):  # a page of a hundred
        _sync(phone, str(lump.pk))
    moments = iter(range(10_000))
    others = iter(Lump.objects.exclude(pk=lump.pk).values_list("pk", flat=True)[: 4 * DUE])

    def make_due() -> None:
        Lump.objects.filter(pk__in=list(islice(others, DUE))).update(assess_after=AT)

    answered = {
        "page": cost_of(lambda: _get(phone, f"/api/v1/observations/?lump={lump.pk}&page_size=100")),
        "history": cost_of(lambda: _get(phone, f"/api/v1/lumps/{lump.pk}/history/")),
        "sync": cost_of(lambda: _sync(phone, str(lump.pk))),
        "idle": cost_of(lambda: sweep(AT - timedelta(days=1) + timedelta(seconds=next(moments))), repeats=50),
        "sweep": cost_of(lambda: assess_due(at=AT), first=make_due, repeats=2, each=DUE),
    }
    return {"lumps": lumps, **answered}


def _get(phone: Any, path: str) -> None:  # Any: Django's client, which wants settings first
    answer = phone.get(path)
    if answer.status_code != 200:
        raise RuntimeError(f"{path} answered {answer.status_code}")


def _sync(phone: Any, lump: str) -> None:  # Any: as above
    from benchmarks.http_jobs import check  # noqa: PLC0415  as above

    operations = [
        {"op_id": str(uuid4()), "type": "observation", "id": str(uuid4()), "base_rev": 0, "fields": check(lump, number)}
        for number in range(IN_ONE_SYNC)
    ]
    body = {"cursor": None, "operations": operations}
    answer = phone.post("/api/v1/sync/", json.dumps(body), content_type="application/json")
    if answer.status_code != 200 or any(one["status"] != "applied" for one in answer.json()["results"]):
        raise RuntimeError("a sync was not applied")


if __name__ == "__main__":
    import django

    django.setup()
    logging.disable(logging.INFO)
    print(json.dumps(main(int(sys.argv[1]))))
