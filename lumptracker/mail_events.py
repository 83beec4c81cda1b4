"""What a mail provider tells us afterwards, through django-anymail: bounces and complaints.

Loaded only where mail is sent through one. anymail proves that it is the provider who calls (`MAIL_EVENTS_SECRET`) and
tells by a signal; nothing else listens.
"""

from __future__ import annotations

from typing import Any

from anymail.signals import tracking
from django.dispatch import receiver
from django.urls import include, path
from django.utils import timezone

from triage.bounces import note_mail_ended

ENDED = {
    "bounced": ("bounced", "invalid"),  # the reasons that anymail gives: the mailbox is not there
    "rejected": ("bounced", "invalid", "spam", "unsubscribed"),  # the provider no longer sends there at all
    "complained": ("spam", None),
}

urlpatterns = [path("", include("anymail.urls"))]


@receiver(tracking)
def note_event(event: Any, **_: object) -> None:  # Any: anymail has no types
    """Mail to this address has ended, if that is what the event says; a full mailbox or a slow server is not that."""
    if event.recipient and event.reject_reason in ENDED.get(event.event_type, ()):
        code, is_complaint = f"provider_{event.event_type}", event.event_type == "complained"
        note_mail_ended(event.recipient, code=code, at=timezone.now(), is_complaint=is_complaint)
