"""Deleting: rows and photo bytes go, a tombstone for each stays, so that nothing brings them back."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet

from tracking.access import access_person_for_change, rows_of
from tracking.erasing import (
    counted,
    forget_bytes,
    forget_clashes,
    forget_copies,
    forget_empty_links,
    wipe_traces,
    write_receipt,
)
from tracking.errors import NotFound
from tracking.keyring import forget_keys
from tracking.models import CareEvent, HelperLink, Membership, Observation, Person, Photo, ShareLink, Tombstone, User
from tracking.models.base import Synced
from tracking.record import is_own_stone, require_owner
from tracking.record_closing import GONE, settle_closed
from tracking.record_kinds import CARE, LUMP, OBSERVATION, PERSON, PHOTO, Kind
from tracking.record_revs import bury, mark_due
from tracking.record_rules import CLINICIAN


def delete_row(user: User, kind: Kind, row_id: UUID, *, at: datetime) -> tuple[int, bool]:
    """Remove a row and all below it: (rev of its tombstone, whether it was there).

    One's own that was already deleted is fine; anything else is NotFound. A whole person goes by an owner's hand only,
    and so does what a clinician wrote, with the lump it was written about.
    """
    with transaction.atomic():
        found = rows_of(kind.model, user).filter(pk=row_id).first()
        if found is None:
            return _buried_rev(user, kind, row_id), False
        person_id = found.pk if isinstance(found, Person) else found.person_id  # type: ignore[attr-defined]  # all others
        role = Membership.Role.OWNER if kind is PERSON else Membership.Role.LOGGER
        person = access_person_for_change(user, person_id, role=role)
        row = kind.model._default_manager.filter(pk=row_id).first()
        if row is None:
            return _buried_rev(user, kind, row_id), False
        if _clinicians_words(kind, row_id).exists():
            require_owner(user, person, say_key="owner_changes" if kind is CARE else "owner_deletes_lump")
        dead = [(below.name, pk) for below, table in _below(kind, row_id) for pk in table.values_list("pk", flat=True)]
        dead.append((kind.name, row_id))
        rev = bury(person, user=user, rows=dead, at=at)
        _erase(person, kind, row, dead)
        write_receipt(user, kind.name, counted(dead), at=at)
        _settle_lump(person, row, at=at)
        return rev, True


def _erase(person: Person, kind: Kind, row: Synced, dead: Sequence[tuple[str, UUID]]) -> None:
    """The row and all that hangs on it, in the database and beside it."""
    row_id = row.pk
    helpers = HelperLink.objects.filter(**{"lump__person" if kind is PERSON else "lump": row_id})
    forget_bytes(_photos_below(kind, row_id), helpers if kind in (PERSON, LUMP) else None)
    forget_copies(person.pk)
    forget_clashes(dead, accounts=person.memberships.values_list("user", flat=True))
    links = list(
        ShareLink.objects.filter(lumps__in=[pk for name, pk in dead if name == LUMP.name]).values_list("pk", flat=True)
    )
    row.delete()
    forget_empty_links(links)
    if kind is PERSON:
        forget_keys("person", [row_id])
    wipe_traces()


def _below(kind: Kind, row_id: UUID) -> list[tuple[Kind, QuerySet[Synced]]]:
    """What goes with a row, children first."""
    kinds = {"person": (PHOTO, CARE, OBSERVATION, LUMP), "lump": (PHOTO, CARE, OBSERVATION), "observation": (PHOTO,)}
    return [
        (below, below.model._default_manager.filter(**{kind.name: row_id}).order_by("rev"))
        for below in kinds.get(kind.name, ())
    ]


def _clinicians_words(kind: Kind, row_id: UUID) -> QuerySet[CareEvent]:
    """What would go with the row of what a clinician wrote, confirmed or not. A person has an owner's door anyway."""
    where = {CARE: "pk", LUMP: "lump"}.get(kind)
    return CareEvent.objects.filter(**{where: row_id}, by=CLINICIAN) if where else CareEvent.objects.none()


def _photos_below(kind: Kind, row_id: UUID) -> QuerySet[Photo]:
    if kind is CARE:
        return Photo.objects.none()
    return Photo.objects.filter(**{"pk" if kind is PHOTO else kind.name: row_id})


def _settle_lump(person: Person, row: Synced, *, at: datetime) -> None:
    if isinstance(row, (Observation, Photo, CareEvent)):
        mark_due(person.pk, lump_id=row.lump_id, at=at)
    if isinstance(row, Observation):
        settle_closed(person, row.lump, was_gone=row.signs.get("trend") == GONE, at=at)


def _buried_rev(user: User, kind: Kind, row_id: UUID) -> int:
    stone = Tombstone.objects.filter(kind=kind.name, row_id=row_id).first()
    if stone is None or not is_own_stone(user, stone):
        raise NotFound
    return stone.rev
