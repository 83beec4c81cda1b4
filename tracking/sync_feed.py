"""What changed since a phone last asked, in the order of each person's counter.

A rev becomes visible only with all smaller ones (it is given under the person's row lock), so a cursor never skips.
Deleting a row tells of every row below it too; when a whole person is gone, its own deletion stands for all. So it is
when a person is no longer shared with this account. A person comes again whenever the account's role there changes.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache, partial
from itertools import islice
from typing import Any
from uuid import UUID

from django.db.models import QuerySet

from tracking.access import all_persons_of
from tracking.models import Person, Tombstone, User
from tracking.models.base import Synced
from tracking.record_kinds import KINDS, PERSON, Kind
from tracking.statements import Question
from tracking.sync_cursor import Seen, read_cursor, resync, write_cursor

PAGE = 200  # changes in one answer
Change = dict[str, Any]  # Any: JSON
Buried = dict[UUID, Tombstone]  # by person


@dataclass(frozen=True, slots=True)
class Pulled:
    """One answer's worth of changes. `more`: ask again with this cursor at once."""

    changes: list[Change]
    cursor: str
    more: bool


def check_cursor(user: User, word: object) -> Seen:
    """What the phone was told. Raises Gone `resync` where that is ahead of us: a restored backup, another server."""
    seen = read_cursor(word)
    if any(person.last_rev < _rev(seen, person.pk) for person in all_persons_of(user)):
        raise resync()
    return seen


def changes_since(user: User, seen: Seen, *, page: int = PAGE) -> Pulled:
    """The next page of changes after what was seen."""
    told = dict(seen)
    changes: list[Change] = []
    people = all_persons_of(user)
    buried = {stone.person_id: stone for stone in BURIED.all(user=user.pk)}
    for change, person_id, rev in islice(_feed(people, buried, seen), page + 1):
        if len(changes) == page:
            return Pulled(changes, write_cursor(told), more=True)
        changes.append(change)
        role = change.get("fields", {}).get("role") or _role(told, person_id)
        told[person_id] = (max(rev, _rev(told, person_id)), role)
    for person in people:
        told[person.pk] = (max(person.last_rev, _rev(told, person.pk)), person.role)
    known = {person.pk for person in people} | buried.keys()
    return Pulled(changes, write_cursor({pk: one for pk, one in told.items() if pk in known}), more=False)


def _rev(seen: Seen, person_id: UUID) -> int:
    return seen[person_id][0] if person_id in seen else 0


def _role(seen: Seen, person_id: UUID) -> str | None:
    return seen[person_id][1] if person_id in seen else None


def _feed(people: list[Person], buried: Buried, seen: Seen) -> Iterator[tuple[Change, UUID, int]]:
    for person in people:
        after = _rev(seen, person.pk)
        if person.rev <= after and person.role != _role(seen, person.pk):
            yield _change(PERSON, person), person.pk, person.rev
        if person.last_rev > after:
            yield from _living(person, after=after)
    yield from _gone(buried, {person.pk for person in people}, seen)


def _living(person: Person, *, after: int) -> Iterator[tuple[Change, UUID, int]]:
    """One person's changes up to the rev that was read with it: what comes later belongs to the next pull."""
    found: list[tuple[int, Callable[[], Change]]] = []
    if after < person.rev <= person.last_rev:
        found.append((person.rev, partial(_change, PERSON, person)))
    for kind in (kind for kind in KINDS.values() if kind is not PERSON):
        rows = _written(kind.model).all(person=person.pk, after=after, last=person.last_rev)
        found += [(row.rev, partial(_change, kind, row)) for row in rows]
    stones = STONES.all(person=person.pk, after=after, last=person.last_rev)
    found += [(stone.rev, partial(_deleted, stone)) for stone in stones]
    for rev, change in sorted(found, key=lambda one: one[0]):
        yield change(), person.pk, rev


def _gone(buried: Buried, living: set[UUID], seen: Seen) -> Iterator[tuple[Change, UUID, int]]:
    """Persons that the phone may still hold: deleted by this account, or no longer shared with it."""
    for person_id, stone in buried.items():
        if stone.rev > _rev(seen, person_id):
            yield _deleted(stone), person_id, stone.rev
    for person_id in sorted(seen.keys() - living - buried.keys()):
        rev = _rev(seen, person_id)
        yield {"type": "person", "id": str(person_id), "rev": rev, "deleted": True}, person_id, rev


@cache
def _written(model: type[Synced]) -> Question[Synced]:
    """What of a person was written after one rev, up to another; as much as one answer may need."""

    def rows(person: UUID, after: int, last: int) -> QuerySet[Synced]:
        between = {"person": person, "rev__gt": after, "rev__lte": last}
        return model._default_manager.filter(**between).order_by("rev")[: PAGE + 1]

    return Question(rows, person=UUID, after=int, last=int)


def _stones(person: UUID, after: int, last: int) -> QuerySet[Tombstone]:
    return Tombstone.objects.filter(person_id=person, rev__gt=after, rev__lte=last).order_by("rev")[: PAGE + 1]


def _buried(user: UUID) -> QuerySet[Tombstone]:
    return Tombstone.objects.filter(user=user, kind=PERSON.name).order_by("at", "id")


STONES = Question(_stones, person=UUID, after=int, last=int)
BURIED = Question(_buried, user=UUID)


def _deleted(stone: Tombstone) -> Change:
    return {"type": stone.kind, "id": str(stone.row_id), "rev": stone.rev, "deleted": True}


def _change(kind: Kind, row: Synced) -> Change:
    return {"type": kind.name, "id": str(row.pk), "rev": row.rev, "fields": flat_document(kind, row)}


def flat_document(kind: Kind, row: Synced) -> dict[str, Any]:  # Any: JSON
    """The row's fields, answers named `signs.fever`; an answer that was taken back is there as null."""
    document = kind.document_of(row)
    fields = {name: value for name, value in document.items() if name not in ("id", "rev", kind.answers)}
    if kind.answers is None:
        return fields
    taken_back = dict.fromkeys(name for name in row.field_revs if name.startswith(f"{kind.answers}."))
    return fields | taken_back | {f"{kind.answers}.{name}": answer for name, answer in document[kind.answers].items()}
