"""What is tidied once a day. Like every task it may be lost, doubled or late without harm."""

from __future__ import annotations

from celery import shared_task
from django.utils import timezone

from tracking.helping import forget_unanswered
from tracking.record_photos import forget_orphans


@shared_task(name="tidy", ignore_result=True)  # type: ignore[untyped-decorator]  # celery has no types
def tidy() -> int:
    """Remove picture files that a crash left without a row, and helpers' photos that nobody answered; how many."""
    at = timezone.now()
    return forget_unanswered(at=at) + forget_orphans(at=at)
