"""Addresses that people type in for a channel, and mailboxes that mail came back from."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from tracking.errors import InvalidInput, NotFound
from tracking.models import User
from tracking.texts import say
from triage.channels import GIVEN
from triage.channels.endpoints import EndpointRefused
from triage.marks import mark_told_to
from triage.models import GivenAddress
from triage.reach import note_mailbox_gone


def offered() -> list[str]:
    """The channels that the hoster allows and that need an address from the person."""
    return [name for name, channel in GIVEN.items() if channel.is_offered()]


def keep_address(user: User, channel: str, text: str, *, at: datetime) -> tuple[GivenAddress, bool]:
    """Keep it, one for each channel; also says whether there was none. Raises InvalidInput, or NotFound where the
    channel is not offered. Advice that has reached nobody so far is looked at again."""
    if channel not in offered():
        raise NotFound
    try:
        address = dict(GIVEN[channel].accept(text))
    except EndpointRefused as error:
        words = say("channel.address_refused")
        raise InvalidInput("invalid", words, fields={"address": [words]}) from error
    values = {"text": text.strip(), "address": address, "state": GivenAddress.State.ACTIVE, "code": ""}
    with transaction.atomic():
        row, is_new = GivenAddress.objects.update_or_create(
            user=user, channel=channel, defaults=values, create_defaults={**values, "created_at": at}
        )
    mark_told_to(user, at=at)
    return row, is_new


def forget_address(user: User, channel: str, *, at: datetime) -> None:
    """Tell nothing by this way any more; for email: try the mailbox again that mail came back from."""
    if GivenAddress.objects.filter(user=user, channel=channel).delete()[0]:
        mark_told_to(user, at=at)


def note_bounce(email: str, *, code: str, at: datetime) -> int:
    """Mail to this address came back for good. What it was to say looks for another way. How many accounts it was."""
    users = list(User.objects.filter(email__iexact=email))
    for user in users:
        note_mailbox_gone(user, code=code, at=at)
        mark_told_to(user, at=at)
    return len(users)


def addresses_kept(user: User) -> list[GivenAddress]:
    return list(GivenAddress.objects.filter(user=user).order_by("channel"))
