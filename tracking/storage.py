"""Where sealed bytes lie: a folder, or a bucket (`bucket.py`). Nothing here opens anything; only the vault calls it."""

from __future__ import annotations

import os
import secrets
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Protocol

from django.conf import settings
from django.utils.module_loading import import_string

from tracking.sealing import VaultError

UNFINISHED = ".part"


class Place(Protocol):
    """What a place for sealed bytes can do. `key` is an object key, which the vault has looked at."""

    def write(self, key: str, sealed: bytes) -> None: ...
    def read(self, key: str) -> bytes: ...
    def has(self, key: str) -> bool: ...
    def delete(self, key: str) -> None: ...
    def keys(self, *, written_before: datetime | None) -> Iterator[str]: ...
    def delete_unfinished(self, *, written_before: datetime) -> int: ...


def place() -> Place:
    """The place that the settings name."""
    if settings.STORAGE_BUCKET:
        found: Place = import_string("tracking.bucket.bucket")()
        return found
    return Folder(Path(settings.STORAGE_DIR))


@dataclass(frozen=True, slots=True)
class Folder:
    """Object keys as files, fanned out over 256 folders by their first two characters."""

    root: Path

    def write(self, key: str, sealed: bytes) -> None:
        """Write beside, fsync, rename, fsync the folder: the name exists only once the bytes are on the disk."""
        target = self._file(key)
        self._make_folder(target.parent)
        unfinished = target.with_name(f"{key}.{secrets.token_hex(4)}{UNFINISHED}")
        try:
            with open(unfinished, "xb", opener=_private) as file:
                file.write(sealed)
                file.flush()
                os.fsync(file.fileno())
            unfinished.replace(target)
        except BaseException:
            unfinished.unlink(missing_ok=True)
            raise
        _sync_folder(target.parent)

    def read(self, key: str) -> bytes:
        try:
            return self._file(key).read_bytes()
        except FileNotFoundError as error:
            raise VaultError("The bytes are gone.") from error

    def has(self, key: str) -> bool:
        return self._file(key).is_file()

    def delete(self, key: str) -> None:
        file = self._file(key)
        try:
            file.unlink()
        except FileNotFoundError:
            return
        _sync_folder(file.parent)

    def keys(self, *, written_before: datetime | None) -> Iterator[str]:
        for file in self.root.glob("??/*"):
            if not file.name.endswith(UNFINISHED) and _is_older(file, written_before):
                yield file.name

    def delete_unfinished(self, *, written_before: datetime) -> int:
        stale = [file for file in self.root.glob(f"??/*{UNFINISHED}") if _is_older(file, written_before)]
        for file in stale:
            file.unlink(missing_ok=True)
        return len(stale)

    def _file(self, key: str) -> Path:
        return self.root / key[:2] / key

    def _make_folder(self, folder: Path) -> None:
        """A new folder is part of the promise too: its own entry must reach the disk."""
        if not folder.is_dir():
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            _sync_folder(folder.parent)


def _private(path: str, flags: int) -> int:
    return os.open(path, flags, 0o600)


def _sync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _is_older(file: Path, instant: datetime | None) -> bool:
    if instant is None:
        return True
    try:
        return datetime.fromtimestamp(file.stat().st_mtime, tz=UTC) < instant
    except FileNotFoundError:
        return False
