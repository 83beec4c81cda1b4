"""What a person does to sign in, and what an authenticator app does, for tests."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import struct
from typing import Any

from tests.people import PASSWORD, Somebody

BROWSER = "/_allauth/browser/v1/"
APP = "/_allauth/app/v1/"


def sent(path: str, body: object = None, somebody: Somebody | None = None, method: str = "POST") -> tuple[int, Any]:
    """Status and body of one request to the door for scripts. Any: JSON."""
    answer = (somebody or Somebody()).ask(method, f"{APP}{path}", body)
    return answer.status_code, json.loads(answer.content or b"null")


def browsed(path: str, body: object = None, *, at: Somebody, method: str = "POST") -> tuple[int, Any]:
    """The same from a browser, with its cookies. Any: JSON."""
    if "csrftoken" not in at.client.cookies:
        at.ask("GET", f"{BROWSER}auth/session")
    answer = at.ask(method, f"{BROWSER}{path}", body, **{"X-CSRFToken": at.client.cookies["csrftoken"].value})
    return answer.status_code, json.loads(answer.content or b"null")


def signed_in_again(email: str, password: str = PASSWORD) -> Somebody:
    """Another device of the same account."""
    somebody = Somebody(email=email)
    status, answer = sent("auth/login", {"email": email, "password": password}, somebody)
    assert status == 200, answer
    somebody.token = answer["meta"]["session_token"]
    return somebody


def proved(somebody: Somebody) -> None:
    """Types the password once more."""
    status, answer = sent("auth/reauthenticate", {"password": PASSWORD}, somebody)
    assert status == 200, answer
    somebody.token = answer["meta"].get("session_token", somebody.token)


def totp(secret: str, *, seconds: float) -> str:
    """What an authenticator app shows (RFC 6238), written from the paper and not with allauth's code."""
    key = base64.b32decode(secret, casefold=True)
    digest = hmac.new(key, struct.pack(">Q", int(seconds) // 30), hashlib.sha1).digest()
    start = digest[-1] & 0x0F
    return f"{(struct.unpack('>I', digest[start : start + 4])[0] & 0x7FFFFFFF) % 10**6:06d}"


def with_totp(somebody: Somebody, *, seconds: float) -> str:
    """Sets an authenticator app up; its secret."""
    proved(somebody)
    status, answer = sent("account/authenticators/totp", None, somebody, "GET")
    assert status == 404, answer
    secret = str(answer["meta"]["secret"])
    code = totp(secret, seconds=seconds)
    status, answer = sent("account/authenticators/totp", {"code": code}, somebody)
    assert status == 200, answer
    return secret
