"""New checks by the dozen: what a phone that was offline for weeks sends most, stored in a number of queries that does
not grow with them.

Only what is plain comes this way: a check under an id that nobody ever used, about a lump that this account may write
to, and right in all its fields. Whatever is not is left to `sync`, which does it by itself and says what is wrong.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol
from uuid import UUID

from django.db import IntegrityError, transaction

from tracking.errors import TrackingError
from tracking.many_rows import insert_rows
from tracking.models import Lump, Membership, Observation, Operation, Person, Tombstone, User
from tracking.record_closing import GONE, settle_closed
from tracking.record_kinds import OBSERVATION
from tracking.record_revs import keep_last_rev, mark_due
from tracking.record_rules import day_of, settled
from tracking.record_shapes import read_shape

FEWEST = 2  # fewer are quicker one by one
Result = dict[str, Any]  # Any: JSON
MAY_WRITE = (Membership.Role.LOGGER, Membership.Role.OWNER)


class NewCheck(Protocol):
    """An operation that was read."""

    @property
    def op_id(self) -> UUID: ...
    @property
    def row_id(self) -> UUID: ...
    @property
    def fields(self) -> Mapping[str, object] | None: ...


@dataclass(frozen=True, slots=True)
class _Plain:
    """A check that may be stored as it is."""

    wanted: NewCheck
    lump: Lump
    leaves: dict[str, Any]  # Any: column values
    given: frozenset[str]


def store_new_checks(user: User, wanted: Sequence[NewCheck], *, at: datetime) -> list[Result]:
    """Store as many from the beginning as are plain, and what is told of each. The account's persons are held."""
    if len(wanted) < FEWEST:
        return []
    plain = _plain(user, wanted, at=at)
    if len(plain) < FEWEST:
        return []
    try:
        with transaction.atomic():
            return _stored(user, plain, at=at)
    except IntegrityError:  # somebody used one of these ids meanwhile
        return []


def _stored(user: User, plain: Sequence[_Plain], *, at: datetime) -> list[Result]:
    people = {one.lump.person_id: one.lump.person for one in plain}  # one for all of a person's lumps: it counts
    rows = [_row_of(one, people[one.lump.person_id], at=at) for one in plain]
    insert_rows(rows)
    for person in people.values():
        keep_last_rev(person)
    for lump in {one.lump.pk: one.lump for one in plain}.values():
        mark_due(lump.person_id, lump_id=lump.pk, at=at, is_news=True)
        settle_closed(people[lump.person_id], lump, was_gone=False, at=at)
    results = [_applied(one.wanted.op_id, rev=row.rev) for one, row in zip(plain, rows, strict=True)]
    insert_rows(
        [
            Operation(user=user, op_id=one.wanted.op_id, result=json.dumps(result), at=at)
            for one, result in zip(plain, results, strict=True)
        ]
    )
    return results


def _applied(op_id: UUID, *, rev: int) -> Result:
    return {"op_id": str(op_id), "status": "applied", "rev": rev, "error": None, "conflicts": {}}


def _plain(user: User, wanted: Sequence[NewCheck], *, at: datetime) -> list[_Plain]:
    """Those from the beginning up to the first that is not."""
    ids = [one.row_id for one in wanted]
    used = set(Observation.objects.filter(pk__in=ids).values_list("pk", flat=True))
    used |= set(Tombstone.objects.filter(kind=OBSERVATION.name, row_id__in=ids).values_list("row_id", flat=True))
    seen: set[UUID] = set()
    lumps = _lumps(user, wanted)
    found: list[_Plain] = []
    for one in wanted:
        lump = lumps.get(str((one.fields or {}).get("lump")).lower())
        if lump is None or one.row_id in used or one.op_id in seen:
            break
        checked = _checked(one, lump, at=at)
        if checked is None:
            break
        used.add(one.row_id)
        seen.add(one.op_id)
        found.append(checked)
    return found


def _lumps(user: User, wanted: Sequence[NewCheck]) -> dict[str, Lump]:
    named = set()
    for one in wanted:
        try:
            named.add(UUID(str((one.fields or {}).get("lump"))))
        except ValueError:
            break
    mine = Membership.objects.filter(user=user, role__in=MAY_WRITE).values("person")
    rows = Lump.objects.filter(pk__in=named, person__in=mine).select_related("person")
    rows = rows.only("closed_on", "closed_reason", "person__time_zone", "person__last_rev")
    return {str(lump.pk): lump for lump in rows}


def _checked(wanted: NewCheck, lump: Lump, *, at: datetime) -> _Plain | None:
    """None where something is wrong with it, which is said elsewhere."""
    document = wanted.fields or {}
    if "id" in document:
        return None
    try:
        values = OBSERVATION.leaves_in(read_shape(OBSERVATION.shape, document, partial=False))
        leaves = {**OBSERVATION.leaves_of(None), **values}
        leaves = {name: value for name, value in leaves.items() if value is not None or not name.startswith("signs.")}
        leaves = settled(OBSERVATION.name, leaves, given=values.keys(), today=day_of(at, lump.person.time_zone))
    except TrackingError:
        return None
    if leaves.get("signs.trend") == GONE:
        return None  # it may close the lump, and what comes after it open it again
    return _Plain(wanted, lump, leaves, frozenset(values))


def _row_of(one: _Plain, person: Person, *, at: datetime) -> Observation:
    """Under the person's next rev, unsaved."""
    row = Observation(pk=one.wanted.row_id, person=person, lump=one.lump, created_at=at, updated_at=at, received_at=at)
    OBSERVATION.write_leaves(row, one.leaves)
    person.last_rev += 1
    row.rev = person.last_rev
    row.field_revs = dict.fromkeys(one.given, row.rev)
    return row
