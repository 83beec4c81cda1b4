"""The one door to free text and photo bytes at rest: nothing that a person wrote or photographed lies there plain.

AES-256-GCM under keys derived from `settings.DATA_KEY`, one key a purpose. Whatever is sealed begins with its
version, so that a later key (one an account, say) can live beside this one. Sealed bytes are bound to their object
key: a file that is swapped for another does not open. The folder `settings.STORAGE_DIR` is reached through `_place`
alone, so a bucket in its stead is one change.
"""

from __future__ import annotations

import base64
import binascii
import os
import re
import secrets
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings

_TEXT_VERSION = "v1."
_BYTES_VERSION = b"LTv1"
_NONCE_BYTES = 12
_KEY_SHAPE = re.compile(r"[0-9a-f]{40}")
_UNFINISHED = ".part"


class VaultError(Exception):
    """Something sealed cannot be opened: another DATA_KEY, damaged, or gone. Never says what was in it."""


def seal_text(text: str) -> str:
    """Free text as it may lie in a column. The empty string stays empty: it holds nothing."""
    if not text:
        return ""
    sealed = _seal(text.encode("utf-8"), purpose="text", bound_to=b"")
    return _TEXT_VERSION + base64.urlsafe_b64encode(sealed).decode("ascii")


def open_text(sealed: str) -> str:
    """What `seal_text` was given. Raises VaultError for anything it did not seal under this key."""
    if not sealed:
        return ""
    if not sealed.startswith(_TEXT_VERSION):
        raise VaultError("This text was not sealed by a version known here.")
    try:
        raw = base64.urlsafe_b64decode(sealed[len(_TEXT_VERSION) :])
    except (binascii.Error, ValueError) as error:
        raise VaultError("This text is damaged.") from error
    return _open(raw, purpose="text", bound_to=b"").decode("utf-8")


def seal_bytes(data: bytes, *, key: str) -> bytes:
    """Photo bytes as they may lie in a file, bound to the object key they lie under."""
    return _BYTES_VERSION + _seal(data, purpose="bytes", bound_to=key.encode("ascii"))


def open_bytes(sealed: bytes, *, key: str) -> bytes:
    """What `seal_bytes` was given under the same object key, else VaultError."""
    if not sealed.startswith(_BYTES_VERSION):
        raise VaultError("These bytes were not sealed by a version known here.")
    return _open(sealed[len(_BYTES_VERSION) :], purpose="bytes", bound_to=key.encode("ascii"))


def new_key() -> str:
    """A random object key: 160 bits in hex, which say nothing about whose picture it is or when it came."""
    return secrets.token_hex(20)


def store_bytes(key: str, data: bytes) -> None:
    """Seal and write; on return the bytes survive a power cut. A crash before that leaves nothing under `key`."""
    _place().write(key, seal_bytes(data, key=key))


def read_bytes(key: str) -> bytes:
    """The bytes stored under `key`; VaultError when they are gone, damaged or sealed under another DATA_KEY."""
    return open_bytes(_place().read(key), key=key)


def has_bytes(key: str) -> bool:
    """Whether something lies under `key`; it is not opened."""
    return _place().has(key)


def delete_bytes(key: str) -> None:
    """Remove for good; a key that is not there is fine, so this may be repeated."""
    _place().delete(key)


def iter_keys(*, written_before: datetime | None = None) -> Iterator[str]:
    """Every stored object key, or only those older than an instant."""
    return _place().keys(written_before=written_before)


def delete_unfinished(*, written_before: datetime) -> int:
    """Remove files that a crash left half written; returns how many."""
    return _place().delete_unfinished(written_before=written_before)


def _seal(plain: bytes, *, purpose: str, bound_to: bytes) -> bytes:
    nonce = os.urandom(_NONCE_BYTES)
    return nonce + _cipher(purpose).encrypt(nonce, plain, bound_to)


def _open(sealed: bytes, *, purpose: str, bound_to: bytes) -> bytes:
    nonce, secret = sealed[:_NONCE_BYTES], sealed[_NONCE_BYTES:]
    try:
        return _cipher(purpose).decrypt(nonce, secret, bound_to)
    except (InvalidTag, ValueError) as error:
        raise VaultError("This cannot be opened: DATA_KEY is another one, or what is stored was changed.") from error


def _cipher(purpose: str) -> AESGCM:
    data_key = settings.DATA_KEY
    if not data_key:
        raise VaultError("DATA_KEY is empty, so nothing can be stored or read.")
    return AESGCM(_derived_key(str(data_key), purpose))


@lru_cache(maxsize=8)
def _derived_key(data_key: str, purpose: str) -> bytes:
    info = f"lumptracker/vault/1/{purpose}".encode("ascii")
    return HKDF(algorithm=SHA256(), length=32, salt=None, info=info).derive(data_key.encode("utf-8"))


def _place() -> _Folder:
    return _Folder(Path(settings.STORAGE_DIR))


@dataclass(frozen=True, slots=True)
class _Folder:
    """Object keys as files, fanned out over 256 folders by their first two characters."""

    root: Path

    def write(self, key: str, sealed: bytes) -> None:
        """Write beside, fsync, rename, fsync the folder: the name exists only once the bytes are on the disk."""
        target = self._file(key)
        self._make_folder(target.parent)
        unfinished = target.with_name(f"{key}.{secrets.token_hex(4)}{_UNFINISHED}")
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
            if _KEY_SHAPE.fullmatch(file.name) and _is_older(file, written_before):
                yield file.name

    def delete_unfinished(self, *, written_before: datetime) -> int:
        stale = [file for file in self.root.glob(f"??/*{_UNFINISHED}") if _is_older(file, written_before)]
        for file in stale:
            file.unlink(missing_ok=True)
        return len(stale)

    def _file(self, key: str) -> Path:
        if not _KEY_SHAPE.fullmatch(key):
            raise VaultError("This is not an object key.")
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
