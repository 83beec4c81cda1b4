"""After a backup was brought back: the outbox is that of an earlier day, and much of what waits in it was sent since.

Nothing that waits is sent. What it was about goes on from here as if it had been said just now: the next step of its
ladder comes after its usual wait, so that advice which nobody has answered is repeated and never lost. Every lump with
something open is judged anew.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from tracking.models import Lump
from triage.ladder import step_of
from triage.marks import mark_lumps
from triage.models import Episode, Notification

RESTORED = "restored"  # the code by which a person and whoever runs this see why it was not sent


@dataclass(frozen=True, slots=True)
class Review:
    """How many messages were set aside, how many ladders go on from now, how many lumps are judged anew."""

    cancelled: int
    ladders: int
    lumps: int


def review_restored(*, at: datetime) -> Review:
    """Once, before the first sweep."""
    states = (Notification.State.WAITING, Notification.State.LEASED)
    with transaction.atomic():
        waiting = Notification.objects.filter(state__in=states)
        lumps = set(waiting.values_list("lump", flat=True))
        cancelled = waiting.update(state=Notification.State.CANCELLED, leased_until=None, last_error=RESTORED)
        ladders = 0
        for episode in Episode.objects.filter(closed_at=None):
            lumps.add(episode.lump_id)
            ladders += _go_on_from(episode, at)
        mark_lumps(lumps, at=at)
    return Review(cancelled, ladders, Lump.objects.filter(pk__in=lumps).count())


def _go_on_from(episode: Episode, at: datetime) -> bool:
    """What was never told (step 0) is told; what was, waits once more. A ladder that has ended stays ended."""
    after = step_of(episode.level, episode.step + 1)
    if not episode.step or episode.next_step_at is None or after is None:
        return False
    if episode.next_step_at > at:
        return False
    episode.step_at, episode.next_step_at = at, at + after.wait
    episode.save(update_fields=["step_at", "next_step_at"])
    return True
