"""`Lump.assess_after`, the alarm clock of a lump: set it and the next sweep judges that lump again."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from django.db.models import Exists, OuterRef, Subquery
from django.db.models.functions import Coalesce

from tracking.models import Lump, Membership, Observation, User
from triage.models import Assessment


def mark_lumps(lumps: Iterable[UUID], *, at: datetime) -> None:
    """Have these judged at the next sweep after `at`."""
    Lump.objects.filter(pk__in=list(lumps)).update(assess_after=at)


def due_lumps(at: datetime, *, limit: int) -> list[tuple[UUID, datetime]]:
    """Lumps whose moment has passed, each with the mark it showed: those with a check that was not judged yet first,
    since that may be urgent news; among equals the longest waiting."""
    latest = Assessment.objects.filter(lump=OuterRef("pk")).order_by("-at", "-pk").values("history_rev")[:1]
    unjudged = Observation.objects.filter(lump=OuterRef("pk"), rev__gt=OuterRef("judged_rev"))
    rows = Lump.objects.filter(assess_after__lte=at).annotate(judged_rev=Coalesce(Subquery(latest), 0))
    rows = rows.annotate(is_news=Exists(unjudged)).order_by("-is_news", "assess_after", "id")
    return [(pk, mark) for pk, mark in rows.values_list("pk", "assess_after")[:limit] if mark is not None]


def mark_told_to(user: User, *, at: datetime) -> None:
    """Have all judged again whose open episodes this account is told about: how or when it can be told has changed.

    Advice that has reached nobody so far goes out by a way that is new; a reminder moves to the evening of a new zone.
    """
    owned = Lump.objects.filter(person__memberships__user=user, person__memberships__role=Membership.Role.OWNER)
    mark_lumps(owned.filter(episodes__closed_at=None).values_list("pk", flat=True).distinct(), at=at)
