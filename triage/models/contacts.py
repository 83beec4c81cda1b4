"""Somebody whom a person trusts to be told, and whether that person has tried if reminders arrive."""

from __future__ import annotations

import uuid

from django.db import models

from tracking.models import User
from tracking.models.base import SealedTextField


class TrustedContact(models.Model):
    """Told in fixed words, last and once an episode, when nothing that an account was told is answered.

    Nothing goes there before both have agreed: the account holder, who saw the words (`words` names their version), and
    the contact, who may end it at any time. Another address is another contact, so old links never speak for a new one.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    user = models.OneToOneField(User, on_delete=models.CASCADE, related_name="trusted_contact")
    name = SealedTextField(default="", blank=True)  # how the account holder calls them; never sent anywhere
    email = SealedTextField()
    language = models.CharField(max_length=8)
    text = SealedTextField()  # the very words that were shown, and that are sent
    words = models.CharField(max_length=16)  # their version
    consented_at = models.DateTimeField()  # by the account holder
    asked_at = models.DateTimeField(null=True, blank=True)  # when the contact was asked; null: that mail did not go out
    agreed_at = models.DateTimeField(null=True, blank=True)
    stopped_at = models.DateTimeField(null=True, blank=True)  # by the contact: only a new naming begins anew
    returned_at = models.DateTimeField(null=True, blank=True)  # when mail to them came back for good; as above

    @property
    def state(self) -> str:
        """not_asked, asked, agreed, stopped or returned."""
        if self.stopped_at:
            return "stopped"
        if self.returned_at:
            return "returned"
        if self.agreed_at:
            return "agreed"
        return "asked" if self.asked_at else "not_asked"


class ReminderTest(models.Model):
    """The last time that an account tried whether reminders reach it, way by way."""

    user = models.OneToOneField(User, on_delete=models.CASCADE, related_name="reminder_test")
    at = models.DateTimeField()
    outcomes = models.JSONField(default=list)  # [{channel, device, outcome, code}]
    arrived = models.BooleanField(null=True, blank=True)  # what the person says; null: not said
