"""Share links: made and revoked by their owner, opened by whoever holds one, and asked about at every single request.

Two doors. The owner's is `access_share_link`; the holder's is `access_shared`, which everything under `/s/view/` and
`/shl/` passes each time, so that a revocation counts from the next request on. Whatever cannot be opened (unknown,
revoked, expired, used up) is the same `NotFound`, found by the same one query.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.db.models import Exists, F, OuterRef, Q, QuerySet

from tracking import catalogue, share_secrets
from tracking.access import access_lump
from tracking.days import read_partial_date
from tracking.errors import Conflict, InvalidInput, NotFound, TrackingError
from tracking.models import Access, Lump, Membership, Photo, ShareLink, User
from tracking.texts import say

DEFAULT_LIFE = timedelta(days=7)
LONGEST_LIFE = timedelta(days=90)
ONE_READING = timedelta(minutes=30)  # an opening counts once per reader in this time, and its cookie lasts as long
PASSCODE_LENGTHS = range(4, 65)
MOST_LUMPS = 20


class WrongPasscode(TrackingError):
    """The link is open, the passcode is not right (401). Tells how many tries its life still holds."""

    def __init__(self, tries_left: int) -> None:
        super().__init__("wrong_passcode", say("door.wrong_passcode", tries=tries_left))
        self.tries_left = tries_left


@dataclass(frozen=True, slots=True, kw_only=True)
class ShareWish:
    """What the owner asks for. `passcode`: a text is taken as it is, "" means none, None means make one."""

    lumps: tuple[UUID, ...]
    photos: bool = True
    intimate_photos: bool = False
    write_back: bool = False
    names: bool = False
    label: str = ""
    expires_at: datetime | None = None
    passcode: str | None = None
    max_openings: int | None = None


@dataclass(frozen=True, slots=True)
class MadeLink:
    """A link as its owner is told of it once; nobody can ask for these three again."""

    link: ShareLink
    url: str
    code: str
    passcode: str | None


# The owner's side


def access_share_link(user: User, link_id: UUID) -> ShareLink:
    """The owner's door to their own link, revoked or not."""
    link = user.share_links.filter(pk=link_id).first()
    if link is None:
        raise NotFound
    return link


def id_is_free(link_id: UUID) -> bool:
    """Whether a PUT makes a link. Somebody else's id is not free, and their door answers NotFound."""
    return not ShareLink.objects.filter(pk=link_id).exists()


@transaction.atomic
def create_share_link(user: User, link_id: UUID, wish: ShareWish, *, at: datetime) -> MadeLink:
    """A new link to the user's own lumps. Raises NotFound for any other lump, InvalidInput for a bad wish."""
    lumps = _own_lumps(user, wish)
    expires_at = wish.expires_at or at + DEFAULT_LIFE
    _check_expiry(expires_at, at=at)
    passcode = share_secrets.new_passcode() if wish.passcode is None else wish.passcode
    _check_passcode(passcode)
    token, code, key = share_secrets.new_token(), share_secrets.new_code(), share_secrets.new_jwe_key()
    link = ShareLink.objects.create(
        id=link_id,
        user=user,
        label=wish.label,
        photos=wish.photos,
        intimate_photos=wish.intimate_photos,
        write_back=wish.write_back,
        names=wish.names,
        created_at=at,
        expires_at=expires_at,
        max_openings=wish.max_openings,
        token_sha256=share_secrets.hash_token(token),
        code_hmac=share_secrets.hash_code(code),
        jwe_key_sealed=share_secrets.seal_jwe_key(key, token=token),
        passcode_argon2=share_secrets.hash_passcode(passcode) if passcode else "",
    )
    link.lumps.set(lumps)
    url = share_secrets.link_url(
        settings.PUBLIC_URL, token=token, key=key, expires_at=expires_at, has_passcode=bool(passcode), label=wish.label
    )
    return MadeLink(link, url, code, passcode or None)


@transaction.atomic
def change_share_link(link: ShareLink, wish: ShareWish, *, at: datetime) -> ShareLink:
    """Another choice of lumps, label, expiry or limits. Its secrets stay: another passcode needs another link."""
    link = ShareLink.objects.select_for_update().get(pk=link.pk)
    if link.revoked_at is not None:
        raise Conflict("deleted", say("share.revoked"))
    lumps = _own_lumps(link.user, wish)
    if wish.expires_at is not None and wish.expires_at != link.expires_at:
        _check_expiry(wish.expires_at, at=at)
        link.expires_at = wish.expires_at
    _check_same_passcode(link, wish.passcode)
    if wish.max_openings is not None and wish.max_openings < link.openings:
        message = say("share.opened_more_often", openings=link.openings)
        raise InvalidInput("invalid", message, fields={"max_openings": [message]})
    link.photos, link.intimate_photos = wish.photos, wish.intimate_photos
    link.write_back, link.names = wish.write_back, wish.names
    link.label, link.max_openings = wish.label, wish.max_openings
    changed = ["expires_at", "photos", "intimate_photos", "write_back", "names", "label", "max_openings"]
    link.save(update_fields=changed)
    link.lumps.set(lumps)
    return link


def revoke_share(link: ShareLink, *, at: datetime) -> None:
    """Ends a link at once and for good; may be repeated, the first moment stays."""
    ShareLink.objects.filter(pk=link.pk, revoked_at__isnull=True).update(revoked_at=at)


def _own_lumps(user: User, wish: ShareWish) -> list[Lump]:
    """Only an owner may show a lump to others: those who log or view for somebody may not."""
    if not 1 <= len(wish.lumps) <= MOST_LUMPS:
        message = say("share.lumps_needed", most=MOST_LUMPS)
        raise InvalidInput("invalid", message, fields={"lumps": [message]})
    return [access_lump(user, lump_id, role=Membership.Role.OWNER) for lump_id in dict.fromkeys(wish.lumps)]


def _check_expiry(expires_at: datetime, *, at: datetime) -> None:
    if not at < expires_at <= at + LONGEST_LIFE:
        message = say("share.expiry_out_of_range", days=LONGEST_LIFE.days)
        raise InvalidInput("invalid", message, fields={"expires_at": [message]})


def _check_passcode(passcode: str) -> None:
    if passcode and len(passcode) not in PASSCODE_LENGTHS:
        message = say("share.passcode_length", least=PASSCODE_LENGTHS.start, most=PASSCODE_LENGTHS.stop - 1)
        raise InvalidInput("invalid", message, fields={"passcode": [message]})


def _check_same_passcode(link: ShareLink, passcode: str | None) -> None:
    """A repeated PUT is fine; one that means another passcode is refused, since the link says whether it has one."""
    if passcode is None:
        return
    is_same = share_secrets.is_passcode(passcode, argon2=link.passcode_argon2) if passcode else not link.passcode_argon2
    if not is_same:
        raise Conflict("passcode_fixed", say("share.passcode_fixed"))


# The holder's side


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
        ShareLink.objects.select_for_update().filter(pk=link.pk).first()  # two first openings of one reader count once
        if not _recent(link.pk, reader=reader, at=at).filter(what="opened").exists():
            _count_opening(link, at=at)
            _note(link, reader=reader, recipient=recipient, what="opened", at=at)


def access_shared(link_id: UUID, *, at: datetime) -> ShareLink:
    """The holder's door, at every request after the opening: the link while it is neither revoked nor expired."""
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


def shared_photos(link: ShareLink) -> list[Photo]:
    """Pictures that may be looked at, oldest first. Intimate ones only where ticked, a child's never."""
    if not link.photos:
        return []
    photos = Photo.objects.filter(lump__in=shared_lumps(link), state=Photo.State.READY)
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
    can_try = Q(passcode_argon2="") | Q(passcode_tries_left__gt=0)
    links = ShareLink.objects.filter(which, _alive(at), can_try).filter(has_room | Q(is_reading))
    link = links.select_related("user").first()
    if link is None:
        raise NotFound
    return link


def _alive(at: datetime) -> Q:
    return Q(revoked_at__isnull=True, expires_at__gt=at)


def _take_try(link: ShareLink, *, reader: str, recipient: str, at: datetime) -> int:
    """One try less for a wrong passcode; the tries then left. NotFound when there were none."""
    with transaction.atomic():
        tries = ShareLink.objects.filter(_alive(at), pk=link.pk, passcode_tries_left__gt=0)
        if not tries.update(passcode_tries_left=F("passcode_tries_left") - 1):
            raise NotFound
        _note(link, reader=reader, recipient=recipient, what="wrong_passcode", at=at)
        return ShareLink.objects.values_list("passcode_tries_left", flat=True).get(pk=link.pk)


def _count_opening(link: ShareLink, *, at: datetime) -> None:
    can_try = Q(passcode_argon2="") | Q(passcode_tries_left__gt=0)
    has_room = Q(max_openings__isnull=True) | Q(openings__lt=F("max_openings"))
    if not ShareLink.objects.filter(_alive(at), can_try, has_room, pk=link.pk).update(openings=F("openings") + 1):
        raise NotFound


def _recent(link_id: UUID | OuterRef, *, reader: str, at: datetime) -> QuerySet[Access]:
    """What this reader did with this link in the last half hour."""
    return Access.objects.filter(link_id=link_id, reader=share_secrets.hash_reader(reader), at__gt=at - ONE_READING)


def _note(link: ShareLink, *, reader: str, recipient: str, what: str, at: datetime) -> None:
    Access.objects.create(
        link=link, at=at, reader=share_secrets.hash_reader(reader), recipient=recipient[:200], what=what
    )


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
