# ruff: noqa: N999  # the command's name is the contract's
"""`manage.py access-code EMAIL`: lets somebody in who forgot the password where no mail is set up."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from allauth.account.adapter import get_adapter
from allauth.mfa.models import Authenticator
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from lumptracker.access_codes import WAITS_SECONDS, keep_access_code
from lumptracker.devices import end_other_sessions
from lumptracker.ground import prepare_installation
from tracking.access_log import By, Who, record_access
from tracking.models import User


class Command(BaseCommand):
    help = "Print a one-time code with which the owner of EMAIL can choose a new password."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("email", metavar="EMAIL")
        parser.add_argument(
            "--without-second-step",
            action="store_true",
            help="also remove passkeys, authenticator app and recovery codes, for somebody who lost them all, "
            "and sign the account out everywhere",
        )

    def handle(self, *_: object, email: str, without_second_step: bool, **__: Any) -> None:  # Any: Django's own options
        prepare_installation()
        user = User.objects.filter(email__iexact=email.strip(), is_active=True).first()
        if user is None:
            raise CommandError("No account has this address.")
        if without_second_step:
            Authenticator.objects.filter(user=user).delete()
            record_access(user.pk, what="factor_changed", who=Who(By.ADMIN), at=timezone.now())
            end_other_sessions(user, keep=None)
        code = get_adapter().new_reset_code()
        keep_access_code(email, code)
        self.stdout.write(code)
        self.stderr.write(f"Tell it to the person within {WAITS_SECONDS // 60} minutes: in the app, Forgot password.")
