"""An import from being sent to being told of. `import_job.py` does the work."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction

from tracking.errors import Conflict, InvalidInput, NotFound
from tracking.import_job import Report, open_source, preview
from tracking.models import Import, User
from tracking.models.moving import Moving
from tracking.moving import drop
from tracking.pieces import forget_pieces
from tracking.texts import say


def look_at(user: User, keys: list[str], size_bytes: int, choices: dict[str, Any], *, at: datetime) -> Report:
    """What an import of the file would do; the file is forgotten. Raises InvalidInput. Any: what was chosen, JSON."""
    try:
        return preview(user, keys, size_bytes, choices, at=at)
    finally:
        forget_pieces(keys)


def ask_for_import(user: User, keys: list[str], size_bytes: int, choices: dict[str, Any], *, at: datetime) -> Import:
    """A file to be taken in. Any: what was chosen, JSON.

    Raises InvalidInput where it cannot be used or leaves a question open, Conflict while another one is taken in. The
    file is forgotten then.
    """
    try:
        source = open_source(user, keys, size_bytes, choices, at=at)
        if source.report.questions:
            asked = {question["name"]: [say("sheet.asked")] for question in source.report.questions}
            raise InvalidInput("questions", say("sheet.asked"), fields=asked)
        with transaction.atomic():
            User.objects.select_for_update().get(pk=user.pk)
            if user.imports.filter(state__in=[Moving.State.WAITING, Moving.State.WORKING]).exists():
                raise Conflict("import_running", say("archive.running"))
            return Import.objects.create(
                user=user, created_at=at, pieces=keys, size_bytes=size_bytes, choices=choices, total=len(source.steps)
            )
    except BaseException:
        forget_pieces(keys)
        raise


def access_import(user: User, import_id: UUID) -> Import:
    """One of the account's own. Raises NotFound, also once it is too old."""
    found = user.imports.filter(pk=import_id).first()
    if found is None:
        raise NotFound
    return found


def take_back_import(found: Import) -> None:
    """Stop it where it is: what was taken in stays. Removes the report too."""
    drop(found)


def tallies(report: Report) -> dict[str, Any]:  # Any: JSON
    """The counts as they are told: all together, and by kind."""
    kinds = ("person", "lump", "observation", "care", "photo")
    statuses = ("new", "same", "different", "restored")

    def total(pairs: Iterable[tuple[str, str]]) -> int:
        return sum(report.counts.get(f"{kind}.{status}", 0) for kind, status in pairs)

    return {
        **{status: total((kind, status) for kind in kinds) for status in statuses},
        "by_kind": {kind: {status: total([(kind, status)]) for status in statuses} for kind in kinds},
        "problems": report.problems,
        "more_problems": report.more_problems,
        "others": report.others,
        "questions": report.questions,
    }
