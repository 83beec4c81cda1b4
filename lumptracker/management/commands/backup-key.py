# ruff: noqa: N999  # Django names a command after its file
"""`manage.py backup-key`: a pair of keys for backups, so that the server can close one and not open it."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand

from lumptracker.backups.age import new_key_pair


class Command(BaseCommand):
    help = "Print a new pair of keys. The public one goes to the server, the secret one to a safe place elsewhere."
    requires_system_checks = ()

    def handle(self, *_: object, **__: Any) -> None:  # Any: Django's own options
        public, secret = new_key_pair()
        self.stdout.write(f"BACKUP_PUBLIC_KEY={public}\nBACKUP_SECRET_KEY={secret}")
        self.stderr.write("Keep the second line away from this machine. Without it no backup opens; nobody has a copy.")
