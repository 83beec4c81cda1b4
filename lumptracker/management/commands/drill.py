"""`manage.py drill FILE`: brings a backup back in a place of its own, proves it, and throws that place away.

A backup that nobody has ever restored is a hope. The drill runs `restore` as one would after a fire, in a process of
its own that can reach neither the data, the database nor the mail of this installation.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import time
from argparse import ArgumentParser
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import quote
from uuid import uuid4

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import connection

KEPT = ("PATH", "HOME", "LANG", "PYTHONPATH", "BACKUP_PASSPHRASE", "BACKUP_PASSPHRASE_FILE")
KEPT_KEYS = ("BACKUP_SECRET_KEY", "BACKUP_SECRET_KEY_FILE")


class Command(BaseCommand):
    help = "Prove that a backup can be restored, beside what is running and without touching it."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", metavar="FILE", type=Path)

    def handle(self, *_: object, file: Path, **__: Any) -> None:  # Any: Django's own options
        began = time.monotonic()
        with tempfile.TemporaryDirectory(dir=settings.DATA_DIR, prefix="drill-") as room, scratch_database(room) as url:
            command = [sys.executable, "-m", "lumptracker", "restore", str(file.resolve())]
            surroundings = {name: os.environ[name] for name in (*KEPT, *KEPT_KEYS) if name in os.environ}
            surroundings |= {
                "LUMPTRACKER_DATA": room,
                "DATABASE_URL": url,
                "DATA_KEY": settings.DATA_KEY,
                "DATA_KEY_ALSO": ",".join(settings.DATA_KEYS_ALSO),
            }
            done = subprocess.run(
                command, cwd=settings.BASE_DIR, env=surroundings, capture_output=True, text=True, check=False
            )
        if done.returncode:
            raise CommandError(f"This backup does not come back. {done.stderr.strip()}\n{done.stdout.strip()}")
        told: dict[str, Any] = json.loads(done.stdout)  # Any: JSON
        self.stdout.write(json.dumps({"whole": True, "seconds": round(time.monotonic() - began, 1), **told}))


@contextmanager
def scratch_database(room: str) -> Iterator[str]:
    """The address of an empty database of the same kind, gone afterwards."""
    if connection.vendor == "sqlite":
        yield f"sqlite:///{room}/drill.sqlite3"
        return
    name = f"drill_{uuid4().hex[:12]}"
    with connection.cursor() as cursor:
        cursor.execute(f'CREATE DATABASE "{name}"')
    try:
        yield _address_of(name)
    finally:
        with connection.cursor() as cursor:
            cursor.execute(f'DROP DATABASE "{name}" WITH (FORCE)')


def _address_of(name: str) -> str:
    database: dict[str, Any] = settings.DATABASES["default"]  # Any: Django's own shape
    who = quote(str(database["USER"] or ""), safe="")
    password = quote(str(database["PASSWORD"] or ""), safe="")
    where = f"{database['HOST'] or ''}{':' if database['PORT'] else ''}{database['PORT'] or ''}"
    return f"postgres://{who}{':' if password else ''}{password}@{where}/{name}"
