"""`manage.py restore FILE`: a backup into the place of what is here."""

from __future__ import annotations

import json
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from lumptracker.backups.age import BackupUnreadable
from lumptracker.backups.databases import DatabaseToolMissing
from lumptracker.backups.locks import lock_to_read
from lumptracker.backups.reading import CannotRestore, restore_backup
from lumptracker.ground import prepare_folders


class Command(BaseCommand):
    help = "Bring a backup back, prove it, and set aside the messages that waited in it. Stop the app first."
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", metavar="FILE", type=Path)
        parser.add_argument("--over", action="store_true", help="even though there are accounts here: they are lost")

    def handle(self, *_: object, file: Path, over: bool, **__: Any) -> None:  # Any: Django's own options
        prepare_folders()
        try:
            restored = restore_backup(file, lock_to_read(settings.ENV), at=timezone.now(), is_over=over)
        except (BackupUnreadable, CannotRestore, DatabaseToolMissing, OSError) as error:
            raise CommandError(str(error)) from error
        self.stdout.write(json.dumps(restored.to_json()))
        if not restored.is_whole:
            raise CommandError("It is back, but not whole: see the numbers above.")
