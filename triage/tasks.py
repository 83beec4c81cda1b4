"""The one task. It carries nothing and may be lost, doubled or late without harm: the rows say what is due."""

from __future__ import annotations

from celery import shared_task
from django.utils import timezone

from triage.sweep import sweep


@shared_task(name="sweep", ignore_result=True)  # type: ignore[untyped-decorator]  # celery has no types
def ring() -> dict[str, int]:
    """One pass now."""
    return sweep(timezone.now()).to_json()
