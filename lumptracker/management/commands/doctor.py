"""`manage.py doctor`: what is wrong with this installation, and how to mend it. Changes nothing."""

from __future__ import annotations

import json
import sys
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from lumptracker.doctor import look


class Command(BaseCommand):
    help = "Say what is wrong with this installation and how to mend it. Exit status 1 if something is."
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--json", action="store_true", help="for programs: {good, findings}")

    def handle(self, *_: object, **options: Any) -> None:  # Any: Django's own options
        findings = look(timezone.now())
        is_good = all(finding.state != "bad" for finding in findings)
        if options["json"]:
            told = {"good": is_good, "findings": [finding.to_json() for finding in findings]}
            self.stdout.write(json.dumps(told))
        else:
            self.stdout.write("\n".join(finding.to_line() for finding in findings))
        if not is_good:
            sys.exit(1)
