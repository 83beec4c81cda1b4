"""`/healthz`: this process answers. `/readyz`: what is due gets done. Watch `/readyz`; do not route by it.

The worst failure here is silence, so the two ages that show it are asked for first: how long the oldest due row has
waited, and how long ago the last sweep ended. Ages and counts only; nothing about anybody.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import DatabaseError
from django.http import HttpRequest, JsonResponse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from triage.ages import TOO_OLD, oldest_due_age, put_off, set_aside
from triage.sweep import last_sweep_at

STARTED_AT = timezone.now()


@never_cache
@require_safe
def healthz(_: HttpRequest) -> JsonResponse:
    """200 while this process can answer at all."""
    return JsonResponse({"alive": True})


@never_cache
@require_safe
def readyz(_: HttpRequest) -> JsonResponse:
    """200 while reminders go out, 503 when the oldest due row or the last sweep is older than five minutes."""
    try:
        ages = measured_ages(timezone.now())
    except DatabaseError:
        return JsonResponse({"ready": False, "database": False}, status=503)
    worst = max(ages["oldest_due_seconds"], ages["last_sweep_seconds"])
    is_ready = worst <= TOO_OLD.total_seconds()
    return JsonResponse({"ready": is_ready, "database": True, **ages}, status=200 if is_ready else 503)


def measured_ages(at: datetime) -> dict[str, int]:
    """Ages in whole seconds, and how many rows were put off or set aside.

    Before the first sweep its age counts from the start."""
    return {
        "oldest_due_seconds": _seconds(oldest_due_age(at)),
        "last_sweep_seconds": _seconds(at - (last_sweep_at() or STARTED_AT)),
        "put_off": put_off(at),
        "set_aside": set_aside(),
    }


def _seconds(age: timedelta) -> int:
    return max(0, int(age.total_seconds()))
