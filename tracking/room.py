"""How much room the photos of one account may take, so that nobody fills the disk for everybody else.

Photos belong to a person, and count for each account that owns that person. One is refused only where none of them has
room: who shares a record is not kept out of it by what the other owner keeps elsewhere. Text is not counted: a photo
takes as much as a thousand checks, and how fast anybody may write is limited.
"""

from __future__ import annotations

from uuid import UUID

from django.conf import settings
from django.db.models import Sum, Value
from django.db.models.functions import Coalesce

from tracking.errors import TooLarge
from tracking.models import Membership, Photo, User
from tracking.texts import say

MEGABYTE = 1_000_000
TYPICAL_BYTES = 600_000  # taken for a photo whose size nobody wrote down


def refuse_without_room(user: User, person_id: UUID, size_bytes: int, *, instead_of: UUID | None = None) -> None:
    """Raises TooLarge `account_full`. Inside a transaction the owners' rows are held, so that of many photos that come
    at once none slips through."""
    if not settings.ACCOUNT_MEGABYTES:
        return
    owners = Membership.objects.filter(person=person_id, role=Membership.Role.OWNER).values("user")
    held = User.objects.select_for_update(no_key=True).filter(pk__in=owners).order_by("pk")
    limit = settings.ACCOUNT_MEGABYTES * MEGABYTE
    if any(kept_bytes(owner, without=instead_of) + size_bytes <= limit for owner in held.values_list("pk", flat=True)):
        return
    message = say("photo.account_full", language=user.language, megabytes=settings.ACCOUNT_MEGABYTES)
    raise TooLarge("account_full", message)


def kept_bytes(owner: UUID, *, without: UUID | None = None) -> int:
    """What the photos of all persons that this account owns take, both sizes of each."""
    owned = Membership.objects.filter(user=owner, role=Membership.Role.OWNER).values("person")
    ready = Photo.objects.filter(person__in=owned, state=Photo.State.READY)
    if without is not None:
        ready = ready.exclude(pk=without)
    return int(ready.aggregate(taken=Sum(Coalesce("size_bytes", Value(TYPICAL_BYTES))))["taken"] or 0)
