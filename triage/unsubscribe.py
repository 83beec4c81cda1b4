"""One-click unsubscribe (RFC 8058): a signed address that turns reminder mails off, and does nothing else."""

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


def stop_emails(token: str) -> None:
    """Turn mails off for the account that was mailed. Raises NotFound for an address that we never wrote."""
    try:
        user_id = UUID(_signer.unsign(token))
    except (BadSignature, ValueError) as error:
        raise NotFound from error
    User.objects.filter(pk=user_id).update(email_wanted=False)
