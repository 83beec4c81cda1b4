"""Files in the age format (age-encryption.org/v1), so that a backup also opens without us: `age --decrypt`.

Two kinds of recipient: a public key (`age1…`), whose secret half never has to be on the server, or a passphrase.
Written and read as streams; each chunk is authenticated before a byte of it is handed on.
"""

from __future__ import annotations

import base64
import binascii
import hmac
import os
from collections.abc import Iterator
from dataclasses import dataclass
from typing import IO

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.kdf.scrypt import Scrypt

from lumptracker.backups import bech32

INTRO = b"age-encryption.org/v1\n"
CHUNK = 64 * 1024
TAG = 16
SCRYPT_WORK = 17  # log2: 128 MiB and half a second
MOST_SCRYPT_WORK = 20
LONGEST_LINE = 4096


class BackupUnreadable(Exception):
    """Not such a file, damaged, cut short, or another passphrase or key."""


@dataclass(frozen=True, slots=True)
class Lock:
    """How a file is closed or opened: a passphrase, or half a key (`age1…` closes, `AGE-SECRET-KEY-1…` opens)."""

    passphrase: str = ""
    public_key: str = ""
    secret_key: str = ""


def new_key_pair() -> tuple[str, str]:
    """A public and a secret key, as text."""
    secret = X25519PrivateKey.generate()
    public = bech32.encode("age", secret.public_key().public_bytes_raw())
    return public, bech32.encode("age-secret-key-", secret.private_bytes_raw()).upper()


class Sealer:
    """A file to write plain bytes to, sealed on their way into `target`. `close` writes the last chunk."""

    def __init__(self, target: IO[bytes], lock: Lock, *, work: int = SCRYPT_WORK) -> None:
        file_key = os.urandom(16)
        stanza = _stanza_for(lock, file_key, work=work)
        head = INTRO + stanza + b"---"
        nonce = os.urandom(16)
        target.write(head + b" " + _text(_mac(file_key, head)) + b"\n" + nonce)
        self._target = target
        self._cipher = ChaCha20Poly1305(_derived(file_key, nonce, b"payload"))
        self._waiting = bytearray()
        self._count = 0

    def write(self, data: bytes) -> int:
        self._waiting += data
        while len(self._waiting) > CHUNK:  # the last chunk, even if full, must be known as the last
            self._put(bytes(self._waiting[:CHUNK]), is_last=False)
            del self._waiting[:CHUNK]
        return len(data)

    def close(self) -> None:
        self._put(bytes(self._waiting), is_last=True)

    def _put(self, chunk: bytes, *, is_last: bool) -> None:
        self._target.write(self._cipher.encrypt(_nonce(self._count, is_last=is_last), chunk, None))
        self._count += 1


class Opener:
    """The plain bytes of a sealed file, by `read`. BackupUnreadable at the first thing that is not right."""

    def __init__(self, source: IO[bytes], lock: Lock) -> None:
        file_key = _read_head(source, lock)
        nonce = source.read(16)
        self._chunks = _open_chunks(source, ChaCha20Poly1305(_derived(file_key, nonce, b"payload")))
        self._waiting = b""

    def read(self, size: int = -1) -> bytes:
        while size < 0 or len(self._waiting) < size:
            chunk = next(self._chunks, None)
            if chunk is None:
                break
            self._waiting += chunk
        size = len(self._waiting) if size < 0 else size
        taken, self._waiting = self._waiting[:size], self._waiting[size:]
        return taken


def _stanza_for(lock: Lock, file_key: bytes, *, work: int) -> bytes:
    if lock.public_key:
        public = bech32.decode("age", lock.public_key)
        ephemeral = X25519PrivateKey.generate()
        share = ephemeral.public_key().public_bytes_raw()
        shared = ephemeral.exchange(X25519PublicKey.from_public_bytes(public))
        wrapping = _derived(shared, share + public, b"age-encryption.org/v1/X25519")
        arguments = b"X25519 " + _text(share)
    else:
        salt = os.urandom(16)
        wrapping = _stretched(lock.passphrase, salt, work)
        arguments = b"scrypt " + _text(salt) + b" " + str(work).encode()
    body = ChaCha20Poly1305(wrapping).encrypt(bytes(12), file_key, None)
    return b"-> " + arguments + b"\n" + _text(body) + b"\n"


def _read_head(source: IO[bytes], lock: Lock) -> bytes:
    """The file's own key. The head is authenticated with it."""
    if source.readline(LONGEST_LINE) != INTRO:
        raise BackupUnreadable("This is not a backup.")
    head, file_key = INTRO, None
    while not (line := source.readline(LONGEST_LINE)).startswith(b"---"):
        if not line.startswith(b"-> "):
            raise BackupUnreadable("The beginning of this backup is damaged.")
        lines = [source.readline(LONGEST_LINE)]
        while len(lines[-1]) == 65:  # a body goes on over full lines
            lines.append(source.readline(LONGEST_LINE))
        head += line + b"".join(lines)
        file_key = file_key or _try_stanza(line.split()[1:], _bytes(b"".join(one.strip() for one in lines)), lock)
    if file_key is None:
        raise BackupUnreadable("This passphrase or key does not open the backup.")
    if not hmac.compare_digest(_mac(file_key, head + b"---"), _bytes(line[4:].strip())):
        raise BackupUnreadable("The beginning of this backup was changed.")
    return file_key


def _try_stanza(arguments: list[bytes], body: bytes, lock: Lock) -> bytes | None:
    try:
        if arguments[0] == b"X25519" and lock.secret_key:
            secret = X25519PrivateKey.from_private_bytes(bech32.decode("age-secret-key-", lock.secret_key.lower()))
            share = _bytes(arguments[1])
            shared = secret.exchange(X25519PublicKey.from_public_bytes(share))
            salt = share + secret.public_key().public_bytes_raw()
            wrapping = _derived(shared, salt, b"age-encryption.org/v1/X25519")
        elif arguments[0] == b"scrypt" and lock.passphrase and int(arguments[2]) <= MOST_SCRYPT_WORK:
            wrapping = _stretched(lock.passphrase, _bytes(arguments[1]), int(arguments[2]))
        else:
            return None
        return ChaCha20Poly1305(wrapping).decrypt(bytes(12), body, None)
    except (InvalidTag, ValueError, IndexError):
        return None


def _open_chunks(source: IO[bytes], cipher: ChaCha20Poly1305) -> Iterator[bytes]:
    count, chunk = 0, source.read(CHUNK + TAG)
    while True:
        following = source.read(CHUNK + TAG)
        try:
            yield cipher.decrypt(_nonce(count, is_last=not following), chunk, None)
        except InvalidTag as error:
            raise BackupUnreadable("This backup is damaged or was cut short.") from error
        if not following:
            return
        count, chunk = count + 1, following


def _nonce(count: int, *, is_last: bool) -> bytes:
    return count.to_bytes(11, "big") + bytes([is_last])


def _stretched(passphrase: str, salt: bytes, work: int) -> bytes:
    kdf = Scrypt(salt=b"age-encryption.org/v1/scrypt" + salt, length=32, n=2**work, r=8, p=1)
    return kdf.derive(passphrase.encode())


def _derived(secret: bytes, salt: bytes, info: bytes) -> bytes:
    return HKDF(algorithm=SHA256(), length=32, salt=salt or None, info=info).derive(secret)


def _mac(file_key: bytes, head: bytes) -> bytes:
    return hmac.digest(_derived(file_key, b"", b"header"), head, "sha256")


def _text(data: bytes) -> bytes:
    """Base64 without padding. What is sealed here is short: never more than one line."""
    return base64.b64encode(data).rstrip(b"=")


def _bytes(text: bytes) -> bytes:
    try:
        return base64.b64decode(text + b"=" * (-len(text) % 4), validate=True)
    except binascii.Error as error:
        raise BackupUnreadable("The beginning of this backup is damaged.") from error
