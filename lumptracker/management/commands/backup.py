"""`manage.py backup FOLDER`: everything but the keys, in one encrypted file, while the app goes on."""

from __future__ import annotations

import json
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from lumptracker.backups.databases import DatabaseToolMissing
from lumptracker.backups.locks import lock_to_write
from lumptracker.backups.writing import age_limit, forget_backups, write_backup


class Command(BaseCommand):
    help = "Write one encrypted backup into FOLDER. See 'Backup' in docs/hosting.md."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("folder", metavar="FOLDER", type=Path)
        parser.add_argument("--keep-days", type=int, metavar="DAYS", help="then delete backups older than this")

    def handle(self, *_: object, folder: Path, keep_days: int | None, **__: Any) -> None:  # Any: Django's own options
        at = timezone.now()
        try:
            path, manifest = write_backup(folder, lock_to_write(settings.ENV), at=at)
        except DatabaseToolMissing as error:
            raise CommandError(str(error)) from error
        old = [] if keep_days is None else forget_backups(folder, before=age_limit(keep_days, at=at))
        told = {"file": str(path), "rows": sum(manifest["rows"].values()), "pictures": len(manifest["sha256"]) - 1}
        self.stdout.write(json.dumps({**told, "deleted": old}))
