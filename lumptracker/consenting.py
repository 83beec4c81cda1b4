"""Giving and taking back a consent, with what follows from it. On the top floor, because it reaches into every room."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from tracking.consents import purpose_of, record_consent
from tracking.errors import Conflict, NotFound
from tracking.models import User
from tracking.record_account import change_settings
from tracking.texts import say
from triage.contacts import forget_contact
from triage.models import PushSubscription


def give_consent(user: User, purpose: str, *, at: datetime) -> None:
    """Raises NotFound for what is no purpose, Conflict for what is agreed to by doing it (naming a contact)."""
    if purpose_of(purpose) is None:
        raise NotFound
    if purpose == "trusted_contact":
        raise Conflict("name_somebody", say("consent.name_somebody"))
    _switch(user, purpose, given=True)
    record_consent(user, purpose, given=True, at=at)


def withdraw_consent(user: User, purpose: str, *, at: datetime) -> None:
    """What it was for ends with it. Raises NotFound, and Conflict where only erasing the account can end it."""
    known = purpose_of(purpose)
    if known is None:
        raise NotFound
    if not known.can_be_withdrawn:
        raise Conflict("erase_instead", say("consent.erase_instead"))
    with transaction.atomic():
        _switch(user, purpose, given=False)  # writes the account's row, so a browser that subscribes meanwhile waits
        if purpose == "push":
            PushSubscription.objects.filter(user=user).delete()
        if purpose == "trusted_contact":
            forget_contact(user)
        record_consent(user, purpose, given=False, at=at)


def record_choices(user: User, chosen: dict[str, object], *, at: datetime) -> None:
    """The settings that say yes or no to a purpose count as consents too."""
    for column, purpose in (("reminder_mails_wanted", "reminder_mails"), ("push_wanted", "push")):
        if column in chosen:
            record_consent(user, purpose, given=bool(chosen[column]), at=at)


def _switch(user: User, purpose: str, *, given: bool) -> None:
    columns = {"reminder_mails": "reminder_mails_wanted", "push": "push_wanted"}
    if purpose in columns:
        change_settings(user, {columns[purpose]: given})
