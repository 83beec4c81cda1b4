"""What happens to an account whose address is proved for the first time by somebody who is not signed in to it.

Whoever signed up with the address may have been somebody else. The one who reads its mails is let in, by a mailed code,
and has it alone from then on: what could open the account before, or carries its messages elsewhere, ends.
"""

from __future__ import annotations

from allauth.mfa.models import Authenticator

from lumptracker.devices import end_other_sessions
from tracking.models import User
from triage.models import CalendarFeed, GivenAddress, PushSubscription, TrustedContact


def begin_anew(user: User) -> None:
    """No session, password, second step, or way for messages out of it stays, but a password chosen just now."""
    end_other_sessions(user, keep=None)
    if not getattr(user, "chose_password_now", False):
        user.set_unusable_password()  # another is chosen by mail
        user.save(update_fields=["password"])
    for what in (Authenticator, PushSubscription, GivenAddress, CalendarFeed, TrustedContact):
        what.objects.filter(user=user).delete()
