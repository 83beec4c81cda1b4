"""`manage.py demo`: an account to look round in, with a link to hand over. Only in a database of its own."""

from __future__ import annotations

import json
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from lumptracker.demo.account import EMAIL, hand_over_twelve, make_demo
from lumptracker.ground import prepare_installation
from tracking.models import User
from tracking.sharing import MadeLink


class Command(BaseCommand):
    help = "Make ada@example.org with realistic lumps, photos, advice and a share link; prints one JSON line."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--twelve", action="store_true", help="nine more people, and under `links` a link to each of twelve lumps"
        )

    def handle(self, *_: Any, twelve: bool = False, **__: Any) -> None:  # Any: Django's own options
        prepare_installation()
        if User.objects.exists():
            raise CommandError("This database has accounts. Point LUMPTRACKER_DATA (or DATABASE_URL) at a new one.")
        at = timezone.now()
        account = make_demo(at=at)
        line: dict[str, object] = {"email": EMAIL, "password": account.password, **_told(account.made)}
        if twelve:
            line["links"] = {name: _told(made) for name, made in hand_over_twelve(account, at=at).items()}
        self.stdout.write(json.dumps(line))


def _told(made: MadeLink) -> dict[str, str | None]:
    return {"url": made.url, "code": made.code, "passcode": made.passcode}
