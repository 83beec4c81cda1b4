"""What changed since a phone last asked, in the order of each person's counter.

A rev becomes visible only with all smaller ones (it is given under the person's row lock), so a cursor never skips.
Deleting a row tells of every row below it too; when a whole person is gone, its own deletion stands for all.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from itertools import islice
from typing import Any
from uuid import UUID

from tracking.access import persons_of
from tracking.models import Person, Tombstone, User
from tracking.models.base import Synced
from tracking.record_kinds import KINDS, PERSON, Kind
from tracking.sync_cursor import read_cursor, resync, write_cursor

PAGE = 200  # changes in one answer
Change = dict[str, Any]  # Any: JSON


@dataclass(frozen=True, slots=True)
class Pulled:
    """One answer's worth of changes. `more`: ask again with this cursor at once."""

    changes: list[Change]
    cursor: str
    more: bool


def check_cursor(user: User, word: object) -> dict[UUID, int]:
    """The phone's revs. Raises Gone `resync` where they are ahead of ours: a restored backup, another server."""
    seen = read_cursor(word)
    ahead = (person.last_rev < seen.get(person.pk, 0) for person in persons_of(user))
    if any(ahead):
        raise resync()
    return seen


def changes_since(user: User, seen: dict[UUID, int], *, page: int = PAGE) -> Pulled:
    """The next page of changes after what was seen."""
    revs = dict(seen)
    changes: list[Change] = []
    people = list(persons_of(user).order_by("created_at", "id"))
    for change, person_id, rev in islice(_feed(user, people, seen), page + 1):
        if len(changes) == page:
            return Pulled(changes, write_cursor(revs), more=True)
        changes.append(change)
        revs[person_id] = rev
    for person in people:
        revs[person.pk] = max(person.last_rev, revs.get(person.pk, 0))
    known = {person.pk for person in people} | set(_buried(user).values_list("person_id", flat=True))
    return Pulled(changes, write_cursor({pk: rev for pk, rev in revs.items() if pk in known}), more=False)


def _feed(user: User, people: list[Person], seen: dict[UUID, int]) -> Iterator[tuple[Change, UUID, int]]:
    for person in people:
        if person.last_rev > seen.get(person.pk, 0):
            yield from _living(person, after=seen.get(person.pk, 0))
    yield from _gone(user, {person.pk for person in people}, seen)


def _living(person: Person, *, after: int) -> Iterator[tuple[Change, UUID, int]]:
    """One person's changes up to the rev that was read with it: what comes later belongs to the next pull."""
    found: list[tuple[int, Callable[[], Change]]] = []
    for kind in KINDS.values():
        owner = {"pk": person.pk} if kind is PERSON else {"person": person.pk}
        rows = kind.model._default_manager.filter(**owner, rev__gt=after, rev__lte=person.last_rev)
        found += [(row.rev, partial(_change, kind, row)) for row in rows.order_by("rev")[: PAGE + 1]]
    stones = Tombstone.objects.filter(person_id=person.pk, rev__gt=after, rev__lte=person.last_rev)
    found += [(stone.rev, partial(_deleted, stone)) for stone in stones.order_by("rev")[: PAGE + 1]]
    for rev, change in sorted(found, key=lambda one: one[0]):
        yield change(), person.pk, rev


def _gone(user: User, living: set[UUID], seen: dict[UUID, int]) -> Iterator[tuple[Change, UUID, int]]:
    """Persons that the phone may still hold: deleted by this account, or no longer shared with it."""
    stones = {stone.person_id: stone for stone in _buried(user)}
    for person_id, stone in stones.items():
        if stone.rev > seen.get(person_id, 0):
            yield _deleted(stone), person_id, stone.rev
    for person_id in sorted(seen.keys() - living - stones.keys()):
        yield (
            {"type": "person", "id": str(person_id), "rev": seen[person_id], "deleted": True},
            person_id,
            seen[person_id],
        )


def _buried(user: User) -> Any:  # Any: a QuerySet that the stubs type by its annotations
    return Tombstone.objects.filter(user=user, kind=PERSON.name).order_by("at", "id")


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
