"""One-click unsubscribe (RFC 8058): a signed address that ends the mails which remind to check, and no others.

Whoever is tired of reminders has not said that an urgent message may go unsent: that mail stays on.
"""

from __future__ import annotations

from uuid import UUID

from django.conf import settings
from django.core.signing import BadSignature, Signer

from tracking.errors import NotFound
from tracking.models import User

_signer = Signer(salt="triage.unsubscribe")


def stop_url(user: User) -> str:
    """Where a mail program posts to. It names the account only to us."""
    return f"{settings.PUBLIC_URL}/api/v1/notifications/stop/{_signer.sign(user.pk.hex)}/"


def account_behind(token: str) -> User:
    """The account that was mailed. Raises NotFound for an address that we never wrote."""
    try:
        user = User.objects.filter(pk=UUID(_signer.unsign(token))).first()
    except (BadSignature, ValueError) as error:
        raise NotFound from error
    if user is None:
        raise NotFound
    return user


def stop_reminder_mails(user: User) -> None:
    """Reversed by the account's settings, at `me/`."""
    User.objects.filter(pk=user.pk).update(reminder_mails_wanted=False)


def is_mail_stopped(user: User, kind: str, channel: str) -> bool:
    """Is this a reminder to check, by a way that its reader has ended for those?"""
    return kind == "check_due" and channel == "email" and not user.reminder_mails_wanted
