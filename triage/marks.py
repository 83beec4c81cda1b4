"""`Lump.assess_after`, the alarm clock of a lump: set it and the next sweep judges that lump again."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from tracking.models import Lump, Membership, User


def mark_lumps(lumps: Iterable[UUID], *, at: datetime) -> None:
    """Have these judged at the next sweep after `at`."""
    Lump.objects.filter(pk__in=list(lumps)).update(assess_after=at)


def due_lumps(at: datetime, *, limit: int) -> list[tuple[UUID, datetime]]:
    """Lumps whose moment has passed, longest waiting first, each with the mark it showed."""
    rows = Lump.objects.filter(assess_after__lte=at).order_by("assess_after", "id")
    return [(pk, mark) for pk, mark in rows.values_list("pk", "assess_after")[:limit] if mark is not None]


def mark_told_to(user: User, *, at: datetime) -> None:
    """Have all judged again whose open episodes this account is told about: how or when it can be told has changed.

    Advice that has reached nobody so far goes out by a way that is new; a reminder moves to the evening of a new zone.
    """
    owned = Lump.objects.filter(person__memberships__user=user, person__memberships__role=Membership.Role.OWNER)
    mark_lumps(owned.filter(episodes__closed_at=None).values_list("pk", flat=True).distinct(), at=at)
