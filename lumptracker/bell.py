"""The bell that needs no broker: a thread in the worker process that sweeps whenever nobody else has for too long."""

from __future__ import annotations

import logging
import threading
from typing import Any

from celery import bootsteps
from django.conf import settings
from django.db import close_old_connections, connections
from django.utils import timezone

from triage.sweep import OVERDUE, is_overdue, sweep
from triage.tasks import ring_softly

logger = logging.getLogger(__name__)


class SweepTimer(bootsteps.StartStopStep):  # type: ignore[misc]  # celery has no types
    """Started with the worker itself, before it looks for its broker, and not ended by losing it."""

    def __init__(self, parent: Any, **options: Any) -> None:  # Any: celery's own signature
        super().__init__(parent, **options)
        self._ended = threading.Event()

    def start(self, _parent: Any) -> None:  # Any: as above
        threading.Thread(target=self._watch, name="sweep-timer", daemon=True).start()

    def stop(self, _parent: Any) -> None:  # Any: as above
        self._ended.set()

    terminate = stop

    def _watch(self) -> None:
        while not self._ended.wait(settings.SWEEP_SECONDS * OVERDUE):
            sweep_if_overdue(sweep_seconds=settings.SWEEP_SECONDS)


def sweep_if_overdue(*, sweep_seconds: float) -> bool:
    """One pass if none has begun for an interval and a quarter: asked every quarter, that is after one and a half at
    the latest. What is due already goes out before anything is judged: nobody else hands it over here, and after some
    hours without a server there is much to judge. Whatever goes wrong, the next look comes."""
    close_old_connections()
    try:
        if not is_overdue(timezone.now(), sweep_seconds=sweep_seconds):
            return False
        ring_softly()
        sweep(timezone.now())
    except Exception as error:  # the database may be away; this thread must outlive that
        logger.error("sweep without broker failed: %s", type(error).__name__)  # a traceback may quote rows
        return False
    finally:
        connections.close_all()
    return True
