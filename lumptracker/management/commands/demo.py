"""`manage.py demo`: an account to look round in, with a link to hand over. Only in a database of its own."""

from __future__ import annotations

import json
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from lumptracker.demo.account import EMAIL, make_demo
from lumptracker.ground import prepare_installation
from tracking.models import User


class Command(BaseCommand):
    help = "Make ada@example.org with realistic lumps, photos, advice and a share link; prints one JSON line."

    def handle(self, *_: Any, **__: Any) -> None:  # Any: Django's own options
        prepare_installation()
        if User.objects.exists():
            raise CommandError("This database has accounts. Point LUMPTRACKER_DATA (or DATABASE_URL) at a new one.")
        account = make_demo(at=timezone.now())
        made = account.made
        line = {
            "email": EMAIL,
            "password": account.password,
            "url": made.url,
            "code": made.code,
            "passcode": made.passcode,
        }
        self.stdout.write(json.dumps(line))
