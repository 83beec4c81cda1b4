"""A code that the hoster hands to somebody who forgot the password where no mail is set up.

It waits in the shared cache until that person asks for a code in the app ("Forgot password"): then it is the code that
the app asks for, once, with all of allauth's limits on tries and time. It proves who they are to the hoster, but not
that they can read mail sent to the address, so the address stays as unverified as it was.
"""

from __future__ import annotations

import hashlib
import json

from django.core.cache import cache
from django.http import HttpRequest

WAITS_SECONDS = 30 * 60


def keep_access_code(email: str, code: str) -> None:
    """Have it be the next code for this address. An earlier one is void."""
    cache.set(_key("waits", email), code, WAITS_SECONDS)


def take_access_code(request: HttpRequest) -> str | None:
    """The code that waits for the address which this request asks a code for; it waits no longer."""
    email = _asked_for(request)
    code = cache.get(_key("waits", email)) if email else None
    if code is None or not cache.delete(_key("waits", email)):
        return None
    cache.set(_key("used", email), value=True, timeout=WAITS_SECONDS)
    return str(code)


def was_given_by_hoster(email: str) -> bool:
    """Was this address confirmed just now by such a code, which proves nothing about it? Says so once."""
    return bool(cache.delete(_key("used", email)))


def _asked_for(request: HttpRequest) -> str:
    try:
        body = json.loads(request.body)
    except ValueError:
        return ""
    email = body.get("email") if isinstance(body, dict) else None
    return email if isinstance(email, str) else ""


def _key(state: str, email: str) -> str:
    return f"access-code-{state}:{hashlib.sha256(email.strip().lower().encode()).hexdigest()}"
