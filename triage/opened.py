"""Who came into the app by a message has seen it: what was to follow it unless it was opened need not.

That acknowledges nothing. The ladder goes on, and whoever said nothing has said nothing.
"""

from __future__ import annotations

from datetime import datetime

from django.db.models import Exists, OuterRef

from tracking.models import User
from triage.ladder import told_as
from triage.models import Notification
from triage.reach import CONTACT

State = Notification.State

# The address in a message, and what whoever came in by it has seen: the advice stands beside what is due, not with it.
ADDRESSES = {"due": ("check_due",), "open": ("check_due", "seek_care")}


def note_opened(user: User, *, opened_at: datetime, address: str) -> int:
    """Cancel what still waits as the next way of a step that had gone out by `opened_at`: how many rows.

    `address`, one of `ADDRESSES`: who came in by a reminder to check has seen nothing of what else was told.
    """
    told = Notification.objects.filter(user=user, kind__in=ADDRESSES[address])
    gone_out = told.filter(state=State.SENT, sent_at__lte=opened_at)
    same_step = gone_out.filter(episode=OuterRef("episode"), step=OuterRef("step"))
    waiting = told.filter(Exists(same_step), state=State.WAITING).exclude(channel=CONTACT)
    followers = [row.pk for row in waiting if told_as(row.level, row.step).ways == "next"]
    return Notification.objects.filter(pk__in=followers, state=State.WAITING).update(state=State.CANCELLED)
