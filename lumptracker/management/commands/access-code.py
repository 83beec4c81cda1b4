# ruff: noqa: N999  # the command's name is the contract's
"""`manage.py access-code EMAIL`: lets somebody in who forgot the password where no mail is set up."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from allauth.account.adapter import get_adapter
from django.core.management.base import BaseCommand, CommandError

from lumptracker.access_codes import WAITS_SECONDS, keep_access_code
from lumptracker.ground import prepare_installation
from tracking.models import User


class Command(BaseCommand):
    help = "Print a one-time code with which the owner of EMAIL can choose a new password."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("email", metavar="EMAIL")

    def handle(self, *_: object, email: str, **__: Any) -> None:  # Any: Django's own options
        prepare_installation()
        if not User.objects.filter(email__iexact=email.strip(), is_active=True).exists():
            raise CommandError("No account has this address.")
        code = get_adapter().new_reset_code()
        keep_access_code(email, code)
        self.stdout.write(code)
        self.stderr.write(f"Tell it to the person within {WAITS_SECONDS // 60} minutes: in the app, Forgot password.")
