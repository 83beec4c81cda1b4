"""What each process of the small form does. All of them are forks of one that has loaded everything they share.

Python keeps its count of references beside each object, so what a process so much as looks at becomes its own. Loaded
once and left alone by the garbage collector, most of it is never looked at again and lies in memory once for all.
"""

from __future__ import annotations

import gc
import os
import sys
import tempfile
import warnings
from pathlib import Path

import celery.apps.beat
import celery.apps.worker
import celery.concurrency.thread
import kombu.transport.filesystem  # noqa: F401  what the worker would load for itself
from django.conf import settings
from django.urls import get_resolver
from gunicorn.app.wsgiapp import WSGIApplication

from lumptracker import bell, waiting, wsgi  # noqa: F401  as above
from lumptracker.celery import app
from triage import sweep  # noqa: F401  as above


def share_what_is_loaded() -> None:
    """Before the first fork: load every address, and keep the garbage collector from writing to what is there."""
    app.finalize()
    _ = get_resolver().url_patterns
    gc.collect()
    gc.freeze()


def web_options() -> list[str]:
    """Two processes of a few threads: one may be busy with a photo while the other answers."""
    host = f"[{settings.HOST}]" if ":" in settings.HOST else settings.HOST
    return [
        "--bind", f"{host}:{settings.PORT}", "--worker-class", "lumptracker.waiting.Worker", "--workers", "2",
        "--threads", "4",
        "--graceful-timeout", "5", "--timeout", "60", "--log-level", "warning", "--preload",
        "--worker-tmp-dir", _memory_folder(), "--no-control-socket",
    ]  # fmt: skip


def run_web() -> None:
    sys.argv = ["gunicorn", *web_options(), "lumptracker.wsgi:application"]
    WSGIApplication("%(prog)s [OPTIONS] [APP_MODULE]").run()


def run_worker() -> None:
    """As `celery worker --pool threads`, without what several hosts say to one another."""
    _settle()
    warnings.filterwarnings("ignore", message="You're running the worker")  # as root: nothing here unpickles
    worker = celery.apps.worker.Worker(
        app=app, pool_cls="threads", concurrency=2, loglevel="WARNING", quiet=True,
        without_gossip=True, without_mingle=True, without_heartbeat=True,
    )  # fmt: skip
    worker.start()
    sys.exit(worker.exitcode)


def run_beat() -> None:
    """As `celery beat`."""
    _settle()
    schedule = str(settings.QUEUE_DIR / "beat")
    celery.apps.beat.Beat(app=app, loglevel="WARNING", quiet=True, schedule=schedule, max_interval=5).run()


def _settle() -> None:
    """The folder broker moves messages through a folder of its own. Rules and settings are proved by who starts us."""
    tempfile.tempdir = str(settings.QUEUE_DIR / "tmp")
    os.environ["CELERY_SKIP_CHECKS"] = "1"


def _memory_folder() -> str:
    """Where gunicorn's workers show that they live: in memory, so that a slow disk never looks like a dead worker."""
    return "/dev/shm" if Path("/dev/shm").is_dir() else str(settings.QUEUE_DIR / "tmp")  # noqa: S108  # gunicorn makes its files private
