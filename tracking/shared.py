"""A share link in the hands of whoever holds it: opened, and asked about at every single request.

`access_shared` is the holder's door, which everything under `/s/view/` and `/shl/` passes each time, so that a
revocation counts from the next request on. Whatever cannot be opened (unknown, revoked, expired, used up) is the same
`NotFound`, found by the same one query.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.db.models import Exists, F, OuterRef, Q, QuerySet

from tracking import catalogue, share_secrets
from tracking.access_log import record_link_read
from tracking.days import read_partial_date
from tracking.errors import NotFound, TrackingError
from tracking.models import Access, Lump, Membership, Photo, ShareLink
from tracking.texts import say

ONE_READING = timedelta(minutes=30)  # an opening counts once per reader in this time, and its cookie lasts as long
_LOGGED_AS = {
    "opened": "link_opened",
    "wrong_passcode": "link_passcode_wrong",
    "photo": "link_photo",
    "reply": "link_reply",
}


class WrongPasscode(TrackingError):
    """The link is open, the passcode is not right (401). Tells how many tries its life still holds."""

    def __init__(self, tries_left: int) -> None:
        super().__init__("wrong_passcode", say("door.wrong_passcode", tries=tries_left))
        self.tries_left = tries_left


def shared_by_token(token: str, *, reader: str, at: datetime) -> ShareLink:
    """The link that this token opens for this reader now, else NotFound. Reads only: opening is `open_share_link`."""
    return _openable(Q(token_sha256=share_secrets.hash_token(token)), reader=reader, at=at)


def shared_by_code(code: str, *, reader: str, at: datetime) -> ShareLink:
    """As `shared_by_token`, for the code as it was typed or said."""
    return _openable(Q(code_hmac=share_secrets.hash_code(share_secrets.read_code(code) or "")), reader=reader, at=at)


def open_share_link(link: ShareLink, *, passcode: str, reader: str, at: datetime, recipient: str = "") -> None:
    """Check the passcode and count the opening, once per reader in half an hour.

    Raises WrongPasscode with the tries left (an empty passcode costs none) and NotFound when the link closed
    meanwhile. Both counts are single conditional updates, so parallel guesses and openings queue up at the row: a
    right guess counts only if fewer than five wrong ones came before it, and a link for three opens three times.
    """
    if link.passcode_argon2 and not passcode:
        raise WrongPasscode(link.passcode_tries_left)
    if link.passcode_argon2 and not share_secrets.is_passcode(passcode, argon2=link.passcode_argon2):
        raise WrongPasscode(_take_try(link, reader=reader, recipient=recipient, at=at))
    with transaction.atomic():
        # Held, so that two first openings of one reader count once; asked anew, so that a right guess which arrives
        # after the fifth wrong one is none, also by a reader who was let in before.
        if ShareLink.objects.select_for_update().filter(_alive(at), pk=link.pk).first() is None:
            raise NotFound
        if not _recent(link.pk, reader=reader, at=at).filter(what="opened").exists():
            _count_opening(link, at=at)
            _note(link, reader=reader, recipient=recipient, what="opened", at=at)


def access_shared(link_id: UUID, *, at: datetime) -> ShareLink:
    """The holder's door, at every request after the opening: the link while it is neither revoked nor expired, nor
    ended by five wrong passcodes. Somebody is guessing then, and who came in before may have been that somebody."""
    link = ShareLink.objects.filter(_alive(at), pk=link_id).select_related("user").first()
    if link is None:
        raise NotFound
    return link


def shared_lumps(link: ShareLink) -> list[Lump]:
    """The link's lumps that are still its maker's to show, oldest first; NotFound when none is left."""
    owned = Membership.objects.filter(user=link.user, role=Membership.Role.OWNER, person=OuterRef("person"))
    lumps = list(link.lumps.filter(Exists(owned)).select_related("person").order_by("created_at", "id"))
    if not lumps:
        raise NotFound
    return lumps


def shared_photos(link: ShareLink, *, lumps: Sequence[Lump] | None = None) -> list[Photo]:
    """Pictures that may be looked at, oldest first. Intimate ones only where ticked, a child's never.

    `lumps`: what `shared_lumps` just said, where it was asked already.
    """
    if not link.photos:
        return []
    photos = Photo.objects.filter(lump__in=shared_lumps(link) if lumps is None else lumps, state=Photo.State.READY)
    ordered = photos.select_related("lump__person", "observation").order_by(
        "observation__observed_at", "created_at", "id"
    )
    return [photo for photo in ordered if _may_show(link, photo)]


def access_shared_photo(link: ShareLink, photo_id: UUID) -> Photo:
    """The holder's door to one picture: among those that `shared_photos` lists, else NotFound."""
    for photo in shared_photos(link):
        if photo.pk == photo_id:
            return photo
    raise NotFound


def note_access(link: ShareLink, *, reader: str, what: str, at: datetime, recipient: str = "") -> None:
    """Remember for the owner that a reader looked at a part, once in half an hour."""
    if not _recent(link.pk, reader=reader, at=at).filter(what=what).exists():
        _note(link, reader=reader, recipient=recipient, what=what, at=at)


def _openable(which: Q, *, reader: str, at: datetime) -> ShareLink:
    """One query whatever the reason may be: what is closed is not found, exactly like what never was."""
    has_room = Q(max_openings__isnull=True) | Q(openings__lt=F("max_openings"))
    is_reading = Exists(_recent(OuterRef("pk"), reader=reader, at=at).filter(what="opened"))
    links = ShareLink.objects.filter(which, _alive(at)).filter(has_room | Q(is_reading))
    link = links.select_related("user").first()
    if link is None:
        raise NotFound
    return link


def _alive(at: datetime) -> Q:
    can_try = Q(passcode_argon2="") | Q(passcode_tries_left__gt=0)
    return Q(revoked_at__isnull=True, expires_at__gt=at) & can_try


def _take_try(link: ShareLink, *, reader: str, recipient: str, at: datetime) -> int:
    """One try less for a wrong passcode; the tries then left. NotFound when there were none."""
    with transaction.atomic():
        tries = ShareLink.objects.filter(_alive(at), pk=link.pk)
        if not tries.update(passcode_tries_left=F("passcode_tries_left") - 1):
            raise NotFound
        _note(link, reader=reader, recipient=recipient, what="wrong_passcode", at=at)
        return ShareLink.objects.values_list("passcode_tries_left", flat=True).get(pk=link.pk)


def _count_opening(link: ShareLink, *, at: datetime) -> None:
    has_room = Q(max_openings__isnull=True) | Q(openings__lt=F("max_openings"))
    if not ShareLink.objects.filter(_alive(at), has_room, pk=link.pk).update(openings=F("openings") + 1):
        raise NotFound


def _recent(link_id: UUID | OuterRef, *, reader: str, at: datetime) -> QuerySet[Access]:
    """What this reader did with this link in the last half hour."""
    return Access.objects.filter(link_id=link_id, reader=share_secrets.hash_reader(reader), at__gt=at - ONE_READING)


def _note(link: ShareLink, *, reader: str, recipient: str, what: str, at: datetime) -> None:
    """For the link's own list, and for the access logs of those whose data it is."""
    with transaction.atomic():
        Access.objects.create(
            link=link, at=at, reader=share_secrets.hash_reader(reader), recipient=recipient[:200], what=what
        )
        record_link_read(link, what=_LOGGED_AS.get(what, "link_read"), at=at)


def _may_show(link: ShareLink, photo: Photo) -> bool:
    if not catalogue.is_intimate(photo.lump.site, photo.lump.person.sex):
        return True
    return link.intimate_photos and not is_childs_intimate(photo)


def is_childs_intimate(photo: Photo) -> bool:
    """A child's intimate picture stays closed when the child is grown: what counts is the day it was taken."""
    person = photo.lump.person
    if not catalogue.is_intimate(photo.lump.site, person.sex):
        return False
    days = [moment.date() for moment in (photo.taken_at, photo.observation.observed_at) if moment is not None]
    return is_child(person.birth_date, on=min(days))


def is_child(birth_date: str | None, *, on: date) -> bool:
    """Whether the person may be under 18 that day; a date known to the year counts as its last day."""
    if not birth_date:
        return False
    latest = read_partial_date(birth_date).latest
    return (on.year - 18, on.month, on.day) < (latest.year, latest.month, latest.day)
