"""The pictures of an import: each comes after the history that names it and finds its row there, waiting for it."""

from __future__ import annotations

import time
from collections import Counter
from datetime import datetime
from uuid import UUID, uuid5

from tracking.access import lumps_of, rows_of
from tracking.archive import Archive, refused
from tracking.errors import TrackingError
from tracking.import_history import Tally
from tracking.models import Photo, User
from tracking.photos import Busy
from tracking.record_kinds import PHOTO
from tracking.record_photos import SentPhoto, store_photo
from tracking.record_removal import delete_row

TRIES, PAUSE_SECONDS = 10, 2.0  # while people's own pictures take all the places


def import_photo(user: User, photo_id: UUID, archive: Archive, *, at: datetime) -> Tally:
    """Store its bytes. One that cannot be stored takes its waiting row along. Raises TrackingError."""
    row = _row(user, photo_id)
    if row is None:
        raise refused("no_history")
    if row.state == Photo.State.READY:
        return Counter()  # its history was compared, and a picture never changes under its id
    try:
        sent = SentPhoto(row.observation_id, archive.picture(photo_id), first_sha256=row.sha256)
        _stored(user, row.pk, sent, at=at)
    except TrackingError:
        delete_row(user, PHOTO, row.pk, at=at)
        raise
    return Counter({("photo", "new"): 1})


def _row(user: User, photo_id: UUID) -> Photo | None:
    """The row that a history made, under its own id or the one it got there."""
    elsewhere = [uuid5(lump, f"{PHOTO.name}:{photo_id}") for lump in lumps_of(user).values_list("pk", flat=True)]
    return rows_of(Photo, user).filter(pk__in=[photo_id, *elsewhere]).first()


def _stored(user: User, row_id: UUID, sent: SentPhoto, *, at: datetime) -> None:
    for turn in range(TRIES):
        try:
            store_photo(user, row_id, sent, at=at)
            return
        except Busy:
            time.sleep(PAUSE_SECONDS if turn < TRIES - 1 else 0)
    raise refused("busy")
