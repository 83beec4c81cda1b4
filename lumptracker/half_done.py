"""Signing in that is half done: the password was right or a code was mailed, and the other step is still to come.

It waits for up to a quarter of an hour in the session of a browser that nobody has signed in to, so ending an account's
sessions does not reach it. It keeps what the account stood on when it began, and ends where that is not so any more:
with another password or other factors, nothing that was begun before leads in.
"""

from __future__ import annotations

from typing import Any

from allauth.account.internal.stagekit import clear_login, unstash_login
from allauth.headless.base.views import APIView
from allauth.mfa.models import Authenticator
from django.http import HttpRequest, HttpResponseBase
from django.utils.crypto import constant_time_compare, salted_hmac

from tracking.models import User

_BEGAN_ON = "sign_in_began_on"  # in the session


def keep_standing(request: HttpRequest, user: User) -> None:
    """Remember what signing in as `user` begins on: as they were read when the first step was looked at."""
    request.session[_BEGAN_ON] = _standing(user)


def forget_standing(request: HttpRequest) -> None:
    request.session.pop(_BEGAN_ON, None)


def end_outlived_sign_in(request: HttpRequest) -> None:
    """End what is half done in this browser where the password or the factors were changed since."""
    login = unstash_login(request, peek=True)
    if login is None or not isinstance(login.user, User):  # where there is no account, nothing changes
        return
    if not constant_time_compare(str(request.session.get(_BEGAN_ON, "")), _standing(login.user)):
        clear_login(request)
        forget_standing(request)


class SecondStep(APIView):  # type: ignore[misc]  # allauth ships no types
    """A door behind another one."""

    def dispatch(self, request: HttpRequest, *args: Any, **named: Any) -> HttpResponseBase:  # Any: Django's signature
        end_outlived_sign_in(request)
        answer: HttpResponseBase = super().dispatch(request, *args, **named)
        return answer


def _standing(user: User) -> str:
    """The password and which factors there are; not how often one was used, which each sign-in changes."""
    factors = Authenticator.objects.filter(user=user).order_by("pk").values_list("pk", flat=True)
    told = ",".join([user.get_session_auth_hash(), *map(str, factors)])
    return salted_hmac("lumptracker.half_done", told, algorithm="sha256").hexdigest()
