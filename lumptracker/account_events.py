"""What follows when somebody signs in, fails to, or changes how they sign in.

allauth and Django tell of it by signals alone. A line in the person's access log; and after a change of password or of
a second factor, every other session ends.
"""

from __future__ import annotations

from datetime import timedelta

from allauth.account.signals import (
    authentication_step_completed,
    email_changed,
    password_changed,
    password_reset,
    password_set,
)
from allauth.mfa.signals import authentication_failed, authenticator_added, authenticator_removed, authenticator_reset
from django.contrib.auth.signals import user_logged_in, user_login_failed
from django.dispatch import receiver
from django.http import HttpRequest
from django.utils import timezone

from lumptracker.devices import end_other_sessions
from lumptracker.half_done import forget_standing, keep_standing
from tracking.access_log import By, Who, record_access
from tracking.models import User

FAILURES_APART = timedelta(minutes=30)  # a thousand wrong passwords are one line in this time


@receiver(user_logged_in)
def log_sign_in(request: HttpRequest, user: User, **_: object) -> None:
    request.signed_in_now = user  # type: ignore[attr-defined]  # for devices.DevicesMiddleware
    _record(user, "sign_in", request)
    forget_standing(request)


@receiver(authentication_step_completed)
def begin_sign_in(request: HttpRequest, user: User, **_: object) -> None:
    if not request.user.is_authenticated:
        keep_standing(request, user)


@receiver(user_login_failed)
def log_wrong_password(credentials: dict[str, str], **_: object) -> None:
    user = User.objects.filter(email__iexact=(credentials.get("email") or "").strip()).first()
    if user is not None:
        record_failure(user)


@receiver(authentication_failed)
def log_wrong_code(user: User, **_: object) -> None:
    record_failure(user)


@receiver(password_changed)
@receiver(password_set)
@receiver(password_reset)
def settle_password(request: HttpRequest, user: User, **_: object) -> None:
    _record(user, "password_changed", request)
    end_other_sessions(user, keep=_own_session(request, user))


@receiver(authenticator_added)
@receiver(authenticator_removed)
@receiver(authenticator_reset)
def settle_factor(request: HttpRequest, user: User, **_: object) -> None:
    _record(user, "factor_changed", request, again_after=timedelta(seconds=10))  # recovery codes come along with one
    end_other_sessions(user, keep=_own_session(request, user))


@receiver(email_changed)
def settle_email(request: HttpRequest, user: User, **_: object) -> None:
    request.signed_in_now = user  # type: ignore[attr-defined]  # the device stays known, under the new address
    _record(user, "email_changed", request)


def _own_session(request: HttpRequest, user: User) -> str | None:
    """A reset is made by nobody who is signed in: then none is kept."""
    return request.session.session_key if request.user == user else None


def _record(user: User, what: str, request: HttpRequest, *, again_after: timedelta | None = None) -> None:
    device = request.headers.get("User-Agent", "")
    record_access(user.pk, what=what, who=Who(By.SELF), at=timezone.now(), device=device, again_after=again_after)


def record_failure(user: User) -> None:
    """Somebody tried to get in and did not. Wrong answers to a mailed code come here from `counted_doors`."""
    record_access(user.pk, what="sign_in_failed", who=Who(By.UNKNOWN), at=timezone.now(), again_after=FAILURES_APART)
