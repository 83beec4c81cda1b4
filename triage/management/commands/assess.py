"""`manage.py assess`: history documents in, assessments out, one JSON document a line. No database, no data folder."""

from __future__ import annotations

import json
import sys
from argparse import ArgumentParser
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from tracking.errors import TrackingError
from tracking.history import parse_history
from triage.engine import assess


class Command(BaseCommand):
    """Skin over `engine.assess`. A bad line answers with its error in its place and the rest go on."""

    help = "Read history documents (one JSON document a line) and write one assessment a line."
    requires_system_checks = ()
    requires_migrations_checks = False

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--at", metavar="INSTANT", help="ISO 8601 with offset; a document's own `at` wins; default now"
        )

    def handle(self, *_: object, **options: Any) -> None:  # Any: Django's signature
        fallback = timezone.now()
        if options["at"]:
            try:
                fallback = _instant(options["at"])
            except ValueError as wrong:
                raise CommandError(f"--at: {wrong}") from wrong
        bad = False
        for number, line in enumerate(sys.stdin.buffer, start=1):
            if not line.strip():
                continue
            answer = assess_line(line, number=number, at=fallback)
            bad = bad or "error" in answer
            sys.stdout.write(json.dumps(answer, separators=(",", ":"), ensure_ascii=False) + "\n")
        sys.stdout.flush()
        if bad:
            sys.exit(1)


def assess_line(line: bytes, *, number: int, at: datetime) -> dict[str, Any]:  # Any: JSON
    """One line's assessment, or `{"error": {"code", "message", "line"}}`."""
    try:
        document = json.loads(line.decode("utf-8"), parse_constant=_not_a_number)
        if isinstance(document, Mapping) and document.get("at") is not None:
            at = _instant(document["at"])
        return assess(parse_history(document, at=at, for_judging=True), at).to_json()
    except TrackingError as wrong:
        return _error(wrong.code, wrong.message, number)
    except (ValueError, RecursionError) as wrong:
        return _error(
            "invalid_json" if isinstance(wrong, json.JSONDecodeError | UnicodeDecodeError) else "invalid",
            str(wrong),
            number,
        )


def _instant(text: object) -> datetime:
    wrong = f"at: an instant needs ISO 8601 with an offset, as in 2026-11-22T09:00:00Z, not {text!r}"
    if not isinstance(text, str):
        raise ValueError(wrong)
    try:
        instant = datetime.fromisoformat(text)
    except ValueError as slip:
        raise ValueError(wrong) from slip
    if instant.tzinfo is None:
        raise ValueError(wrong)
    return instant.astimezone(UTC)


def _not_a_number(name: str) -> float:
    raise ValueError(f"{name} is not a number in JSON")


def _error(code: str, message: str, line: int) -> dict[str, Any]:  # Any: JSON
    return {"error": {"code": code, "message": message, "line": line}}
