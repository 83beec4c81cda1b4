"""`manage.py invite EMAIL`: lets somebody sign up where `SIGNUP=invite`."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from lumptracker.signup import INVITATION_DAYS, new_invitation


class Command(BaseCommand):
    help = "Print an invitation with which the owner of EMAIL, and nobody else, can sign up."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("email", metavar="EMAIL")

    def handle(self, *_: object, email: str, **__: Any) -> None:  # Any: Django's own options
        self.stdout.write(new_invitation(email))
        self.stderr.write(f"It holds for {INVITATION_DAYS} days, for this address. The app asks for it at sign-up.")
