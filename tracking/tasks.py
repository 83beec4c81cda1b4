"""What is tidied once a day. Like every task it may be lost, doubled or late without harm."""

from __future__ import annotations

import logging

from celery import current_app, shared_task
from django.utils import timezone
from kombu.exceptions import OperationalError

from tracking.erasing import empty_journal, rewrite_named
from tracking.helping import forget_unanswered
from tracking.key_rotation import forget_holderless
from tracking.moving_work import move_due
from tracking.record_photos import forget_orphans
from tracking.retaining import forget_old_rows

THE_BELL = "lumptracker"  # the Celery app, where it was set up (lumptracker/celery.py)
logger = logging.getLogger(__name__)


@shared_task(name="tidy", ignore_result=True)  # type: ignore[untyped-decorator]  # celery has no types
def tidy() -> int:
    """Remove files and keys that a crash left without a row, and helpers' photos that nobody answered; how many."""
    at = timezone.now()
    return forget_unanswered(at=at) + forget_orphans(at=at) + forget_holderless(at=at)


@shared_task(name="retain", ignore_result=True)  # type: ignore[untyped-decorator]  # celery has no types
def retain() -> int:
    """Remove what is older than the list of what is kept allows; how many rows."""
    at = timezone.now()
    empty_journal()
    rewrite_named(at=at)
    return forget_old_rows(at=at)


@shared_task(name="move", ignore_result=True)  # type: ignore[untyped-decorator]  # celery has no types
def move() -> int:
    """Go on with exports and imports that wait. The sweep does the same when this ring is lost."""
    return move_due(at=timezone.now())


def ring_for_moving() -> None:
    """Ask a worker to begin now. Where nobody hears it, the next sweep begins."""
    if current_app.main != THE_BELL:
        return  # a script or a test: it has no worker to ring for
    try:
        move.apply_async(retry=False, expires=60)
    except (OperationalError, OSError) as error:
        logger.warning("the bell for exports and imports was not heard: %s", type(error).__name__)
