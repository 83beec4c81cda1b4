"""How long a request has waited for a thread. gunicorn loads this before Django is there."""

from __future__ import annotations

import sys
import threading
import time
from typing import Any

from gunicorn.workers.gthread import TConn, ThreadWorker

# After so long a thread that computes lets another one go on. With Python's own five milliseconds, one that asks its
# database ten questions, and may hold a lock meanwhile, waits after each of them for those that only compute.
SWITCH_SECONDS = 0.0005
_here = threading.local()  # this thread's request


def waited_seconds() -> float:
    """Of the request that this thread answers; 0 where anything else than `Worker` serves it."""
    return float(getattr(_here, "seconds", 0.0))


class Worker(ThreadWorker):  # type: ignore[misc]  # gunicorn has no types
    """gunicorn's worker of threads, which remembers since when each connection has waited for one."""

    def init_process(self) -> None:
        sys.setswitchinterval(SWITCH_SECONDS)
        super().init_process()

    def enqueue_req(self, conn: TConn) -> None:
        conn.waits_since = time.monotonic()
        super().enqueue_req(conn)

    def handle(self, conn: TConn) -> Any:  # Any: gunicorn's own
        _here.seconds = time.monotonic() - conn.waits_since
        try:
            return super().handle(conn)
        finally:
            _here.seconds = 0.0
