# ruff: noqa: N999  # the command's name is the one that the documents use
"""`manage.py verify-log`: proves that no line of anybody's access log was changed or taken out."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from tracking.access_log import broken_lines
from tracking.models import LogHead, User


class Command(BaseCommand):
    help = "Check the access log of every account, line by line. Ends with an error where one does not hold."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--heads", action="store_true", help="print each account's last seal, to be kept elsewhere")

    def handle(self, *_: object, heads: bool, **__: Any) -> None:  # Any: Django's own options
        broken = 0
        accounts = User.objects.order_by("date_joined", "pk").values_list("pk", flat=True)
        for user_id in accounts.iterator():
            for slip in broken_lines(user_id):
                broken += 1
                self.stderr.write(f"{user_id}: {slip}")
        if heads:
            for head in LogHead.objects.order_by("pk"):
                self.stdout.write(f"{head.pk} {head.count} {head.seal}")
        self.stdout.write(f"accounts: {len(accounts)}, lines that do not hold: {broken}")
        if broken:
            raise CommandError("An access log was changed.")
