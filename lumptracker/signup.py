"""Who may sign up. Beside `accounts.py` because allauth builds its own forms on this one while it loads."""

from __future__ import annotations

from typing import Any

from allauth.account.adapter import get_adapter
from django import forms
from django.conf import settings
from django.core import signing
from django.http import HttpRequest
from django.utils import timezone

from tracking.consents import record_consent
from tracking.invitations import keep_for_newcomer, opens_account
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
    """Base of allauth's sign-up: a taken address is told so, and `SIGNUP=invite` asks for the invitation: the hoster's,
    or that of somebody who shares a record.

    Signing up signs in at once, so whether an address is taken cannot be hidden from those who may; the rate limit on
    signing up is what keeps it from being asked a thousand times.
    """

    invitation = forms.CharField(required=False, max_length=500)
    owners_invitation = ""  # the same, where it is not the hoster's

    def clean(self) -> dict[str, Any]:  # Any: Django's own signature
        values = super().clean() or {}
        email, invitation = values.get("email") or "", values.get("invitation") or ""
        is_asked = settings.SIGNUP == "invite" and not is_invited(email, invitation)
        self.owners_invitation = invitation if is_asked and opens_account(invitation, at=timezone.now()) else ""
        if is_asked and not self.owners_invitation:
            self.refuse_invitation()
        elif getattr(self, "account_already_exists", False):
            self.add_error("email", get_adapter().validation_error("email_taken"))
        return values

    def refuse_invitation(self) -> None:
        self.add_error("invitation", forms.ValidationError(say("account.invitation"), code="invitation"))

    def signup(self, request: HttpRequest, user: User) -> None:  # noqa: ARG002  allauth's own signature
        """A new account speaks the language that it was asked for in, and agrees to what stands beside the button.

        Raises NotFound where somebody else used the invitation a moment ago.
        """
        if self.owners_invitation:
            keep_for_newcomer(user, self.owners_invitation, at=timezone.now())
        user.language = language_in_force()
        user.save(update_fields=["language"])
        record_consent(user, "record", given=True, at=timezone.now())
