"""`Lump.assess_after`, the alarm clock of a lump: set it and the next sweep judges that lump again."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from tracking.models import Lump


def mark_lumps(lumps: Iterable[UUID], *, at: datetime) -> None:
    """Have these judged at the next sweep after `at`."""
    Lump.objects.filter(pk__in=list(lumps)).update(assess_after=at)


def due_lumps(at: datetime, *, limit: int) -> list[tuple[UUID, datetime]]:
    """Lumps whose moment has passed, longest waiting first, each with the mark it showed."""
    rows = Lump.objects.filter(assess_after__lte=at).order_by("assess_after", "id")
    return [(pk, mark) for pk, mark in rows.values_list("pk", "assess_after")[:limit] if mark is not None]
