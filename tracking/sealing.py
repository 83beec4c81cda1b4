"""Ciphers, and the installation's own keys. What is sealed for somebody is sealed under that somebody's key
(`keyring.py`); those keys in turn lie wrapped under `settings.DATA_KEY`, and nothing else does.

While DATA_KEY is being changed, `settings.DATA_KEYS_ALSO` holds the keys that open too. A process that meets a key
wrapped by one it has never heard of asks `settings.READ_DATA_KEYS` once more, so that it need not be started anew.
"""

from __future__ import annotations

import base64
import binascii
import os
from functools import lru_cache

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings

NONCE_BYTES = 12
KEY_BYTES = 32


class VaultError(Exception):
    """Something sealed cannot be opened: another DATA_KEY, damaged, or gone. Never says what was in it."""


def seal(secret: bytes, plain: bytes, *, bound_to: bytes) -> bytes:
    """AES-256-GCM; the random nonce comes first."""
    nonce = os.urandom(NONCE_BYTES)
    return nonce + AESGCM(secret).encrypt(nonce, plain, bound_to)


def unseal(secret: bytes, sealed: bytes, *, bound_to: bytes) -> bytes:
    """What `seal` was given, else VaultError."""
    try:
        return AESGCM(secret).decrypt(sealed[:NONCE_BYTES], sealed[NONCE_BYTES:], bound_to)
    except (InvalidTag, ValueError) as error:
        raise VaultError("This cannot be opened: DATA_KEY is another one, or what is stored was changed.") from error


def wrap(secret: bytes, *, bound_to: str) -> tuple[str, str]:
    """Somebody's key as it may lie in a row, and the fingerprint of the installation's key that wrapped it."""
    data_key = installation_keys()[0]
    sealed = seal(derived(data_key, "keys"), secret, bound_to=bound_to.encode())
    return base64.urlsafe_b64encode(sealed).decode("ascii"), fingerprint(data_key)


def unwrap(wrapped: str, wrapped_by: str, *, bound_to: str) -> bytes:
    """What `wrap` was given. VaultError where the key that wrapped it is not at hand."""
    data_key = _key_with(wrapped_by)
    try:
        sealed = base64.urlsafe_b64decode(wrapped)
    except (binascii.Error, ValueError) as error:
        raise VaultError("A key is damaged.") from error
    return unseal(derived(data_key, "keys"), sealed, bound_to=bound_to.encode())


def unseal_first_form(sealed: bytes, *, purpose: str, bound_to: bytes) -> bytes:
    """What the first releases sealed under DATA_KEY itself, before anybody had a key of their own."""
    for data_key in installation_keys():
        try:
            return unseal(derived(data_key, purpose), sealed, bound_to=bound_to)
        except VaultError:
            continue
    raise VaultError("This cannot be opened: DATA_KEY is another one, or what is stored was changed.")


def installation_keys() -> tuple[str, ...]:
    """The one that seals, then those that only open."""
    if not settings.DATA_KEY:
        raise VaultError("DATA_KEY is empty, so nothing can be stored or read.")
    return (str(settings.DATA_KEY), *map(str, settings.DATA_KEYS_ALSO))


@lru_cache(maxsize=8)
def fingerprint(data_key: str) -> str:
    """Tells one installation's key from another; nothing can be opened with it."""
    return derived(data_key, "fingerprint")[:8].hex()


@lru_cache(maxsize=16)
def derived(data_key: str, purpose: str) -> bytes:
    info = f"lumptracker/vault/1/{purpose}".encode("ascii")
    return HKDF(algorithm=SHA256(), length=KEY_BYTES, salt=None, info=info).derive(data_key.encode("utf-8"))


def _key_with(wanted: str) -> str:
    for data_key in installation_keys():
        if fingerprint(data_key) == wanted:
            return data_key
    for data_key in settings.READ_DATA_KEYS():
        if fingerprint(data_key) == wanted:
            return str(data_key)
    raise VaultError("This cannot be opened: DATA_KEY is not the one that it was sealed under.")
