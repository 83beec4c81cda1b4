"""Counters of what is tried at the doors of accounts.

By network address and by account; but a device that is known to the account, and a session of it that is open, have
counters of their own. So what a stranger tries, in the same house or with the account's own address, uses up nothing of
its owner's. The limits are in `tries.py`.
"""

from __future__ import annotations

from allauth.core.internal import ratelimit
from allauth.core.internal.ratelimit import RateLimitUsage
from django.http import HttpRequest

from lumptracker.devices import any_known_device, known_device

_APP = "allauth.account"  # under whose name the settings keep the limits


def count_try(request: HttpRequest, what: str, *, email: str) -> RateLimitUsage | None:
    """Count one more for the account of this address; None where that is too many. What is only read does not count."""
    own = _own_counter(request, email)
    action, key = (f"{what}_known", own) if own else (what, email.strip().lower())
    return ratelimit.consume(request, app=_APP, action=action, key=key)


def count_passkey(request: HttpRequest) -> RateLimitUsage | None:
    """The same where nobody has said yet whose account it is. Nothing can be guessed, so any known device will do."""
    device = any_known_device(request)
    return ratelimit.consume(request, app=_APP, action="passkey_known" if device else "passkey", key=device)


def forget_tries(request: HttpRequest, what: str, *, email: str) -> None:
    ratelimit.clear(request, app=_APP, action=what, key=email.strip().lower())


def _own_counter(request: HttpRequest, email: str) -> str | None:
    """Of a session only where it is that account's: else each new session of a stranger would be new tries."""
    user = request.user
    if user.is_authenticated and user.email.lower() == email.strip().lower():
        return f"session:{request.session.session_key}"
    return known_device(request, email)
