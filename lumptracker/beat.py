"""The clock that may be started twice: whoever holds the lease rings, the others wait until it runs out.

The lease is one row. Its moment is both its end and its holder's name: it is moved on by whoever knows exactly which
moment stands there. Two beats would do no harm, since a sweep may run twice; one is enough for the log and the load.
"""

from __future__ import annotations

import logging
from datetime import datetime, timedelta
from typing import Any

from celery.beat import PersistentScheduler
from django.db import close_old_connections
from django.utils import timezone

from triage.models import Heartbeat

logger = logging.getLogger(__name__)

LEASE_NAME = "beat"
LEASE = timedelta(seconds=20)  # four looks of the scheduler: one that hangs for a moment keeps it
LOOK_SECONDS = 5.0


class Lease:
    """This process's hold on the one row."""

    def __init__(self) -> None:
        self._until: datetime | None = None

    def take(self, at: datetime) -> bool:
        """Move the lease on, or take one that has run out. False while another process has it."""
        until = at + LEASE
        mine = Heartbeat.objects.filter(name=LEASE_NAME)
        if self._until is not None and mine.filter(at=self._until).update(at=until):
            self._until = until
            return True
        self._until = None
        stale = mine.filter(at__lt=at) | mine.filter(at__gt=at + 2 * LEASE)  # or made by a clock that was put back
        if stale.update(at=until):
            self._until = until
            return True
        _, is_new = Heartbeat.objects.get_or_create(name=LEASE_NAME, defaults={"at": until})
        self._until = until if is_new else None
        return is_new

    def give_up(self) -> None:
        """Another may take it at once."""
        if self._until is not None:
            Heartbeat.objects.filter(name=LEASE_NAME, at=self._until).delete()
            self._until = None


class OneOfMany(PersistentScheduler):  # type: ignore[misc]  # celery has no types
    """Celery's own clock, silent unless it holds the lease."""

    def __init__(self, *args: Any, **options: Any) -> None:  # Any: celery's own signature
        self.lease = Lease()
        super().__init__(*args, **options)

    def tick(self, *args: Any, **options: Any) -> float:  # Any: as above
        """Seconds until the next look."""
        if not self._holds_lease():
            return LOOK_SECONDS
        return min(float(super().tick(*args, **options)), LOOK_SECONDS)

    def close(self) -> None:
        try:
            self.lease.give_up()
        except Exception as error:  # it runs out by itself
            logger.warning("the beat's lease could not be given up: %s", type(error).__name__)
        super().close()

    def _holds_lease(self) -> bool:
        close_old_connections()
        try:
            return self.lease.take(timezone.now())
        except Exception as error:  # the database is away: nothing could be swept either
            logger.warning("the beat's lease could not be asked for: %s", type(error).__name__)
            return False
