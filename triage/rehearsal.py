"""Trying whether reminders arrive: by every way that leads somewhere, right now, and what came of it."""

from __future__ import annotations

from datetime import datetime, timedelta
from urllib.parse import urlsplit
from uuid import uuid4

from django.conf import settings

from tracking.models import User
from triage import reach
from triage.channels import CHANNELS, Message, Outcome
from triage.holds import Held
from triage.models import ReminderTest
from triage.push_subscriptions import try_subscriptions

STANDS_FOR = timedelta(days=30)  # after which the app asks to try again: phones silence messages without a word


def try_reminders(user: User, *, at: datetime) -> ReminderTest:
    """Send a test by each way and keep how it went, in place of the last time. Nobody but the account is told, and no
    service that asked us to wait is called."""
    outcomes = [
        _told("push", row.device or urlsplit(row.endpoint).hostname or "", outcome)
        for row, outcome in try_subscriptions(user, at=at)
    ]
    message = Message(uuid4(), "test", user.language, settings.APP_NAME, settings.PUBLIC_URL)
    held = Held(at=at)
    held.look()
    for channel in reach.reaching_channels(user):
        if channel != "push":
            outcomes += [
                _told(channel, "", held.send(CHANNELS[channel], message, address))
                for address in reach.addresses_of(user, channel)
            ]
    held.keep()
    values = {"at": at, "outcomes": outcomes, "arrived": None}
    return ReminderTest.objects.update_or_create(user=user, defaults=values)[0]


def note_arrival(user: User, *, arrived: bool) -> ReminderTest | None:
    """What the person says of the last test: handed over is not arrived."""
    ReminderTest.objects.filter(user=user).update(arrived=arrived)
    return last_test(user)


def last_test(user: User) -> ReminderTest | None:
    """`None`: never tried."""
    return ReminderTest.objects.filter(user=user).first()


def is_test_due(user: User, *, at: datetime) -> bool:
    """Has it not been tried for a month, or did it not arrive?"""
    test = last_test(user)
    return test is None or test.arrived is False or at - test.at >= STANDS_FOR


def _told(channel: str, device: str, outcome: Outcome) -> dict[str, str]:
    return {"channel": channel, "device": device, "outcome": outcome.state, "code": outcome.code}
