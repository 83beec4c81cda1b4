"""A helper's link: somebody else's phone takes one photo of a place that its owner cannot see, and nothing more.

Made and ended by the owner. Its holder sees one picture to take the photo like, where the owner chose one: no name, no
place, no history. The photo that arrives spends the link; it waits beside the record, not in it, until the owner keeps
or refuses it. Whatever cannot be used any more (unknown, ended, expired, spent) is the same `NotFound`.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from uuid import UUID, uuid5

from django.conf import settings
from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet

from tracking import catalogue, share_secrets, vault
from tracking.access import access_lump, access_photo
from tracking.errors import Conflict, InvalidInput, NotFound
from tracking.models import HelperLink, Lump, Membership, Photo, User
from tracking.photos import clean_picture
from tracking.record import put_row
from tracking.record_kinds import OBSERVATION
from tracking.record_photos import SentPhoto, StoredPhoto, store_photo
from tracking.shared import is_child, is_childs_intimate
from tracking.texts import say

DEFAULT_LIFE = timedelta(hours=1)
LONGEST_LIFE = timedelta(days=1)
ANSWER_LIFE = timedelta(days=7)  # a photo that nobody answered is not kept for ever


@dataclass(frozen=True, slots=True)
class HelperWish:
    """What the owner asks for. `like`: the picture that the helper sees."""

    lump: UUID
    like: UUID | None = None
    expires_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class MadeHelperLink:
    """A link as its owner is told of it once."""

    link: HelperLink
    url: str
    code: str


# The owner's side


def access_helper_link(user: User, link_id: UUID) -> HelperLink:
    """The owner's door to their own link, whatever became of it."""
    link = user.helper_links.filter(pk=link_id).first()
    if link is None:
        raise NotFound
    return link


def create_helper_link(user: User, link_id: UUID, wish: HelperWish, *, at: datetime) -> MadeHelperLink:
    """A new link. Raises NotFound for another's lump or picture, Conflict for a place that may not be photographed."""
    lump = access_lump(user, wish.lump, role=Membership.Role.OWNER)
    like = _like(user, lump, wish.like)
    if catalogue.is_intimate(lump.site, lump.person.sex) and is_child(lump.person.birth_date, on=at.date()):
        raise Conflict("intimate_child", say("photo.intimate_child"))
    expires_at = wish.expires_at or at + DEFAULT_LIFE
    if not at < expires_at <= at + LONGEST_LIFE:
        message = say("helper.expiry_out_of_range")
        raise InvalidInput("invalid", message, fields={"expires_at": [message]})
    token, code = share_secrets.new_token(), share_secrets.new_code()
    link = HelperLink.objects.create(
        id=link_id,
        user=user,
        lump=lump,
        like=like,
        created_at=at,
        expires_at=expires_at,
        token_sha256=share_secrets.hash_token(token),
        code_hmac=share_secrets.hash_code(code),
    )
    return MadeHelperLink(link, f"{settings.PUBLIC_URL}/s/help/#{token}", code)


def end_helper_link(link: HelperLink, *, at: datetime) -> None:
    """Ends it at once and forgets a photo that still waits; may be repeated."""
    HelperLink.objects.filter(pk=link.pk, revoked_at__isnull=True).update(revoked_at=at)
    _answer(link, HelperLink.Answer.REFUSED)


def keep_helped_photo(user: User, link: HelperLink, *, at: datetime) -> StoredPhoto:
    """The waiting photo into the record, with a check of its own at the moment it was taken. May be repeated."""
    link = access_helper_link(user, link.pk)
    photo_id, check_id = uuid5(link.pk, "photo"), uuid5(link.pk, "check")
    if link.answer == HelperLink.Answer.KEPT:
        return StoredPhoto(access_photo(user, photo_id), created=False)
    if link.taken_at is None or not link.large_key:
        raise NotFound
    document = {"lump": str(link.lump_id), "observed_at": link.taken_at.isoformat()}
    put_row(user, OBSERVATION, check_id, document, at=at)
    try:
        picture = vault.read_bytes(link.large_key)
    except vault.VaultError as error:
        raise NotFound from error
    stored = store_photo(user, photo_id, SentPhoto(check_id, picture, taken_at=link.taken_at), at=at)
    _answer(link, HelperLink.Answer.KEPT)
    return stored


def forget_unanswered(*, at: datetime) -> int:
    """Remove photos that waited too long for an answer; how many."""
    waiting = HelperLink.objects.filter(taken_at__lt=at - ANSWER_LIFE, answer="")
    return sum(_answer(link, HelperLink.Answer.REFUSED) for link in waiting)


def _like(user: User, lump: Lump, photo_id: UUID | None) -> Photo | None:
    if photo_id is None:
        return None
    photo = access_photo(user, photo_id)
    if photo.lump_id != lump.pk or photo.state != Photo.State.READY or is_childs_intimate(photo):
        raise NotFound
    return photo


def _answer(link: HelperLink, answer: str) -> bool:
    """The owner's word about a waiting photo; its bytes beside the record go. False where none waited."""
    with transaction.atomic():
        waiting = HelperLink.objects.select_for_update().filter(pk=link.pk, taken_at__isnull=False, answer="").first()
        if waiting is None:
            return False
        keys = waiting.large_key, waiting.thumb_key
        waiting.answer, waiting.large_key, waiting.thumb_key = answer, "", ""
        waiting.save(update_fields=["answer", "large_key", "thumb_key"])
    for key in keys:
        vault.delete_bytes(key)
    return True


# The helper's side


def helping_by_token(token: str, *, at: datetime) -> HelperLink:
    """The link that this token opens now, else NotFound. Reads only."""
    return _usable(Q(token_sha256=share_secrets.hash_token(token)), at=at)


def helping_by_code(code: str, *, at: datetime) -> HelperLink:
    """As `helping_by_token`, for the code as it was typed or said."""
    return _usable(Q(code_hmac=share_secrets.hash_code(share_secrets.read_code(code) or "")), at=at)


def access_helping(link_id: UUID, *, at: datetime) -> HelperLink:
    """The helper's door, at every request."""
    return _usable(Q(pk=link_id), at=at)


def give_helped_photo(link: HelperLink, data: bytes, *, at: datetime) -> None:
    """Take the one photo; the first that arrives spends the link, any other is NotFound.

    Raises TooLarge, UnsupportedImage or Busy, which spend nothing.
    """
    access_helping(link.pk, at=at)
    picture = clean_picture(data, slots=Path(settings.DATA_DIR) / "slots")
    keys, holder = (vault.new_key(), vault.new_key()), vault.Holder("person", link.lump.person_id)
    try:
        vault.store_bytes(keys[0], picture.large, holder=holder)
        vault.store_bytes(keys[1], picture.thumb, holder=holder)
        arrived = _open(at).filter(pk=link.pk).update(taken_at=at, large_key=keys[0], thumb_key=keys[1])
        if not arrived:
            raise NotFound
    except BaseException:
        for key in keys:
            vault.delete_bytes(key)
        raise


def like_of(link: HelperLink) -> Photo | None:
    """The picture to take it like, while it is still there and still the link maker's to show."""
    like = link.like
    if like is None or like.state != Photo.State.READY or is_childs_intimate(like):
        return None
    return like


def _usable(which: Q, *, at: datetime) -> HelperLink:
    """One query whatever the reason may be, and its maker still owns the record."""
    owned = Membership.objects.filter(
        user=OuterRef("user"), person=OuterRef("lump__person"), role=Membership.Role.OWNER
    )
    found = _open(at).filter(which, Exists(owned)).select_related("user", "like__lump__person", "like__observation")
    link = found.first()
    if link is None:
        raise NotFound
    return link


def _open(at: datetime) -> QuerySet[HelperLink]:
    """Neither ended, expired nor spent. Its own columns alone: an update looks at them anew once it has the row."""
    return HelperLink.objects.filter(revoked_at__isnull=True, expires_at__gt=at, taken_at__isnull=True)
