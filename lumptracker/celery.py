"""Celery, which only rings the bell: every `SWEEP_SECONDS` beat asks for a sweep, in between more often for what is to
be handed over, and the database knows what is due.

Inside the worker process a timer (`bell.py`) runs the same sweep without any broker whenever the last one is too long
ago, so a broker that is dead, emptied or not reachable at all delays what is due by two intervals at most (`OVERDUE`).
"""

from __future__ import annotations

import os
from typing import Any

from celery import Celery, signals
from django.conf import settings
from kombu.entity import Queue

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "lumptracker.settings")

A_DAY_SECONDS = 24 * 60 * 60
AN_HOUR_SECONDS = 60 * 60
QUEUES = ("bell", "deliveries", "photos")  # what reminds must never wait behind somebody's thousand pictures
QUEUE_OF = {"sweep": "bell", "hand_over": "deliveries", "tidy": "photos", "retain": "photos", "move": "photos"}
HAND_OVER_SECONDS = 5  # what is due at one moment is under way within ten


def configuration() -> dict[str, Any]:  # Any: values of several types
    """Celery's settings. JSON only, no results, never an `eta`; a ring that nobody heard in time is void."""
    ring = {"task": "sweep", "schedule": settings.SWEEP_SECONDS, "options": {"expires": settings.SWEEP_SECONDS}}
    seconds = min(HAND_OVER_SECONDS, settings.SWEEP_SECONDS)
    soft_ring = {"task": "hand_over", "schedule": seconds, "options": {"expires": seconds}}
    values: dict[str, Any] = {  # Any: as above
        "broker_url": settings.CELERY_BROKER_URL,
        "broker_connection_retry_on_startup": True,
        "broker_connection_max_retries": None,
        "task_serializer": "json",
        "accept_content": ["json"],
        "task_ignore_result": True,
        "task_acks_late": True,
        "task_default_queue": "bell",
        "task_queues": [Queue(name, routing_key=name) for name in QUEUES],  # type: ignore[no-untyped-call]  # kombu has no types
        "task_routes": {task: {"queue": queue, "routing_key": queue} for task, queue in QUEUE_OF.items()},
        "beat_scheduler": "lumptracker.beat:OneOfMany",
        "broker_transport_options": settings.BROKER.transport_options,
        "worker_prefetch_multiplier": 1,
        "worker_enable_remote_control": False,
        "worker_send_task_events": False,
        "worker_hijack_root_logger": False,
        "worker_cancel_long_running_tasks_on_connection_loss": True,
        "timezone": "UTC",
        "enable_utc": True,
        "beat_schedule": {
            "sweep": ring,
            "hand over": soft_ring,
            "tidy": {"task": "tidy", "schedule": A_DAY_SECONDS},
            "retain": {"task": "retain", "schedule": AN_HOUR_SECONDS},
        },
        "beat_schedule_filename": str(settings.DATA_DIR / "queue" / "beat"),
    }
    if settings.BROKER_IS_FOLDER:
        values["broker_url"] = "filesystem://localhost"  # a host that is never called, lest kombu warn of its absence
        folder = str(settings.QUEUE_DIR / "messages")
        values["broker_transport_options"] = {
            "data_folder_in": folder,
            "data_folder_out": folder,
            "control_folder": str(settings.QUEUE_DIR / "control"),
            "polling_interval": 0.25,  # seconds
        }
    return values


app = Celery("lumptracker")
app.conf.update(configuration())
app.autodiscover_tasks()


app.steps["worker"].add("lumptracker.bell:SweepTimer")  # by name: it needs Django set up


@signals.worker_init.connect  # type: ignore[untyped-decorator]  # celery has no types
@signals.beat_init.connect  # type: ignore[untyped-decorator]  # celery has no types
def make_folders(**_: object) -> None:
    """The queue is a folder where there is no broker."""
    (settings.QUEUE_DIR / "messages").mkdir(mode=0o700, parents=True, exist_ok=True)
