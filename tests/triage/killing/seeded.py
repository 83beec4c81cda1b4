"""Six bugs that such senders have had in real life, to be put into a worker. The harness must report each of them.

The sixth, `a_day_is_24_hours`, is put into the planning of reminders by `tests/triage/test_all_zones.py`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.db import transaction

from tracking.models import Lump
from triage import deliver, desk, sweep
from triage.assess import assess_together
from triage.marks import Claim
from triage.models import Notification
from triage.schedule import instant_at


def mark_before_send() -> None:
    """As Healthchecks does: a kill in between loses the message."""
    real = deliver._pack

    def pack(rows: list[Notification], **values: Any) -> Any:  # Any: as the real one
        parcel = real(rows, **values)
        Notification.objects.filter(pk__in=[row.pk for row in rows]).update(state="sent", leased_until=None)
        return parcel

    vars(deliver)["_pack"] = pack


def lease_not_fenced() -> None:
    """Who slept through its lease writes over what another has done since."""

    def move(row: Notification, state: str, **values: object) -> bool:
        return bool(Notification.objects.filter(pk=row.pk).update(state=state, **values))

    vars(deliver)["move"] = move


def on_commit_only() -> None:
    """The intent is written after the judgement that caused it, and not with it."""
    real = desk.write_intents
    vars(desk)["write_intents"] = lambda intents: transaction.on_commit(lambda: real(intents))


def ack_before_commit() -> None:
    """The mark is taken away first, and the work done afterwards."""

    def assess(claims: Sequence[Claim], *, at: datetime) -> int:
        Lump.objects.filter(pk__in=[claim.lump_id for claim in claims]).update(assess_after=None)
        with transaction.atomic():
            for claim in claims:
                Lump.objects.filter(pk=claim.lump_id).update(assess_after=claim.mark)
            return assess_together(claims, at=at)

    vars(sweep)["assess_together"] = assess


def a_day_is_24_hours(day: date, wall: time, zone: ZoneInfo) -> datetime:
    """Each moment is the first one and so many times 24 hours."""
    first = date(2026, 1, 1)
    return instant_at(first, wall, zone) + (day - first).days * timedelta(hours=24)


BUGS: Mapping[str, Callable[[], None]] = {
    "": lambda: None,
    "mark_before_send": mark_before_send,
    "lease_not_fenced": lease_not_fenced,
    "on_commit_only": on_commit_only,
    "ack_before_commit": ack_before_commit,
}
