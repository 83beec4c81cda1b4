"""Where a person can be found by a way that is neither a browser nor a mailbox, and mailboxes that sent mail back."""

from __future__ import annotations

from django.db import models

from tracking.models import User


class GivenAddress(models.Model):
    """What somebody typed in for one channel, taken apart by it. For `email`: an address that mail came back from."""

    class State(models.TextChoices):
        ACTIVE = "active"
        BROKEN = "broken"  # we are refused there
        GONE = "gone"  # nobody is there any more

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="given_addresses")
    channel = models.CharField(max_length=16)
    text = models.TextField()  # as it was typed
    address = models.JSONField(default=dict)  # what the channel needs to find it
    state = models.CharField(max_length=8, choices=State, default=State.ACTIVE)
    code = models.CharField(max_length=80, default="", blank=True)  # why it is no longer used
    created_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user", "channel"], name="one_address_per_channel")]


class CalendarFeed(models.Model):
    """The secret address of somebody's calendar. Only its digest is kept: it is shown once."""

    user = models.OneToOneField(User, on_delete=models.CASCADE, related_name="calendar_feed", primary_key=True)
    token_sha256 = models.CharField(max_length=64, unique=True)
    created_at = models.DateTimeField()
