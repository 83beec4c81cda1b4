"""The account's own settings, and its erasure."""

from __future__ import annotations

from collections import Counter
from datetime import datetime
from typing import Any
from uuid import UUID

from allauth.usersessions.models import UserSession
from django.db import transaction

from tracking.erasing import (
    forget_account_files,
    forget_bytes,
    forget_copies,
    forget_empty_links,
    forget_sessions,
    wipe_traces,
    write_receipt,
)
from tracking.keyring import forget_keys
from tracking.models import (
    CareEvent,
    Erasure,
    HelperLink,
    Lump,
    Membership,
    Observation,
    Person,
    Photo,
    ShareLink,
    Tombstone,
    User,
)
from tracking.record_fields import ChoiceWord, ClockField, FlagField, ZoneField
from tracking.record_shapes import StrictShape
from tracking.texts import languages


class ChannelsShape(StrictShape):
    email = FlagField(required=False, source="email_wanted")
    push = FlagField(required=False, source="push_wanted")


class SettingsShape(StrictShape):
    """What a person can choose. `null` for the quiet hours: the usual night; twice the same time: none."""

    time_zone = ZoneField(max_length=64, required=False)
    language = ChoiceWord(tuple(languages()), required=False)
    units = ChoiceWord(tuple(User.Units.values), required=False)
    quiet_from = ClockField(required=False, allow_null=True, format="%H:%M")
    quiet_to = ClockField(required=False, allow_null=True, format="%H:%M")
    channels = ChannelsShape(required=False, source="*")
    reminder_mails = FlagField(required=False, source="reminder_mails_wanted")


def change_settings(user: User, values: dict[str, Any]) -> None:  # Any: column values
    """Store what `SettingsShape` read."""
    for name, value in values.items():
        setattr(user, name, value)
    user.save(update_fields=list(values))


def erase_account(user: User, *, at: datetime) -> Erasure:
    """Remove the account and every person that nobody else owns, with all that was logged and every picture.

    Nothing stays but what other accounts own and a receipt that names nobody. Sessions end everywhere; bytes go once
    this is certain.
    """
    with transaction.atomic():
        ids = _held_alone(user)
        others = Membership.objects.filter(role=Membership.Role.OWNER).exclude(user=user).values("person")
        counts = _counted(user, ids)
        helpers = HelperLink.objects.filter(lump__person__in=ids) | HelperLink.objects.filter(user=user)
        forget_bytes(Photo.objects.filter(person__in=ids), helpers)
        forget_account_files(user)
        for person_id in ids:
            forget_copies(person_id)
        links = list(ShareLink.objects.filter(lumps__person__in=ids).values_list("pk", flat=True))
        Tombstone.objects.filter(person_id__in=ids).delete()
        Tombstone.objects.filter(user=user).exclude(person_id__in=others).delete()
        Person.objects.filter(pk__in=ids).delete()
        forget_empty_links(links)
        for session in UserSession.objects.filter(user=user):
            session.end()
        forget_sessions(user)
        account = user.pk
        user.delete()
        forget_keys("person", ids)
        forget_keys("account", [account])
        wipe_traces()
        return write_receipt(None, "account", counts, at=at)


def _held_alone(user: User) -> list[UUID]:
    """The persons that nobody else owns. Every owned person's row is held from here on: nobody writes below it any
    more, and of two owners who erase their accounts at once the second sees that the first has gone."""
    owned = Membership.objects.filter(role=Membership.Role.OWNER, user=user)
    held = Person.objects.select_for_update().filter(pk__in=owned.values("person")).order_by("pk")
    ids = list(held.values_list("pk", flat=True))
    others = Membership.objects.filter(role=Membership.Role.OWNER, person__in=ids).exclude(user=user)
    shared = set(others.values_list("person", flat=True))
    return [pk for pk in ids if pk not in shared]


def _counted(user: User, person_ids: list[UUID]) -> Counter[str]:
    """What goes with the account."""
    counts: Counter[str] = Counter()
    counts["lumps"] = Lump.objects.filter(person__in=person_ids).count()
    counts["checks"] = Observation.objects.filter(person__in=person_ids).count()
    counts["photos"] = Photo.objects.filter(person__in=person_ids).count()
    counts["care"] = CareEvent.objects.filter(person__in=person_ids).count()
    counts["persons"] = len(person_ids)
    counts["links"] = user.share_links.count()
    return counts
