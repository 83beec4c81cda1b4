"""A code that the hoster hands to somebody who forgot the password where no mail is set up.

It waits in the shared cache. Whoever asks for a code for that address in the app ("Forgot password") while it waits is
asked for this one, with all of allauth's limits on tries and time, so that a stranger's asking takes nothing from its
owner; the first who enters it rightly spends it. It proves who they are to the hoster, but not that they can read mail
sent to the address, so the address stays as unverified as it was.
"""

from __future__ import annotations

import hashlib

from allauth.account.internal.flows.password_reset_by_code import PASSWORD_RESET_VERIFICATION_SESSION_KEY as RESET
from django.core.cache import cache
from django.http import HttpRequest
from django.utils.crypto import constant_time_compare

from lumptracker.plain_json import read_json

WAITS_SECONDS = 30 * 60
_MARK = "access_code_for"  # in the session of whoever asked: the address; absent where a mailed code is asked for


def keep_access_code(email: str, code: str) -> None:
    """Have it be the code for this address. An earlier one is void."""
    cache.set(_key(email), code, WAITS_SECONDS)


def waiting_code(request: HttpRequest) -> str | None:
    """The code that waits for the address which this request asks a code for. It goes on waiting."""
    email = asked_for(request)
    code = cache.get(_key(email)) if email else None
    if code is None:
        request.session.pop(_MARK, None)
        return None
    request.session[_MARK] = email
    return str(code)


def is_hosters_code(request: HttpRequest) -> bool:
    """Is this signed-in browser asked for the hoster's code, which proves nothing about the address?"""
    return _MARK in request.session


def drop_spent_code(request: HttpRequest) -> None:
    """End this browser's reset where it waits for a code of the hoster's that is spent, too old or void."""
    email, reset = request.session.get(_MARK), request.session.get(RESET)
    if email is None or reset is None:
        return
    waiting = cache.get(_key(email))
    if waiting is None or not constant_time_compare(str(waiting), str(reset.get("code", ""))):
        request.session.pop(RESET)
        request.session.pop(_MARK)


def spend_code(request: HttpRequest) -> bool:
    """Use the hoster's code up, now that it was entered rightly. False: somebody else was first."""
    email = request.session.get(_MARK)
    return email is None or bool(cache.delete(_key(email)))


def asked_for(request: HttpRequest) -> str:
    """The address that stands in the body; empty without one."""
    try:
        body = read_json(request.body)
    except ValueError:
        return ""
    email = body.get("email") if isinstance(body, dict) else None
    return email if isinstance(email, str) else ""


def _key(email: str) -> str:
    return f"access-code-waits:{hashlib.sha256(email.strip().lower().encode()).hexdigest()}"
