"""The account's own settings, and its erasure."""

from __future__ import annotations

from typing import Any

from allauth.usersessions.models import UserSession
from django.db import transaction
from rest_framework import serializers

from tracking.models import Membership, Person, Photo, Tombstone, User
from tracking.record_fields import ChoiceWord, FlagField, ZoneField
from tracking.record_removal import forget_bytes
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
    quiet_from = serializers.TimeField(required=False, allow_null=True, format="%H:%M")
    quiet_to = serializers.TimeField(required=False, allow_null=True, format="%H:%M")
    channels = ChannelsShape(required=False, source="*")
    reminder_mails = FlagField(required=False, source="reminder_mails_wanted")


def change_settings(user: User, values: dict[str, Any]) -> None:  # Any: column values
    """Store what `SettingsShape` read."""
    for name, value in values.items():
        setattr(user, name, value)
    user.save(update_fields=list(values))


def erase_account(user: User) -> None:
    """Remove the account and every person that nobody else owns, with all that was logged and every picture.

    Nothing stays but what other accounts own. Sessions end everywhere; the bytes of pictures go once this is certain.
    """
    with transaction.atomic():
        others = Membership.objects.filter(role=Membership.Role.OWNER).exclude(user=user).values("person")
        own = Membership.objects.filter(role=Membership.Role.OWNER, user=user).exclude(person__in=others)
        ids = list(own.values_list("person", flat=True))
        forget_bytes(Photo.objects.filter(person__in=ids))
        Tombstone.objects.filter(person_id__in=ids).delete()
        Tombstone.objects.filter(user=user).exclude(person_id__in=others).delete()
        Person.objects.filter(pk__in=ids).delete()
        for session in UserSession.objects.filter(user=user):
            session.end()
        user.delete()
