"""The secrets of a share link: made once, told once, and kept only in forms that open nothing.

token      32 random bytes, base64url. Stored as its SHA-256.
JWE key    32 random bytes. Stored under AES-256-GCM with a key derived (HKDF) from the token, so that the database
           alone cannot read what a SMART Health Link carries.
passcode   Argon2id.
code       ten Crockford base32 characters to say over the phone: 50 bits, so its HMAC is keyed with SECRET_KEY,
           which is not in the database; without it a stolen dump could be searched.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import json
import os
import re
import secrets

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.utils.crypto import salted_hmac

CROCKFORD = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
CODE_LENGTH = 10
_TOKEN_SHAPE = re.compile(r"[A-Za-z0-9_-]{43}")
_SPOKEN_ALIKE = str.maketrans({"O": "0", "I": "1", "L": "1", "-": None, " ": None, "\u00a0": None, "\u2013": None})
_NONCE_BYTES = 12
_LABEL_LIMIT = 80  # HL7 SMART Health Links STU 1
# OWASP's smallest Argon2id setting: five tries for life are the real guard, and forty readers may knock at once.
_hasher = PasswordHasher(time_cost=2, memory_cost=19456, parallelism=1)


def new_token() -> str:
    """256 random bits as 43 characters of base64url."""
    return _base64url(secrets.token_bytes(32))


def new_jwe_key() -> bytes:
    return secrets.token_bytes(32)


def new_code() -> str:
    return "".join(secrets.choice(CROCKFORD) for _ in range(CODE_LENGTH))


def new_passcode() -> str:
    """Six digits: easy to say, and five tries for life make one guess in 200,000."""
    return f"{secrets.randbelow(10**6):06d}"


def is_token(text: str) -> bool:
    return _TOKEN_SHAPE.fullmatch(text) is not None


def read_code(text: str) -> str | None:
    """What somebody typed or heard, as a code: case, spaces, dashes, O for 0 and I or L for 1 do not matter."""
    code = text.upper().translate(_SPOKEN_ALIKE).strip()
    return code if len(code) == CODE_LENGTH and set(code) <= set(CROCKFORD) else None


def hash_token(token: str) -> str:
    return hashlib.sha256(token.encode("utf-8")).hexdigest()


def hash_code(code: str) -> str:
    return salted_hmac("tracking.share.code", code, algorithm="sha256").hexdigest()


def hash_reader(reader: str) -> str:
    """Tells readers apart. Callers put the link into `reader`, so that two links' readers can never be matched."""
    return salted_hmac("tracking.share.reader", reader, algorithm="sha256").hexdigest()


def hash_passcode(passcode: str) -> str:
    return _hasher.hash(passcode)


def is_passcode(passcode: str, *, argon2: str) -> bool:
    try:
        return _hasher.verify(argon2, passcode)
    except (VerificationError, InvalidHashError):
        return False


def seal_jwe_key(key: bytes, *, token: str) -> str:
    nonce = os.urandom(_NONCE_BYTES)
    sealed = nonce + AESGCM(_key_from(token)).encrypt(nonce, key, None)
    return base64.urlsafe_b64encode(sealed).decode("ascii")


def open_jwe_key(sealed: str, *, token: str) -> bytes:
    """The JWE key. Raises ValueError when the token is another one or the column was changed."""
    try:
        raw = base64.urlsafe_b64decode(sealed)
        return AESGCM(_key_from(token)).decrypt(raw[:_NONCE_BYTES], raw[_NONCE_BYTES:], None)
    except (InvalidTag, binascii.Error) as error:
        raise ValueError("This token does not open this key.") from error


def link_url(public_url: str, *, token: str, key: bytes, has_passcode: bool, label: str) -> str:
    """The SMART Health Link (HL7 STU 1) behind our own viewer: all that opens it stands after the `#`.

    Without its `exp`, which is optional: a link can be extended after its code was printed, and a reader who believed
    the old day would refuse what is open.
    """
    payload: dict[str, object] = {
        "url": f"{public_url}/shl/{token}/",
        "key": _base64url(key),
        "v": 1,
    }
    if has_passcode:
        payload["flag"] = "P"
    if label:
        payload["label"] = label[:_LABEL_LIMIT]
    minified = json.dumps(payload, separators=(",", ":"), ensure_ascii=False).encode("utf-8")
    return f"{public_url}/s/#shlink:/{_base64url(minified)}"


def _key_from(token: str) -> bytes:
    derive = HKDF(algorithm=SHA256(), length=32, salt=None, info=b"lumptracker/share/1/jwe-key")
    return derive.derive(token.encode("utf-8"))


def _base64url(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode("ascii")
