"""How long what is due has waited, and what was set aside: ages and counts, nothing about anybody.

The worst failure here is silence, so these are the first numbers to look at, by `/readyz`, `/metrics` and the watchman.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db.models import Case, Exists, F, Min, OuterRef, Q, When
from django.db.models.functions import Coalesce, Greatest

from tracking.models import Lump
from triage.models import Heartbeat, Notification, Stumble

TOO_OLD = timedelta(minutes=5)
ALARM = timedelta(hours=1)  # so long the watchman hears that something was set aside

NEXT_TRY = Greatest("due_at", Coalesce("leased_until", "due_at"))  # when a row may be taken, or taken again


def oldest_due_age(at: datetime) -> timedelta:
    """How long the longest waiting of all that is due has waited: a message to hand over or a lump to judge.

    Where something else went out by the same way since, a message that was put off waits from its next try on: one full
    mailbox is no stillstand. Where nothing did, the way itself may be closed, and it has waited since it was due.
    """
    went_out = Notification.objects.filter(channel=OuterRef("channel"), sent_at__gte=OuterRef("due_at"))
    rows = Notification.objects.filter(state__in=["waiting", "leased"], due_at__lte=at)
    rows = rows.annotate(waits_since=Case(When(Exists(went_out), then=NEXT_TRY), default=F("due_at")))
    told = rows.filter(waits_since__lte=at).aggregate(oldest=Min("waits_since"))
    judged = Lump.objects.filter(assess_after__lte=at).aggregate(oldest=Min("assess_after"))
    moments = [moment for moment in (told["oldest"], judged["oldest"]) if moment]
    return max(at - min(moments, default=at), timedelta(0))


def put_off(at: datetime) -> int:
    """Messages whose way was closed when they were tried, and that are tried again later."""
    return Notification.objects.filter(state="waiting", attempts__gt=0, leased_until__gt=at).count()


def set_aside() -> int:
    """Messages that failed for good and were not answered otherwise, and lumps that cannot be judged."""
    lumps = Stumble.objects.filter(attempts__gte=Stumble.SET_ASIDE_AFTER).count()
    return lumps + Notification.objects.filter(state="failed", sent_at=None, acknowledged_at=None).count()


def given_up() -> int:
    """Of these, what was tried to the end although its address was sound: nobody but the hoster can mend that."""
    tried = Q(failures__gte=Notification.SET_ASIDE_AFTER) | Q(attempts__gte=Notification.MOST_TRIES)
    rows = Notification.objects.filter(tried, state="failed", sent_at=None, acknowledged_at=None)
    return rows.count() + Stumble.objects.filter(attempts__gte=Stumble.SET_ASIDE_AFTER).count()


def note_set_aside(at: datetime) -> None:
    """Something was given up after its last try: the alarm stands from now on."""
    Heartbeat.objects.update_or_create(name=Heartbeat.SET_ASIDE, defaults={"at": at})


def was_set_aside(at: datetime, *, within: timedelta = ALARM) -> bool:
    """Was anything given up lately?"""
    last = Heartbeat.objects.filter(name=Heartbeat.SET_ASIDE).values_list("at", flat=True).first()
    return last is not None and abs(at - last) <= within
