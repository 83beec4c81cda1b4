"""Passkeys, authenticator apps and recovery codes: what allauth asks us about second factors.

Their secrets are sealed under a key made from `SECRET_KEY`, which is not in the database: a copy of the database gives
nobody a second factor. With another `SECRET_KEY` they are void, and their owners set them up anew.
"""

from __future__ import annotations

import base64
import secrets
from typing import Any

from allauth.core import context
from allauth.mfa.adapter import DefaultMFAAdapter
from cryptography.fernet import Fernet, InvalidToken
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings

from tracking.models import User

UNREADABLE_BYTES = 40


class FactorAdapter(DefaultMFAAdapter):  # type: ignore[misc]  # allauth ships no types
    def encrypt(self, text: str) -> str:
        return _box().encrypt(text.encode()).decode("ascii")

    def decrypt(self, encrypted_text: str) -> str:
        """What was sealed under another key opens nothing: a secret that nobody knows stands in its place."""
        try:
            return _box().decrypt(encrypted_text.encode("ascii")).decode()
        except InvalidToken:
            return base64.b32encode(secrets.token_bytes(UNREADABLE_BYTES)).decode("ascii")

    def get_totp_issuer(self) -> str:
        return str(settings.APP_NAME)

    def get_public_key_credential_rp_entity(self) -> dict[str, str]:
        """The neutral name: a passkey's list on a phone is seen by others."""
        return {"id": context.request.get_host().partition(":")[0], "name": settings.APP_NAME}

    def get_public_key_credential_user_entity(self, user: User) -> dict[str, Any]:  # Any: bytes and texts
        return {**super().get_public_key_credential_user_entity(user), "display_name": user.email}


def _box() -> Fernet:
    derive = HKDF(algorithm=SHA256(), length=32, salt=None, info=b"lumptracker/factors/1")
    return Fernet(base64.urlsafe_b64encode(derive.derive(settings.SECRET_KEY.encode())))
