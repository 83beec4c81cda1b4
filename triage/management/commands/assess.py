"""`manage.py assess`: history documents in, assessments out, one JSON document a line. No database, no data folder."""

from __future__ import annotations

import gc
import os
import sys
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from tracking.errors import InvalidInput
from tracking.texts import DEFAULT_LANGUAGE, languages, speaking
from triage.lines import read_at
from triage.side_by_side import judge_lines

FEWER_COLLECTIONS = 50_000  # new objects between two searches for circles: judging makes none


class Command(BaseCommand):
    """Skin over `judge_lines`. A bad line answers with its error in its place and the rest go on."""

    help = "Read history documents (one JSON document a line) and write one assessment a line."
    requires_system_checks = ()
    requires_migrations_checks = False

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--at", metavar="INSTANT", help="ISO 8601 with offset; a document's own `at` wins; default now"
        )
        parser.add_argument(
            "--language", choices=languages(), default=DEFAULT_LANGUAGE, help="of titles, messages, errors; default en"
        )

    def handle(self, *_: object, **options: Any) -> None:  # Any: Django's signature
        at = timezone.now()
        if options["at"]:
            try:
                at = read_at(options["at"])
            except InvalidInput as wrong:
                raise CommandError(f"--{wrong.message}") from wrong
        gc.freeze()
        gc.set_threshold(FEWER_COLLECTIONS)
        try:
            with speaking(options["language"]):
                all_good = judge_lines(sys.stdin.buffer, sys.stdout.buffer, at=at)
            sys.stdout.buffer.flush()
        except BrokenPipeError:  # the reader has seen enough; what Python flushes at the end goes nowhere
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
            all_good = False
        if not all_good:
            sys.exit(1)
