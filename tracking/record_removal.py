"""Deleting: rows and photo bytes go, a tombstone for each stays, so that nothing brings them back."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet

from tracking import vault
from tracking.access import access_person_for_change, rows_of
from tracking.errors import NotFound
from tracking.models import CareEvent, Membership, Observation, Person, Photo, Tombstone, User
from tracking.models.base import Synced
from tracking.record import is_own_stone
from tracking.record_closing import GONE, settle_closed
from tracking.record_kinds import CARE, LUMP, OBSERVATION, PERSON, PHOTO, Kind
from tracking.record_revs import bury, mark_due


def delete_row(user: User, kind: Kind, row_id: UUID, *, at: datetime) -> tuple[int, bool]:
    """Remove a row and all below it: (rev of its tombstone, whether it was there).

    One's own that was already deleted is fine; anything else is NotFound. A whole person goes by an owner's hand only.
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
        forget_bytes(_photos_below(kind, row_id))
        dead = [(below.name, pk) for below, table in _below(kind, row_id) for pk in table.values_list("pk", flat=True)]
        rev = bury(person, user=user, rows=[*dead, (kind.name, row_id)], at=at)
        row.delete()
        _settle_lump(person, row, at=at)
        return rev, True


def forget_bytes(photos: QuerySet[Photo]) -> None:
    """Once this transaction is certain, remove the pictures' bytes. A crash in between leaves files to a sweep."""
    keys = [key for pair in photos.values_list("large_key", "thumb_key") for key in pair if key]

    def forget() -> None:
        for key in keys:
            vault.delete_bytes(key)

    transaction.on_commit(forget)


def _below(kind: Kind, row_id: UUID) -> list[tuple[Kind, QuerySet[Synced]]]:
    """What goes with a row, children first."""
    kinds = {"person": (PHOTO, CARE, OBSERVATION, LUMP), "lump": (PHOTO, CARE, OBSERVATION), "observation": (PHOTO,)}
    return [
        (below, below.model._default_manager.filter(**{kind.name: row_id}).order_by("rev"))
        for below in kinds.get(kind.name, ())
    ]


def _photos_below(kind: Kind, row_id: UUID) -> QuerySet[Photo]:
    if kind is CARE:
        return Photo.objects.none()
    return Photo.objects.filter(**{"pk" if kind is PHOTO else kind.name: row_id})


def _settle_lump(person: Person, row: Synced, *, at: datetime) -> None:
    if isinstance(row, (Observation, Photo, CareEvent)):
        mark_due(person.pk, lump_id=row.lump_id, at=at)
    if isinstance(row, Observation):
        settle_closed(person, row.lump_id, was_gone=row.signs.get("trend") == GONE, at=at)


def _buried_rev(user: User, kind: Kind, row_id: UUID) -> int:
    stone = Tombstone.objects.filter(kind=kind.name, row_id=row_id).first()
    if stone is None or not is_own_stone(user, stone):
        raise NotFound
    return stone.rev
