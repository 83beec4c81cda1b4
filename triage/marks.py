"""`Lump.assess_after`, the alarm clock of a lump: set it and the next sweep judges that lump again.

A sweeper claims what is due by the thousand, so that two at once never judge the same. A claim leaves the mark as it
is and runs out by itself: who claimed may die, and nothing is lost but the minute.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import NamedTuple
from uuid import UUID

from django.db import transaction
from django.db.models import Q, QuerySet

from tracking.access import persons_told_about
from tracking.models import Lump, User

CLAIM = timedelta(seconds=60)  # longer than judging one batch can take


class Claim(NamedTuple):
    """One lump for this process alone, and the mark that it showed: what is done holds only while it still does."""

    lump_id: UUID
    mark: datetime


def mark_lumps(lumps: Iterable[UUID], *, at: datetime) -> None:
    """Have these judged at the next sweep after `at`."""
    Lump.objects.filter(pk__in=list(lumps)).update(assess_after=at, claimed_until=None)


def due_lumps(at: datetime) -> QuerySet[Lump]:
    """Those whose moment has passed and that nobody has claimed. A claim that runs longer than any can was made by a
    clock that was put back since."""
    free = Q(claimed_until=None) | Q(claimed_until__lte=at) | Q(claimed_until__gt=at + CLAIM)
    return Lump.objects.filter(free, assess_after__lte=at)


def claim_due(
    at: datetime, *, limit: int, since: datetime | None = None, until: datetime | None = None, only_news: bool = False
) -> list[Claim]:
    """Take the longest waiting, or of those with a check that nobody has judged yet. `since` and `until` narrow down
    the marks: a long pass need not look again at where it has been, and helpers begin where others are not."""
    due = due_lumps(at)
    if since is not None:
        due = due.filter(assess_after__gte=since)
    if until is not None:
        due = due.filter(assess_after__lt=until)
    if only_news:
        due = due.filter(has_news=True)
    with transaction.atomic():
        held = due.select_for_update(skip_locked=True, no_key=True, of=("self",)).order_by("assess_after", "id")
        rows = [Claim(pk, mark) for pk, mark in held.values_list("pk", "assess_after")[:limit] if mark is not None]
        if rows:
            Lump.objects.filter(pk__in=[row.lump_id for row in rows]).update(claimed_until=at + CLAIM)
    return rows


def release(claims: Iterable[Claim]) -> None:
    """Give back what could not be judged: somebody else was writing about that person."""
    if lumps := [claim.lump_id for claim in claims]:
        Lump.objects.filter(pk__in=lumps).update(claimed_until=None)


def mark_told_to(user: User, *, at: datetime) -> None:
    """Have all judged again whose open episodes this account is told about: how or when it can be told has changed.

    Advice that has reached nobody so far goes out by a way that is new; a reminder moves to the evening of a new zone.
    """
    theirs = Lump.objects.filter(person__in=persons_told_about(user))
    mark_lumps(theirs.filter(episodes__closed_at=None).values_list("pk", flat=True).distinct(), at=at)
