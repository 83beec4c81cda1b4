"""Browsers that agreed to be pushed to."""

from __future__ import annotations

import base64
import binascii
from datetime import datetime
from uuid import uuid4

from cryptography.hazmat.primitives.asymmetric import ec
from django.conf import settings
from django.db import transaction

from tracking.consents import record_consent, standing
from tracking.errors import Conflict, InvalidInput
from tracking.models import User
from tracking.record_account import change_settings
from tracking.texts import say
from triage.channels import CHANNELS, Message, Outcome
from triage.channels.endpoints import EndpointRefused, check_endpoint
from triage.holds import Held
from triage.marks import mark_told_to
from triage.models import PushSubscription
from triage.reach import push_address, settle_address

MOST_BROWSERS = 10  # of one account: every push goes to each of them
State = PushSubscription.State


def keep_subscription(
    user: User, *, endpoint: str, p256dh: str, auth: str, device: str, agreed: bool, at: datetime
) -> tuple[PushSubscription, bool]:
    """Keep it, once for each endpoint; whoever agreed to it last owns it. Also says whether it is new.

    `agreed`: a person has just said yes, so it is on record and pushes go out. Without it a browser only renews what
    stands: an account's first subscription alone counts as its yes. Advice that has reached nobody so far is looked at
    again, now that there is a way. Raises InvalidInput, and Conflict where only a person can say yes.
    """
    try:
        check_endpoint(endpoint, hosts=settings.PUSH_HOSTS)
    except EndpointRefused as error:
        raise _refused("endpoint", "subscription.endpoint_refused") from error
    if not _are_keys(p256dh, auth):
        raise _refused("keys", "subscription.keys_wrong")
    values = {"user": user, "p256dh": p256dh, "auth": auth, "device": device, "state": State.ACTIVE}
    with transaction.atomic():
        user = User.objects.select_for_update().get(pk=user.pk)  # whoever takes it back at this moment comes after
        listening = PushSubscription.objects.filter(endpoint=endpoint, user=user, state=State.ACTIVE)
        listened = user.push_wanted and listening.exists()
        _settle_consent(user, endpoint, agreed=agreed, at=at)
        row, is_new = PushSubscription.objects.update_or_create(
            endpoint=endpoint, defaults=values, create_defaults={**values, "created_at": at}
        )
        _forget_oldest(user, row)
    if not listened:
        mark_told_to(user, at=at)
    return row, is_new


def try_subscriptions(user: User, *, at: datetime) -> list[tuple[PushSubscription, Outcome]]:
    """Send a test to each browser of this account, right now, and say how it went. A service that asked us to wait is
    left alone by tests as well."""
    held = Held(at=at)
    held.look()
    message = Message(uuid4(), "test", user.language, settings.APP_NAME, settings.PUBLIC_URL)
    tried = []
    for row in PushSubscription.objects.filter(user=user).exclude(state=State.GONE).order_by("id"):
        outcome = held.send(CHANNELS["push"], message, push_address(row))
        held.keep()
        settle_address(push_address(row), outcome, at=at)
        if row.state == State.BROKEN and outcome.state == "sent":
            mark_told_to(user, at=at)
        tried.append((row, outcome))
    return tried


def _settle_consent(user: User, endpoint: str, *, agreed: bool, at: datetime) -> None:
    """Note the yes, or find that it stands. What a program repeats is none where somebody said no, nor for a browser
    that listens for another account: it is the same one, and somebody else sits at it."""
    known = standing(user, "push")
    if not agreed:
        others = PushSubscription.objects.filter(endpoint=endpoint).exclude(user=user)
        if known.given is False or others.exists():
            raise Conflict("push_not_agreed", say("subscription.not_agreed"))
        if known.version is not None:
            return
    if not user.push_wanted:
        change_settings(user, {"push_wanted": True})
    record_consent(user, "push", given=True, at=at)


def _forget_oldest(user: User, newest: PushSubscription) -> None:
    """Room for the one that just subscribed; those that no longer listen go first."""
    others = PushSubscription.objects.filter(user=user).exclude(pk=newest.pk).order_by("state", "-created_at", "-id")
    too_many = list(others.values_list("pk", flat=True)[MOST_BROWSERS - 1 :])
    PushSubscription.objects.filter(pk__in=too_many).delete()


def _are_keys(p256dh: str, auth: str) -> bool:
    """A point on P-256 and sixteen bytes, in base64url (RFC 8291)."""
    try:
        ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), _bytes_of(p256dh))
        return len(_bytes_of(auth)) == 16
    except (ValueError, binascii.Error):
        return False


def _bytes_of(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


def _refused(field: str, key: str) -> InvalidInput:
    return InvalidInput("invalid", say(key), fields={field: [say(key)]})
