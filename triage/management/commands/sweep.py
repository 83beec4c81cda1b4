"""`manage.py sweep`: one pass of what beat rings for, or one every so many seconds where there is no Celery at all."""

from __future__ import annotations

import json
import time
from argparse import ArgumentParser
from datetime import UTC, datetime
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.db import close_old_connections
from django.utils import timezone

from triage.sweep import sweep


class Command(BaseCommand):
    help = "Judge the lumps that are due and deliver the notifications that are due. Prints counts as JSON."
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--every", type=float, metavar="SECONDS", help="repeat until stopped")
        parser.add_argument("--at", type=instant, metavar="INSTANT", help="play another time (ISO 8601 with offset)")

    def handle(
        self, *_: object, every: float | None, at: datetime | None, **__: Any
    ) -> None:  # Any: Django's own options
        if at and not settings.PUBLIC_IS_LOCAL:
            raise CommandError("--at is refused while PUBLIC_URL is public: it would tell real people at wrong times.")
        call_command("prepare")
        while True:
            counts = sweep(at or timezone.now(), is_played=at is not None)
            self.stdout.write(json.dumps(counts.to_json()))
            self.stdout.flush()
            if every is None:
                return
            time.sleep(every)
            close_old_connections()


def instant(text: str) -> datetime:
    """An aware instant, in UTC."""
    moment = datetime.fromisoformat(text)
    if moment.tzinfo is None:
        raise ValueError("an offset is needed, such as 2026-11-22T09:00:00Z")
    return moment.astimezone(UTC)
