"""The two rings of the bell. They carry nothing and may be lost, doubled or late without harm: rows say what is due.

Judging may wait for the next sweep; a message whose moment has come is looked for every few seconds.
"""

from __future__ import annotations

from celery import shared_task
from django.utils import timezone

from triage.bundles import due_notifications
from triage.deliver import deliver_due
from triage.sweep import SECONDS, sweep


@shared_task(name="sweep", ignore_result=True)  # type: ignore[untyped-decorator]  # celery has no types
def ring() -> dict[str, int]:
    """One pass now."""
    return sweep(timezone.now()).to_json()


@shared_task(name="hand_over", ignore_result=True)  # type: ignore[untyped-decorator]  # celery has no types
def ring_softly() -> dict[str, int]:
    """What is due now, without judging anything. Mostly nothing is."""
    at = timezone.now()
    return dict(deliver_due(at=at, seconds=SECONDS)) if due_notifications(at).exists() else {}
