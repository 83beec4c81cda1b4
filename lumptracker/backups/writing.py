"""Making a backup: the database first, then the pictures. Every row of the copy had its files by then, and what is
deleted in between was meant to go; such pictures are counted, not missed."""

from __future__ import annotations

import hashlib
import io
import json
import os
import tarfile
import tempfile
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from django.conf import settings

from lumptracker.backups import databases
from lumptracker.backups.age import Lock, Sealer
from tracking import vault
from tracking.models import SealingKey

FORMAT = "lumptracker.backup/1"
ENDING = ".backup.age"
MANIFEST, DATABASE, PICTURES = "manifest.json", "database", "pictures"


def write_backup(folder: Path, lock: Lock, *, at: datetime) -> tuple[Path, dict[str, Any]]:  # Any: JSON
    """One new file in `folder`, whole or not there at all; and its list."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    target = folder / f"{at:%Y-%m-%dT%H%M%SZ}{ENDING}"
    draft = target.with_name(f".{target.name}.part")
    try:
        with open(draft, "xb", opener=_private) as file:
            manifest = _write(file, lock, at=at)
            file.flush()
            os.fsync(file.fileno())
        draft.replace(target)
    finally:
        draft.unlink(missing_ok=True)
    return target, manifest


def forget_backups(folder: Path, *, before: datetime) -> list[str]:
    """Delete backups that were made before a moment, by what their names say; what was erased must not outlive it."""
    old = [path for path in sorted(folder.glob(f"*{ENDING}")) if path.name < f"{before:%Y-%m-%dT%H%M%SZ}"]
    for path in old:
        path.unlink(missing_ok=True)
    return [path.name for path in old]


def age_limit(days: int, *, at: datetime) -> datetime:
    return at - timedelta(days=days)


def _write(file: Any, lock: Lock, *, at: datetime) -> dict[str, Any]:  # Any: a binary file; JSON
    sealer = Sealer(file, lock)
    hashes: dict[str, str] = {}
    gone = 0
    with _archive(sealer) as archive, tempfile.TemporaryDirectory(dir=settings.DATA_DIR) as room:
        copy = Path(room) / DATABASE
        rows = databases.write_copy(copy)
        hashes[DATABASE] = _sha256(copy)
        archive.add(copy, DATABASE, filter=_anonymous)
        for key in vault.iter_keys():
            sealed = vault.read_sealed(key)
            if sealed is None:
                gone += 1
                continue
            hashes[f"{PICTURES}/{key}"] = hashlib.sha256(sealed).hexdigest()
            _add(archive, f"{PICTURES}/{key}", sealed)
        manifest = {
            "format": FORMAT,
            "at": at.isoformat(),
            "database": databases.kind(),
            "rows": rows,
            "sha256": hashes,
            "gone_meanwhile": gone,
            "data_keys": sorted(set(SealingKey.objects.order_by().values_list("wrapped_by", flat=True))),
        }
        _add(archive, MANIFEST, json.dumps(manifest).encode())
    sealer.close()
    return manifest


def _archive(sealer: Sealer) -> tarfile.TarFile:
    """Closed by whoever asked. It needs nothing but `write` of the sealer."""
    opened: tarfile.TarFile = tarfile.open(fileobj=sealer, mode="w|")  # type: ignore[call-overload]  # noqa: SIM115  # above
    return opened


def _add(archive: tarfile.TarFile, name: str, data: bytes) -> None:
    entry = tarfile.TarInfo(name)
    entry.size, entry.mode = len(data), 0o600
    archive.addfile(entry, io.BytesIO(data))


def _anonymous(entry: tarfile.TarInfo) -> tarfile.TarInfo:
    """Says nothing about the machine it was made on."""
    entry.uid = entry.gid = 0
    entry.uname = entry.gname = ""
    entry.mode = 0o600
    return entry


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _private(path: str, flags: int) -> int:
    return os.open(path, flags, 0o600)
