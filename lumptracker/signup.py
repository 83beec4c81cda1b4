"""Who may sign up. Beside `accounts.py` because allauth builds its own forms on this one while it loads."""

from __future__ import annotations

from typing import Any

from allauth.account.adapter import get_adapter
from django import forms
from django.conf import settings
from django.core import signing
from django.http import HttpRequest

from tracking.models import User
from tracking.texts import language_in_force, say

INVITATION_DAYS = 14
_SALT = "lumptracker.invitation"


def new_invitation(email: str) -> str:
    """What the hoster hands to somebody: it lets that address sign up, once, for two weeks. Nothing is stored."""
    return signing.dumps(email.strip().lower(), salt=_SALT)


def is_invited(email: str, invitation: str) -> bool:
    """Whether the invitation is for this address and not too old."""
    try:
        invited = signing.loads(invitation, salt=_SALT, max_age=INVITATION_DAYS * 86400)
    except signing.BadSignature:
        return False
    return bool(invited == email.strip().lower())


class SignupForm(forms.Form):
    """Base of allauth's sign-up: a taken address is told so, and `SIGNUP=invite` asks for the invitation.

    Signing up signs in at once, so whether an address is taken cannot be hidden; the rate limit on signing up is what
    keeps it from being asked a thousand times.
    """

    invitation = forms.CharField(required=False, max_length=500)

    def clean(self) -> dict[str, Any]:  # Any: Django's own signature
        values = super().clean() or {}
        if getattr(self, "account_already_exists", False):
            self.add_error("email", get_adapter().validation_error("email_taken"))
        if settings.SIGNUP == "invite" and not is_invited(values.get("email") or "", values.get("invitation") or ""):
            self.add_error("invitation", forms.ValidationError(say("account.invitation"), code="invitation"))
        return values

    def signup(self, request: HttpRequest, user: User) -> None:  # noqa: ARG002  allauth's own signature
        """A new account speaks the language that it was asked for in."""
        user.language = language_in_force()
        user.save(update_fields=["language"])
