"""`manage.py bounced`: hand it each mail that comes back to the sender's address, as a mail server's alias can."""

from __future__ import annotations

import sys
from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from triage.bounces import LONGEST, note_returned_mail


class Command(BaseCommand):
    help = "Read one mail from standard input. If it reports a mailbox that does not exist, mail to it ends."
    requires_system_checks = ()

    def handle(self, *_: object, **__: Any) -> None:  # Any: Django's own options
        noted = note_returned_mail(sys.stdin.buffer.read(LONGEST), at=timezone.now())
        self.stdout.write(f"accounts no longer reached by email: {noted}")
