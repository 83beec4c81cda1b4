"""Simulated weeks: every moment at which something is due is swept, one after another, without waiting for any."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db.models import Q

from tests.sinks import MailSink, PushService
from tests.triage.rows import NOON
from tracking.models import Lump
from triage.models import Notification
from triage.sweep import sweep

A_BIT = timedelta(seconds=30)  # as often as beat rings


def live(start: datetime, until: datetime) -> None:
    """Sweep at `start` and at each later moment that asks for it, up to `until`."""
    at: datetime | None = start
    while at is not None and at <= until:
        sweep(at, is_played=True)
        at = next_moment(at)


def next_moment(after: datetime) -> datetime | None:
    """The next one at which a lump is to be judged or a message is due."""
    marks = Lump.objects.filter(assess_after__isnull=False).values_list("assess_after", flat=True)
    rows = Notification.objects.filter(Q(state="waiting") | Q(state="leased"))
    due = [max(row.due_at, row.leased_until or row.due_at) for row in rows]
    moments = [moment for moment in [*marks, *due] if moment is not None]
    return max(min(moments), after + A_BIT) if moments else None


def day(number: float, *, hour: float = 0) -> datetime:
    """So many days after the first noon."""
    return NOON + timedelta(days=number, hours=hour)


def mails_to(sink: MailSink, address: str) -> list[str]:
    """The subjects of what reached this address, in their order."""
    return [str(mail["Subject"]) for mail in sink.mails if mail["To"] == address]


def titles(service: PushService, browser: str = "phone") -> list[str]:
    """What a browser showed, in its order."""
    return [push["payload"]["notification"]["title"] for push in service.deliveries if push["browser"] == browser]
