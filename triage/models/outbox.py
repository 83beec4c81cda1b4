"""The outbox: one row is one intent to tell one recipient one thing over one channel, and the addresses it may use."""

from __future__ import annotations

import uuid

from django.db import models
from django.db.models import Q

from tracking.models import Lump, Person, User
from triage.models.assessments import Episode


class PushSubscription(models.Model):
    """One browser that agreed to be pushed to. The endpoint is a stranger's address: see `channels/push.py`."""

    class State(models.TextChoices):
        ACTIVE = "active"  # the order of the words is that of their use: first the ones that listen
        BROKEN = "broken"  # 401 or 403: our key or our contact address is at fault
        GONE = "gone"  # 404 or 410: the browser no longer listens

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="push_subscriptions")
    endpoint = models.TextField(unique=True)
    p256dh = models.CharField(max_length=128)
    auth = models.CharField(max_length=64)
    device = models.CharField(max_length=80, default="", blank=True)
    state = models.CharField(max_length=8, choices=State, default=State.ACTIVE)
    created_at = models.DateTimeField()
    last_delivered_at = models.DateTimeField(null=True, blank=True)


class ServiceHold(models.Model):
    """A service asked us to send it nothing before `until` (`Retry-After`), whoever it is for."""

    service = models.CharField(max_length=255, primary_key=True)  # its host, with a port where it has one
    until = models.DateTimeField()


class Notification(models.Model):
    """An intent, written with the assessment that caused it. Lease, send outside any transaction, mark.

    waiting → leased → sent, written (to a file only), failed; or cancelled. Moves compare and set `state`
    and `attempts`.
    """

    SET_ASIDE_AFTER = 5  # failures of its own; then an alarm stands
    MOST_TRIES = 40  # of a message whose way is closed for now: about a day and a half; no failure of its own

    class State(models.TextChoices):
        WAITING = "waiting"
        LEASED = "leased"
        SENT = "sent"
        WRITTEN = "written"
        FAILED = "failed"
        CANCELLED = "cancelled"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="notifications")
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="notifications")
    lump = models.ForeignKey(Lump, on_delete=models.CASCADE, related_name="notifications")
    episode = models.ForeignKey(Episode, on_delete=models.CASCADE, related_name="notifications")
    kind = models.CharField(max_length=16)  # check_due, seek_care
    level = models.CharField(max_length=10)
    step = models.PositiveSmallIntegerField(default=1)
    channel = models.CharField(max_length=16)
    state = models.CharField(max_length=10, choices=State, default=State.WAITING)
    created_at = models.DateTimeField()
    due_at = models.DateTimeField()
    leased_until = models.DateTimeField(null=True, blank=True)  # while waiting after a failure: not before
    attempts = models.PositiveSmallIntegerField(default=0)  # how often it was leased; the fence of a lease
    failures = models.PositiveSmallIntegerField(default=0)  # of these: refused, or its process died meanwhile
    last_error = models.CharField(max_length=80, default="", blank=True)  # a code, never content
    sent_at = models.DateTimeField(null=True, blank=True)
    acknowledged_at = models.DateTimeField(null=True, blank=True)
    answer = models.CharField(max_length=16, default="", blank=True)  # read, booked, seen, will_not_act; snoozed
    carried_by = models.ForeignKey("self", on_delete=models.SET_NULL, null=True, related_name="carries")  # one message

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["user", "person", "episode", "channel", "step"], name="one_intent_per_step_and_channel"
            ),
        ]
        indexes = [
            models.Index(fields=["due_at"], name="outbox_due", condition=Q(state__in=["waiting", "leased"])),
        ]
