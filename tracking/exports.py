"""Exporting: asked for in a moment, made in the background, fetched for some days, then gone.

The ZIP is written straight into sealed pieces (`pieces.py`): nothing of it ever lies plain on the disk, and what is in
memory is one picture and one piece. Asking twice while one is being made gives that one.
"""

from __future__ import annotations

import time
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction

from tracking import export_files, vault
from tracking.errors import NotFound
from tracking.export_page import ExportPage
from tracking.models import Export, User
from tracking.models.moving import Moving
from tracking.moving import Stopped, drop, end, take_up, tell
from tracking.pieces import PieceWriter, forget_pieces, read_pieces
from tracking.texts import speaking
from tracking.vault import VaultError

LONE_FILES = 4  # persons.json, account.json, checks.csv, index.html
_ALWAYS_THE_SAME = (1980, 1, 1, 0, 0, 0)  # a ZIP knows no "no date"


def ask_for_export(user: User, *, at: datetime) -> Export:
    """A new export, or the one that is being made already."""
    with transaction.atomic():
        User.objects.select_for_update().get(pk=user.pk)
        unfinished = user.exports.filter(state__in=[Moving.State.WAITING, Moving.State.WORKING]).first()
        return unfinished or Export.objects.create(user=user, created_at=at)


def access_export(user: User, export_id: UUID) -> Export:
    """One of the account's own. Raises NotFound, also once it is too old."""
    export = user.exports.filter(pk=export_id).first()
    if export is None:
        raise NotFound
    return export


def file_of(export: Export) -> Iterator[bytes]:
    """The ZIP from its beginning to its end."""
    return read_pieces(export.pieces)


def take_back_export(export: Export) -> None:
    """Remove it at once; may be repeated."""
    drop(export)


def run_export(*, at: datetime) -> bool:
    """Make the next export that waits, if there is one."""
    export = take_up(Export, at=at)
    if export is None:
        return False
    forget_pieces(export.pieces)  # of a worker that died
    make = _Making(export, at)
    try:
        make.everything()
    except Stopped:
        forget_pieces(make.stored)
    except VaultError:
        make.give_up("unreadable")
    return True


@dataclass
class _Making:
    """One export while it is made."""

    export: Export
    at: datetime

    def __post_init__(self) -> None:
        self._began = time.monotonic()
        self.stored: list[str] = []
        self.export.pieces, self.export.done = [], 0

    def everything(self) -> None:
        user = self.export.user
        scope = export_files.scope_of(user)
        total = len(scope.lumps) + LONE_FILES
        tell(self.export, at=self._now, done=0, total=total, pieces=[], size_bytes=0)
        writer = PieceWriter(user.pk, on_piece=self._keep)
        with zipfile.ZipFile(writer, "w") as bundle, speaking(user.language):
            self._fill(bundle, user, scope)
        writer.finish()
        tell(self.export, at=self._now, size_bytes=writer.size_bytes)
        end(self.export, at=self._now)

    def give_up(self, code: str) -> None:
        forget_pieces(self.stored)
        try:
            tell(self.export, at=self._now, pieces=[])
            end(self.export, at=self._now, code=code)
        except Stopped:
            pass  # nobody waits for it any more

    def _fill(self, bundle: zipfile.ZipFile, user: User, scope: export_files.Scope) -> None:
        page, rows = ExportPage(), []
        for lump_id in scope.lumps:
            history = export_files.ordered_history(lump_id)
            if history is not None:
                _put(bundle, f"histories/{lump_id}.json", export_files.history_bytes(history))
                pictures = self._put_pictures(bundle, lump_id)
                page.add(history, pictures=pictures)
                rows += list(export_files.check_rows(history))
            self._step()
        lone: dict[str, Callable[[], bytes]] = {
            "account.json": lambda: export_files.account_bytes(user),
            "checks.csv": lambda: export_files.csv_bytes(rows),
            "index.html": page.to_bytes,
            "persons.json": lambda: export_files.persons_bytes(scope),
        }
        for name, content in lone.items():
            _put(bundle, name, content())
            self._step()

    def _put_pictures(self, bundle: zipfile.ZipFile, lump_id: UUID) -> frozenset[UUID]:
        """Which pictures are in it: one whose bytes are gone from the disk must not stop all the others."""
        there = set()
        for photo_id, key in sorted(export_files.picture_keys(lump_id).items()):
            try:
                picture = vault.read_bytes(key)
            except VaultError:
                continue
            _put(bundle, f"photos/{photo_id}.jpg", picture, is_packed=True)
            there.add(photo_id)
        return frozenset(there)

    def _keep(self, key: str) -> None:
        self.stored.append(key)
        tell(self.export, at=self._now, pieces=list(self.stored))

    def _step(self) -> None:
        tell(self.export, at=self._now, done=self.export.done + 1)

    @property
    def _now(self) -> datetime:
        return self.at + timedelta(seconds=time.monotonic() - self._began)


def _put(bundle: zipfile.ZipFile, name: str, content: bytes, *, is_packed: bool = False) -> None:
    """A file in the ZIP, without a date and without a word about the machine it was made on."""
    entry = zipfile.ZipInfo(name, date_time=_ALWAYS_THE_SAME)
    entry.create_system, entry.external_attr = 3, 0o600 << 16
    entry.compress_type = zipfile.ZIP_STORED if is_packed else zipfile.ZIP_DEFLATED
    bundle.writestr(entry, content, compresslevel=6)
