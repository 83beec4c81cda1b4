"""The one door to free text and photo bytes at rest: nothing that a person wrote or photographed lies there plain.

AES-256-GCM under the key of the person or account it belongs to (`keyring.py`). Whatever is sealed begins with its
version and the id of its key. Sealed bytes are bound to their object key too: a file that is swapped for another does
not open. What the first releases sealed (version 1, under DATA_KEY itself) still opens; `manage.py rotate-key` seals
it anew. Where the bytes lie is `storage.py`'s alone.
"""

from __future__ import annotations

import base64
import binascii
import re
import secrets
from collections.abc import Iterator
from datetime import datetime
from uuid import UUID

from tracking import keyring, sealing
from tracking.keyring import Holder, Kind
from tracking.sealing import VaultError
from tracking.storage import place

__all__ = [
    "Holder",
    "Kind",
    "VaultError",
    "delete_bytes",
    "delete_unfinished",
    "has_bytes",
    "iter_keys",
    "new_key",
    "open_bytes",
    "open_text",
    "read_bytes",
    "read_sealed",
    "reseal_bytes",
    "seal_bytes",
    "seal_text",
    "store_bytes",
    "write_sealed",
]

TEXT_VERSION = "v2."
FIRST_TEXT_VERSION = "v1."
BYTES_VERSION = b"LTv2"
FIRST_BYTES_VERSION = b"LTv1"
_KEY_ID_BYTES = 16
_KEY_SHAPE = re.compile(r"[0-9a-f]{40}")


def seal_text(text: str, *, holder: Holder) -> str:
    """Free text as it may lie in a column. The empty string stays empty: it holds nothing."""
    if not text:
        return ""
    sealed = _seal(text.encode("utf-8"), holder=holder, bound_to=b"text")
    return TEXT_VERSION + base64.urlsafe_b64encode(sealed).decode("ascii")


def open_text(sealed: str) -> str:
    """What `seal_text` was given. Raises VaultError for anything it did not seal under a key that is here."""
    if not sealed:
        return ""
    version, body = sealed[: len(TEXT_VERSION)], sealed[len(TEXT_VERSION) :]
    if version not in {TEXT_VERSION, FIRST_TEXT_VERSION}:
        raise VaultError("This text was not sealed by a version known here.")
    try:
        raw = base64.urlsafe_b64decode(body)
    except (binascii.Error, ValueError) as error:
        raise VaultError("This text is damaged.") from error
    if version == FIRST_TEXT_VERSION:
        return sealing.unseal_first_form(raw, purpose="text", bound_to=b"").decode("utf-8")
    return _open(raw, bound_to=b"text").decode("utf-8")


def seal_bytes(data: bytes, *, key: str, holder: Holder) -> bytes:
    """Photo bytes as they may lie in a file, bound to the object key they lie under."""
    return BYTES_VERSION + _seal(data, holder=holder, bound_to=_object(key))


def open_bytes(sealed: bytes, *, key: str) -> bytes:
    """What `seal_bytes` was given under the same object key, else VaultError."""
    version, body = sealed[: len(BYTES_VERSION)], sealed[len(BYTES_VERSION) :]
    if version == FIRST_BYTES_VERSION:
        return sealing.unseal_first_form(body, purpose="bytes", bound_to=key.encode("ascii"))
    if version != BYTES_VERSION:
        raise VaultError("These bytes were not sealed by a version known here.")
    return _open(body, bound_to=_object(key))


def new_key() -> str:
    """A random object key: 160 bits in hex, which say nothing about whose picture it is or when it came."""
    return secrets.token_hex(20)


def store_bytes(key: str, data: bytes, *, holder: Holder) -> None:
    """Seal and write; on return the bytes survive a power cut. A crash before that leaves nothing under `key`."""
    place().write(_checked(key), seal_bytes(data, key=key, holder=holder))


def read_bytes(key: str) -> bytes:
    """The bytes stored under `key`; VaultError when they or their key are gone, or damaged."""
    return open_bytes(place().read(_checked(key)), key=key)


def read_sealed(key: str) -> bytes | None:
    """As it lies, unopened, for a backup or a move; `None` when it was deleted meanwhile."""
    try:
        return place().read(_checked(key))
    except VaultError:
        return None


def write_sealed(key: str, sealed: bytes) -> None:
    """What `read_sealed` gave, here or elsewhere, under the same key."""
    place().write(_checked(key), sealed)


def has_bytes(key: str) -> bool:
    """Whether something lies under `key`; it is not opened."""
    return place().has(_checked(key))


def delete_bytes(key: str) -> None:
    """Remove for good; a key that is not there is fine, so this may be repeated."""
    place().delete(_checked(key))


def iter_keys(*, written_before: datetime | None = None) -> Iterator[str]:
    """Every stored object key, or only those older than an instant."""
    return (key for key in place().keys(written_before=written_before) if _KEY_SHAPE.fullmatch(key))


def delete_unfinished(*, written_before: datetime) -> int:
    """Remove files that a crash left half written; returns how many."""
    return place().delete_unfinished(written_before=written_before)


def reseal_bytes(key: str, *, holder: Holder) -> bool:
    """Seal under the holder's key what a first release sealed under DATA_KEY; False where that was done."""
    sealed = place().read(_checked(key))
    if not sealed.startswith(FIRST_BYTES_VERSION):
        return False
    store_bytes(key, open_bytes(sealed, key=key), holder=holder)
    return True


def _seal(plain: bytes, *, holder: Holder, bound_to: bytes) -> bytes:
    key = keyring.key_for(holder)
    return key.id.bytes + sealing.seal(key.secret, plain, bound_to=bound_to)


def _open(sealed: bytes, *, bound_to: bytes) -> bytes:
    if len(sealed) <= _KEY_ID_BYTES:
        raise VaultError("What is stored was cut short.")
    secret = keyring.secret_of(UUID(bytes=sealed[:_KEY_ID_BYTES]))
    return sealing.unseal(secret, sealed[_KEY_ID_BYTES:], bound_to=bound_to)


def _object(key: str) -> bytes:
    return b"bytes/" + key.encode("ascii")


def _checked(key: str) -> str:
    """An object key names no path."""
    if not _KEY_SHAPE.fullmatch(key):
        raise VaultError("This is not an object key.")
    return key
