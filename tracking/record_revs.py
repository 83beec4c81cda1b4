"""The person's counter, the marks that a write leaves, and what a deleted row leaves behind.

Everything here is called inside the transaction that holds the person's row (`access_person_for_change`), so within
one person revs are given in the order in which they become visible.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from django.db.models import QuerySet

from tracking.models import Lump, Person, Tombstone, User
from tracking.models.base import Synced
from tracking.statements import Change

LAST_REV = Change(lambda person, rev: (Person.objects.filter(pk=person), {"last_rev": rev}), person=UUID, rev=int)


def _due(person: UUID, lump: UUID, at: datetime) -> tuple[QuerySet[Lump], dict[str, object]]:
    return Lump.objects.filter(person_id=person, pk=lump), {"assess_after": at, "claimed_until": None}


def _due_with_news(person: UUID, lump: UUID, at: datetime) -> tuple[QuerySet[Lump], dict[str, object]]:
    rows, columns = _due(person, lump, at)
    return rows, {**columns, "has_news": True}


DUE = Change(_due, person=UUID, lump=UUID, at=datetime)
DUE_WITH_NEWS = Change(_due_with_news, person=UUID, lump=UUID, at=datetime)


def take_rev(person: Person) -> int:
    """The person's next rev. Each changed or deleted row takes its own, so that a page of changes can end anywhere."""
    person.last_rev += 1
    keep_last_rev(person)
    return person.last_rev


def keep_last_rev(person: Person) -> None:
    """Store how far the person's counter has come."""
    LAST_REV.make(person=person.pk, rev=person.last_rev)


def save_changed(person: Person, row: Synced, *, fields: Iterable[str], at: datetime) -> None:
    """Store a row under a new rev, noting which fields were set by it."""
    row.rev = take_rev(person)
    row.field_revs = {**row.field_revs, **dict.fromkeys(fields, row.rev)}
    row.updated_at = at
    row.save()


def mark_due(person_id: UUID, *, at: datetime, lump_id: UUID | None = None, is_news: bool = False) -> None:
    """Ring the lump's alarm clock, or those of all the person's lumps: the next sweep judges them again, what has news
    before what has none. A sweeper that has it in hand just now will find the mark moved, and leave it."""
    if lump_id is not None:
        (DUE_WITH_NEWS if is_news else DUE).make(person=person_id, lump=lump_id, at=at)
    else:
        news = {"has_news": True} if is_news else {}
        Lump.objects.filter(person_id=person_id).update(assess_after=at, claimed_until=None, **news)


def bury(person: Person, *, user: User, rows: Iterable[tuple[str, UUID]], at: datetime) -> int:
    """Leave a tombstone for each (kind, id), children first, and return the last rev."""
    stones = []
    for kind, row_id in rows:
        person.last_rev += 1
        stones.append(Tombstone(kind=kind, row_id=row_id, person_id=person.pk, user=user, rev=person.last_rev, at=at))
    keep_last_rev(person)
    Tombstone.objects.bulk_create(stones)
    return person.last_rev
