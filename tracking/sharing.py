"""Share links: made, changed and revoked by their owner. What their holder may do with one is `shared`."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.conf import settings
from django.db import transaction

from tracking import share_secrets
from tracking.access import access_lump
from tracking.errors import Conflict, InvalidInput, NotFound
from tracking.models import Lump, Membership, ShareLink, User
from tracking.texts import say

DEFAULT_LIFE = timedelta(days=7)
LONGEST_LIFE = timedelta(days=90)
PASSCODE_LENGTHS = range(4, 65)
MOST_LUMPS = 20


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
        settings.PUBLIC_URL, token=token, key=key, has_passcode=bool(passcode), label=wish.label
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
