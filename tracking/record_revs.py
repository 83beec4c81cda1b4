"""The person's counter, the marks that a write leaves, and what a deleted row leaves behind.

Everything here is called inside the transaction that holds the person's row (`access_person_for_change`), so within
one person revs are given in the order in which they become visible.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from tracking.models import Lump, Person, Tombstone, User
from tracking.models.base import Synced


def take_rev(person: Person) -> int:
    """The person's next rev. Each changed or deleted row takes its own, so that a page of changes can end anywhere."""
    person.last_rev += 1
    Person.objects.filter(pk=person.pk).update(last_rev=person.last_rev)
    return person.last_rev


def save_changed(person: Person, row: Synced, *, fields: Iterable[str], at: datetime) -> None:
    """Store a row under a new rev, noting which fields were set by it."""
    row.rev = take_rev(person)
    row.field_revs = {**row.field_revs, **dict.fromkeys(fields, row.rev)}
    row.updated_at = at
    row.save()


def mark_due(person_id: UUID, *, at: datetime, lump_id: UUID | None = None, is_news: bool = False) -> None:
    """Ring the lump's alarm clock, or those of all the person's lumps: the next sweep judges them again, what has news
    before what has none. A sweeper that has it in hand just now will find the mark moved, and leave it."""
    lumps = Lump.objects.filter(person_id=person_id)
    news = {"has_news": True} if is_news else {}
    (lumps if lump_id is None else lumps.filter(pk=lump_id)).update(assess_after=at, claimed_until=None, **news)


def bury(person: Person, *, user: User, rows: Iterable[tuple[str, UUID]], at: datetime) -> int:
    """Leave a tombstone for each (kind, id), children first, and return the last rev."""
    stones = []
    for kind, row_id in rows:
        person.last_rev += 1
        stones.append(Tombstone(kind=kind, row_id=row_id, person_id=person.pk, user=user, rev=person.last_rev, at=at))
    Person.objects.filter(pk=person.pk).update(last_rev=person.last_rev)
    Tombstone.objects.bulk_create(stones)
    return person.last_rev
