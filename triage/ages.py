"""How long what is due has waited, and what was set aside: ages and counts, nothing about anybody.

The worst failure here is silence, so these are the first numbers to look at, by `/readyz`, `/metrics` and the watchman.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db.models import Min

from tracking.models import Lump
from triage.models import Notification, Stumble

TOO_OLD = timedelta(minutes=5)


def oldest_due_age(at: datetime) -> timedelta:
    """How long the longest waiting of all that is due has waited: a message to hand over or a lump to judge."""
    told = Notification.objects.filter(state__in=["waiting", "leased"], due_at__lte=at).aggregate(oldest=Min("due_at"))
    judged = Lump.objects.filter(assess_after__lte=at).aggregate(oldest=Min("assess_after"))
    moments = [moment for moment in (told["oldest"], judged["oldest"]) if moment]
    return max(at - min(moments, default=at), timedelta(0))


def set_aside() -> int:
    """Messages that failed for good and were not answered otherwise, and lumps that cannot be judged."""
    lumps = Stumble.objects.filter(attempts__gte=Stumble.SET_ASIDE_AFTER).count()
    return lumps + Notification.objects.filter(state="failed", sent_at=None, acknowledged_at=None).count()
