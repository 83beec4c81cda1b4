"""Bringing a backup back: unpacked beside and proved to the last byte before anything here is touched."""

from __future__ import annotations

import hashlib
import json
import re
import tarfile
import tempfile
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from allauth.usersessions.models import UserSession
from django.conf import settings
from django.contrib.sessions.models import Session
from django.core.management import call_command
from django.db import connection

from lumptracker.backups import databases
from lumptracker.backups.age import BackupUnreadable, Lock, Opener
from lumptracker.backups.proof import Proof, prove_data
from lumptracker.backups.writing import DATABASE, FORMAT, MANIFEST, PICTURES
from tracking import sealing, vault
from tracking.models import Membership, ShareLink, User
from triage.restored import Review, review_restored

_PICTURE = re.compile(rf"{PICTURES}/[0-9a-f]{{40}}")


class CannotRestore(Exception):
    """Why it was not done. Nothing here was changed."""


@dataclass(frozen=True, slots=True)
class Restored:
    """What came back, what was found when it was tried, and what became of the messages that were waiting.

    `open_links` and `shared_with`: share links, and others' shares in somebody's record, that are open again. They may
    have been ended after the backup was made.
    """

    backup_at: str
    rows: int
    differing_tables: list[str]
    pictures: int
    proof: Proof
    review: Review
    sessions_ended: int
    open_links: int
    shared_with: int

    def to_json(self) -> dict[str, Any]:  # Any: JSON
        return asdict(self)

    @property
    def is_whole(self) -> bool:
        return not self.differing_tables and self.proof.is_whole


def restore_backup(backup: Path, lock: Lock, *, at: datetime, is_over: bool = False) -> Restored:
    """`is_over`: in the place of accounts that are here. Raises BackupUnreadable or CannotRestore beforehand."""
    with tempfile.TemporaryDirectory(dir=settings.DATA_DIR, prefix="restore-") as name:
        room = Path(name)
        manifest = unpack(backup, lock, room)
        _refuse_unfit(manifest, is_over=is_over)
        databases.read_copy(room / DATABASE)
        after = databases.count_rows_of(manifest["rows"])
        call_command("migrate", interactive=False, verbosity=0)
        review = review_restored(at=at)
        ended = _end_sessions()
        pictures = 0
        for path in sorted((room / PICTURES).glob("*")):
            vault.write_sealed(path.name, path.read_bytes())
            pictures += 1
    expected = manifest["rows"]
    differing = sorted(name for name in expected if expected[name] != after.get(name))
    links = ShareLink.objects.filter(revoked_at=None, expires_at__gt=at).count()
    shared = Membership.objects.count() - Membership.objects.values("person").distinct().count()
    total = sum(expected.values())
    return Restored(manifest["at"], total, differing, pictures, prove_data(), review, ended, links, shared)


def _end_sessions() -> int:
    """One that a new password or a thief's sign-out ended since would be open again; everybody signs in anew."""
    UserSession.objects.all().delete()
    return Session.objects.all().delete()[0]


def unpack(backup: Path, lock: Lock, room: Path) -> dict[str, Any]:  # Any: JSON
    """Into an empty folder; the list, once every file in it is there with its hash and nothing else is."""
    found: dict[str, str] = {}
    with backup.open("rb") as file, tarfile.open(fileobj=Opener(file, lock), mode="r|") as archive:  # type: ignore[call-overload]  # reading needs `read` alone
        for entry in archive:
            if not entry.isfile() or not (entry.name in {MANIFEST, DATABASE} or _PICTURE.fullmatch(entry.name)):
                raise BackupUnreadable("The backup holds what no backup of ours holds.")
            found[entry.name] = _take(archive, entry, room / entry.name)
    if MANIFEST not in found:
        raise BackupUnreadable("The backup was cut short: its list is missing.")
    manifest: dict[str, Any] = json.loads((room / MANIFEST).read_bytes())  # Any: as above
    if manifest.get("format") != FORMAT:
        raise BackupUnreadable(f"The backup is in a format that is not known here: {manifest.get('format')}.")
    del found[MANIFEST]
    if found != manifest["sha256"]:
        raise BackupUnreadable("The files of the backup differ from its list.")
    return manifest


def _take(archive: tarfile.TarFile, entry: tarfile.TarInfo, target: Path) -> str:
    target.parent.mkdir(mode=0o700, exist_ok=True)
    source, digest = archive.extractfile(entry), hashlib.sha256()
    if source is None:
        raise BackupUnreadable("A file of the backup cannot be read.")
    with target.open("xb") as file:
        while chunk := source.read(1 << 20):
            digest.update(chunk)
            file.write(chunk)
    return digest.hexdigest()


def _refuse_unfit(manifest: dict[str, Any], *, is_over: bool) -> None:  # Any: JSON
    if manifest["database"] != databases.kind():
        raise CannotRestore(
            f"The backup is of {manifest['database']}. Restore it into such a database, then use manage.py move."
        )
    known = {sealing.fingerprint(key) for key in (*settings.READ_DATA_KEYS(), *sealing.installation_keys())}
    if not set(manifest["data_keys"]) <= known:
        raise CannotRestore("DATA_KEY is not the one this backup was sealed under. Give back the earlier one first.")
    if not is_over and "tracking_user" in connection.introspection.table_names() and User.objects.exists():
        raise CannotRestore("There are accounts here. With --over they are lost and the backup takes their place.")
