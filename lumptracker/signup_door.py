"""The door at which an account is made."""

from __future__ import annotations

from typing import Any

from allauth.headless.account.inputs import SignupInput
from allauth.headless.account.views import SignupView
from allauth.headless.internal.restkit.response import APIResponse
from django.conf import settings
from django.db import transaction
from django.http import HttpRequest, HttpResponseBase
from django.utils import timezone

from lumptracker.clinic.guesses import count_guess, seconds_to_wait
from tracking.errors import NotFound
from tracking.models import User


class WholeSignup(SignupInput):  # type: ignore[misc]  # allauth ships no types
    """An account is made with what belongs to it, or not at all."""

    def save(self, request: HttpRequest) -> User:
        with transaction.atomic():
            user: User = super().save(request)
        return user


class SignupDoor(SignupView):  # type: ignore[misc]  # as above
    """Signing up. Where it takes an invitation: ten unknown ones an hour from one network address, then a pause."""

    input_class = {"POST": WholeSignup}  # noqa: RUF012  allauth's own way of saying it

    def dispatch(self, request: HttpRequest, *args: Any, **named: Any) -> HttpResponseBase:  # Any: Django's signature
        address, at = request.META.get("REMOTE_ADDR", ""), timezone.now()
        wait = seconds_to_wait(address, at=at) if settings.SIGNUP == "invite" else 0
        if wait:
            return _too_many(request, wait)
        answer: HttpResponseBase = super().dispatch(request, *args, **named)
        sent = getattr(self, "input", None)  # none: it was too fast, or no JSON
        is_guess = sent is not None and "invitation" in sent.errors and sent.data.get("invitation")
        if is_guess and not count_guess(address, at=at):
            return _too_many(request, seconds_to_wait(address, at=at) or 1)
        return answer

    def post(self, request: HttpRequest, *args: Any, **named: Any) -> HttpResponseBase:  # Any: as above
        try:
            answer: HttpResponseBase = super().post(request, *args, **named)
        except NotFound:
            self.input.refuse_invitation()
            answer = self.handle_invalid_input(self.input)
        return answer


def _too_many(request: HttpRequest, wait: int) -> HttpResponseBase:
    answer: HttpResponseBase = APIResponse(request, status=429)
    answer.headers["Retry-After"] = str(wait)
    return answer
