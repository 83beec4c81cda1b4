"""Storing pictures: a row and its bytes appear together or not at all.

The order makes it so: look, decode (seconds may pass; no transaction is open), write the sealed files, look again
under the person's lock, commit the row. What fails before the commit takes its files along. A crash can leave files
without a row, never a row without files; `forget_orphans` finds them.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import islice
from pathlib import Path
from uuid import UUID

from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models import Q

from tracking import vault
from tracking.access import access_observation, access_person_for_change, rows_of
from tracking.catalogue import is_intimate
from tracking.days import read_partial_date
from tracking.erasing import forget_bytes
from tracking.errors import Conflict, InvalidInput, NotFound, TrackingError
from tracking.models import HelperLink, Observation, Person, Photo, User
from tracking.moving import pieces_in_use
from tracking.photos import CleanPicture, clean_picture, sha256_of
from tracking.record import refuse_used_id
from tracking.record_kinds import PHOTO
from tracking.record_revs import save_changed
from tracking.record_rules import day_of
from tracking.record_shapes import invalid
from tracking.room import refuse_without_room
from tracking.texts import say

ADULT_YEARS = 18
ORPHAN_AGE = timedelta(hours=1)  # far longer than a request lives: younger files may be about to get their row
BATCH = 400


@dataclass(frozen=True, slots=True)
class SentPhoto:
    """What a phone sent. `sha256` is what it says the bytes are; `None` says nothing.

    `first_sha256` is of an import: what the picture's bytes were when they came to a server for the first time.
    """

    observation_id: UUID
    data: bytes
    taken_at: datetime | None = None
    sha256: str | None = None
    first_sha256: str | None = None


@dataclass(frozen=True, slots=True)
class StoredPhoto:
    photo: Photo
    created: bool  # whether the bytes were stored by this call


def store_photo(user: User, photo_id: UUID, sent: SentPhoto, *, at: datetime) -> StoredPhoto:
    """Take in one picture under the id its phone chose; sending the same again changes nothing.

    Raises InvalidInput, NotFound, Forbidden, Conflict (`deleted`, `other_bytes`, `intimate_child`), TooLarge (also
    `account_full`), UnsupportedImage, photos.Busy. Nothing is stored then.
    """
    digest = sha256_of(sent.data)
    if sent.sha256 is not None and sent.sha256 != digest:
        message = say("photo.sha256_mismatch", language=user.language)
        raise InvalidInput("sha256_mismatch", message, fields={"sha256": [message]})
    digest = sent.first_sha256 or digest
    with transaction.atomic():
        target = _target(user, photo_id, sent, digest=digest, at=at)
        if target.is_stored:
            return _told_again(target, sent, at=at)
        refuse_without_room(user, target.person.pk, 1, instead_of=photo_id)  # before any work is done
    picture = clean_picture(sent.data, slots=Path(settings.DATA_DIR) / "slots")
    keys = _store_files(picture, target.person)
    try:
        with transaction.atomic():
            target = _target(user, photo_id, sent, digest=digest, at=at)
            if target.is_stored:  # the same request, twice at once: the other one was first
                _forget_files(keys)
                return _told_again(target, sent, at=at)
            refuse_without_room(user, target.person.pk, picture.size_bytes, instead_of=photo_id)
            photo = _write_row(target, photo_id, sent, picture, keys, digest=digest, at=at)
    except (TrackingError, IntegrityError) as error:
        _forget_files(keys)
        if isinstance(error, IntegrityError):  # another account made this very id in this very moment
            raise NotFound from error
        raise
    return StoredPhoto(photo, created=True)


def forget_orphans(*, at: datetime) -> int:
    """Remove files that no row names, left by a crash; returns how many. The vault's files are pictures alone."""
    before = at - ORPHAN_AGE
    keys = vault.iter_keys(written_before=before)
    forgotten = 0
    while batch := set(islice(keys, BATCH)):
        named = Photo.objects.filter(Q(large_key__in=batch) | Q(thumb_key__in=batch))
        waiting = HelperLink.objects.filter(Q(large_key__in=batch) | Q(thumb_key__in=batch))
        rows = (*named.values_list("large_key", "thumb_key"), *waiting.values_list("large_key", "thumb_key"))
        orphans = batch.difference(*rows, *pieces_in_use())
        _forget_files(orphans)
        forgotten += len(orphans)
    return forgotten + vault.delete_unfinished(written_before=before)


@dataclass(frozen=True, slots=True)
class _Target:
    """Where a picture would go: the locked person, the check it belongs to, and the row if there is one."""

    person: Person
    observation: Observation
    photo: Photo | None

    @property
    def is_stored(self) -> bool:
        """A row whose files are lost (a backup without them) takes its bytes again."""
        photo = self.photo
        if photo is None or photo.state != Photo.State.READY:
            return False
        return vault.has_bytes(photo.large_key) and vault.has_bytes(photo.thumb_key)


def _target(user: User, photo_id: UUID, sent: SentPhoto, *, digest: str, at: datetime) -> _Target:
    """Everything that speaks against storing it, told before any work is done and once more under the lock."""
    person = access_person_for_change(user, access_observation(user, sent.observation_id).person_id)
    observation = access_observation(user, sent.observation_id)
    photo = rows_of(Photo, user).filter(pk=photo_id).first()
    if photo is None:
        refuse_used_id(user, PHOTO, photo_id)
    elif photo.observation_id != sent.observation_id:
        raise invalid({"observation": [say("field.not_movable", language=user.language)]})
    elif photo.sha256 not in {None, digest}:
        raise Conflict("other_bytes", say("photo.other_bytes", language=user.language))
    target = _Target(person, observation, photo)
    if not target.is_stored:
        _refuse_intimate_child(user, target, sent.taken_at, at=at)
    return target


def _refuse_intimate_child(user: User, target: _Target, taken_at: datetime | None, *, at: datetime) -> None:
    """No picture of a child's intimate place, on the first of the days that it may show.

    A birth date that is only partly known is a range, and while the person may be under 18 by it the answer is no:
    the full date is one tap away. Where none is given the app asks before it sends (contract, section 5).
    """
    person, site = target.person, target.observation.lump.site
    if person.birth_date is None or not is_intimate(site, person.sex):
        return
    born = read_partial_date(person.birth_date)
    moments = [moment for moment in (at, target.observation.observed_at, taken_at) if moment is not None]
    days = [day_of(moment, person.time_zone or "UTC") for moment in moments]
    shown_on = min(day for day in days if day >= born.earliest or day == days[0])  # before birth: a clock that is wrong
    if _years(born.latest, shown_on) >= ADULT_YEARS:
        return
    is_surely_child = _years(born.earliest, shown_on) < ADULT_YEARS
    why = "intimate_child" if is_surely_child else "intimate_age_unsure"
    raise Conflict("intimate_child", say(f"photo.{why}", language=user.language))


def _years(born: date, day: date) -> int:
    return day.year - born.year - ((day.month, day.day) < (born.month, born.day))


def _told_again(target: _Target, sent: SentPhoto, *, at: datetime) -> StoredPhoto:
    photo = target.photo
    if photo is None:
        raise NotFound
    if sent.taken_at not in {None, photo.taken_at}:
        photo.taken_at = sent.taken_at
        save_changed(target.person, photo, fields=["taken_at"], at=at)
    return StoredPhoto(photo, created=False)


def _store_files(picture: CleanPicture, person: Person) -> tuple[str, str]:
    """The keys of `large` and `thumb`, both on the disk."""
    keys, holder = (vault.new_key(), vault.new_key()), vault.Holder("person", person.pk)
    try:
        vault.store_bytes(keys[0], picture.large, holder=holder)
        vault.store_bytes(keys[1], picture.thumb, holder=holder)
    except BaseException:
        _forget_files(keys)
        raise
    return keys


def _forget_files(keys: Iterable[str]) -> None:
    for key in keys:
        vault.delete_bytes(key)


def _write_row(
    target: _Target,
    photo_id: UUID,
    sent: SentPhoto,
    picture: CleanPicture,
    keys: tuple[str, str],
    *,
    digest: str,
    at: datetime,
) -> Photo:
    observation = target.observation
    photo = target.photo or Photo(
        pk=photo_id, person=target.person, lump=observation.lump, observation=observation, created_at=at
    )
    forget_bytes(Photo.objects.filter(pk=photo_id))
    photo.taken_at = sent.taken_at or photo.taken_at
    photo.sha256, photo.width, photo.height = digest, picture.width, picture.height
    photo.large_key, photo.thumb_key = keys
    photo.size_bytes = picture.size_bytes
    photo.state = Photo.State.READY
    save_changed(target.person, photo, fields=["observation", "taken_at", "sha256"], at=at)
    return photo
