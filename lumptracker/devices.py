"""Devices: which one is known to an account, and when a session was last used.

A device that signed in keeps a signed cookie for that account. It opens nothing. What is tried there is counted apart
from everybody else's tries (`counting.py`), so that a stranger who tries a thousand passwords elsewhere does not keep
the owner out at home.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable
from datetime import datetime, timedelta

from allauth.usersessions.models import UserSession
from django.conf import settings
from django.core import signing
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.crypto import salted_hmac

from tracking.models import User

COOKIE = "__Host-device" if settings.PUBLIC_IS_HTTPS else "device"
KEPT_SECONDS = 400 * 86400  # as long as browsers keep any cookie
MOST_ACCOUNTS = 5  # of one device
SEEN_EVERY = timedelta(minutes=15)  # a session's last use is written no more often than this
MOST_NOTED = 10_000
_SALT = "lumptracker.device"
_noted: dict[str, datetime] = {}  # session key: when this process last wrote its use


class DevicesMiddleware:
    """Makes a device known that just signed in, and keeps "last seen" of the list of sessions."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        user = getattr(request, "signed_in_now", None)
        if isinstance(user, User):
            _set_cookie(response, _known_with(request, user))
        if response.status_code < 400:
            note_seen(_session_key(request), user_agent=request.headers.get("User-Agent", ""), at=timezone.now())
        return response


def known_device(request: HttpRequest, email: str) -> str | None:
    """The name of this device's own counter where it has signed in to this account before."""
    device, known = _read(request)
    return f"{device}:{email.strip().lower()}" if device and _mark(device, email) in known else None


def any_known_device(request: HttpRequest) -> str | None:
    """The name of this device where anybody has signed in there before."""
    return _read(request)[0] or None


def note_seen(session_key: str | None, *, user_agent: str, at: datetime) -> None:
    """Write down that the session is in use, unless that was done a short while ago."""
    if not session_key or at - _noted.get(session_key, datetime.min.replace(tzinfo=at.tzinfo)) < SEEN_EVERY:
        return
    if len(_noted) >= MOST_NOTED:
        _noted.clear()
    _noted[session_key] = at
    old = UserSession.objects.filter(session_key=session_key, last_seen_at__lt=at - SEEN_EVERY)
    if old.exists():  # asked first: an update without rows would take SQLite's write lock all the same
        old.update(last_seen_at=at, user_agent=user_agent[: UserSession._meta.get_field("user_agent").max_length])


def end_other_sessions(user: User, *, keep: str | None) -> int:
    """End every session of the account but this one; how many that were. Holds from the next request on."""
    others = list(UserSession.objects.filter(user=user).exclude(session_key=keep or ""))
    for session in others:
        session.end()
    return len(others)


def _session_key(request: HttpRequest) -> str | None:
    return request.headers.get("X-Session-Token") or request.session.session_key


def _read(request: HttpRequest) -> tuple[str, list[str]]:
    try:
        told = signing.loads(request.COOKIES.get(COOKIE, ""), salt=_SALT, max_age=KEPT_SECONDS)
        return str(told["device"]), [str(mark) for mark in told["known"]]
    except (signing.BadSignature, KeyError, TypeError):
        return "", []


def _known_with(request: HttpRequest, user: User) -> str:
    device, known = _read(request)
    device = device or secrets.token_urlsafe(16)
    mark = _mark(device, user.email)
    kept = [mark, *(other for other in known if other != mark)][:MOST_ACCOUNTS]
    return signing.dumps({"device": device, "known": kept}, salt=_SALT)


def _mark(device: str, email: str) -> str:
    """The cookie lies on a computer that others may use: it does not say whose accounts were opened there."""
    return salted_hmac(_SALT, f"{device}:{email.strip().lower()}", algorithm="sha256").hexdigest()[:32]


def _set_cookie(response: HttpResponse, value: str) -> None:
    response.set_cookie(
        COOKIE, value, max_age=KEPT_SECONDS, secure=settings.PUBLIC_IS_HTTPS, httponly=True, samesite="Strict"
    )
