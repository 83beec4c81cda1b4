"""What erasing takes along beside the rows: files, copies, links with nothing left to show, traces in the database.

What a row's removal does not reach by itself is named here once, so that a photo, a lump, a person and an account are
erased alike. Files go when the removal is certain; a crash in between leaves them to the daily sweep, unreadable where
a whole person or account went, because their key went with the rows.
"""

from __future__ import annotations

import json
import logging
from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from pathlib import Path
from uuid import UUID

from allauth.account.models import EmailAddress
from django.apps import apps
from django.conf import settings
from django.contrib.sessions.models import Session
from django.db import DatabaseError, connection, transaction
from django.db.models import QuerySet

from tracking import vault
from tracking.models import Erasure, Export, HelperLink, Import, Operation, Photo, ShareLink, Superseded, User
from tracking.moving import drop

PLURALS = {"person": "persons", "lump": "lumps", "observation": "checks", "photo": "photos", "care": "care"}
LATELY = timedelta(hours=3)
LOCK_WAIT_MS = 2000
NAMED = (
    "tracking.SealingKey",
    "tracking.User",
    "account.EmailAddress",
    "sessions.Session",
    "usersessions.UserSession",
    "triage.PushSubscription",
    "triage.GivenAddress",
)
log = logging.getLogger(__name__)


def write_receipt(user: User | None, kind: str, counts: Counter[str], *, at: datetime) -> Erasure:
    """What was erased and when, in counts alone; `user` is None where the account itself went."""
    told = {name: number for name, number in counts.items() if number}
    return Erasure.objects.create(user=user, kind=kind, at=at, counts=told)


def counted(rows: Iterable[tuple[str, UUID]]) -> Counter[str]:
    """How many of each kind."""
    return Counter(PLURALS[kind] for kind, _ in rows)


def forget_bytes(photos: QuerySet[Photo], helpers: QuerySet[HelperLink] | None = None) -> None:
    """Once this transaction is certain, remove the pictures' bytes, and those that helpers sent and nobody answered."""
    pairs = list(photos.values_list("large_key", "thumb_key"))
    if helpers is not None:
        pairs += helpers.values_list("large_key", "thumb_key")
    keys = [key for pair in pairs for key in pair if key]

    def forget() -> None:
        for key in keys:
            vault.delete_bytes(key)

    transaction.on_commit(forget)


def forget_copies(person_id: UUID) -> None:
    """Remove the exports that may hold what is erased: whoever owns the person can make another."""
    for export in Export.objects.filter(user__memberships__person=person_id):
        drop(export)


def forget_clashes(rows: Sequence[tuple[str, UUID]], *, accounts: Iterable[UUID]) -> None:
    """Remove values that lost when two phones disagreed: from their list, and from what the phones were answered."""
    ids = [row_id for _, row_id in rows]
    lost = Superseded.objects.filter(row_id__in=ids)
    moments = set(lost.values_list("at", flat=True))
    lost.delete()
    for answered in Operation.objects.filter(user__in=list(accounts), at__in=moments):
        result = json.loads(answered.result)
        if result.get("conflicts"):
            answered.result = json.dumps({**result, "conflicts": {}})
            answered.save(update_fields=["result"])


def forget_empty_links(link_ids: Sequence[UUID]) -> None:
    """Remove the share links that have nothing left to show, with their names and who opened them."""
    ShareLink.objects.filter(pk__in=link_ids, lumps__isnull=True).delete()


def forget_account_files(user: User) -> None:
    """Its exports and imports, and mails that were written to files."""
    for row in (*Export.objects.filter(user=user), *Import.objects.filter(user=user)):
        drop(row)
    addresses = {user.email, *EmailAddress.objects.filter(user=user).values_list("email", flat=True)}
    transaction.on_commit(lambda: _forget_mails({address.lower() for address in addresses}))


def forget_sessions(user: User) -> None:
    """Every session that knows the account or its address: signed in, or in the middle of getting in."""
    marks = (str(user.pk), user.email.lower())
    for session in Session.objects.all().iterator():
        told = json.dumps(session.get_decoded(), default=str).lower()
        if any(mark in told for mark in marks):
            session.delete()


def wipe_traces() -> None:
    """Once this is certain, take what was erased out of the database's own files as well.

    SQLite overwrites what it frees (`secure_delete`, in the settings), but its journal holds older pages until it is
    begun anew. While somebody reads it cannot be; the hourly sweep tries again. PostgreSQL never overwrites: there the
    sweep alone does it (`rewrite_named`). Its own journal and the hoster's backups are in docs/hosting.md.
    """
    transaction.on_commit(empty_journal)


def empty_journal() -> bool:
    """Whether SQLite's journal is empty now; True elsewhere."""
    if connection.vendor != "sqlite":
        return True
    try:
        with connection.cursor() as cursor:
            row = cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
    except DatabaseError:  # somebody is in the middle of writing
        return False
    return bool(row) and row[0] == 0


def rewrite_named(*, at: datetime) -> int:
    """On PostgreSQL: new files for the tables that hold keys and addresses, where a key was erased lately; how many.

    A row that was deleted there stays in its file until its place is used again. Without its key no text and no picture
    opens, and without addresses nothing says whose the rest was. Call it outside a transaction. Nobody waits long for
    it: where a table is in use, the next hour tries again, which is why it looks further back than one.
    """
    kinds = ("person", "account")
    erased = Erasure.objects.filter(kind__in=kinds, at__gt=at - LATELY).exists()
    if connection.vendor != "postgresql" or not erased:
        return 0
    done = 0
    with connection.cursor() as cursor:
        cursor.execute(f"SET lock_timeout = {LOCK_WAIT_MS}")
        for label in NAMED:
            table = connection.ops.quote_name(apps.get_model(label)._meta.db_table)
            try:
                cursor.execute(f"VACUUM (FULL) {table}")
                done += 1
            except DatabaseError as error:
                log.warning("%s could not be written anew: %s", label, type(error).__name__)
        cursor.execute("RESET lock_timeout")
    return done


def _forget_mails(addresses: set[str]) -> None:
    for file in Path(settings.MAIL_DIR).glob("*.eml"):
        head = file.read_bytes().partition(b"\r\n\r\n")[0].decode("utf-8", errors="replace").lower()
        if any(address in head for address in addresses):
            file.unlink(missing_ok=True)
