"""Six bugs that such senders have had in real life, to be put into a worker. The harness must report each of them.

The sixth, a reminder planned 24 hours after the one before, is put into `tests/triage/test_all_zones.py`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction

from tracking.models import Lump
from triage import deliver, sweep, telling
from triage.assess import assess_lump
from triage.models import Notification


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

    vars(deliver)["_move"] = move


def on_commit_only() -> None:
    """The intent is written after the judgement that caused it, and not with it."""
    real = telling._write_intents
    vars(telling)["_write_intents"] = lambda *values: transaction.on_commit(lambda: real(*values))


def ack_before_commit() -> None:
    """The mark is taken away first, and the work done afterwards."""

    def assess(lump_id: UUID, *, mark: datetime, at: datetime) -> bool:
        Lump.objects.filter(pk=lump_id, assess_after=mark).update(assess_after=None)
        with transaction.atomic():
            Lump.objects.filter(pk=lump_id).update(assess_after=mark)
            return assess_lump(lump_id, mark=mark, at=at)

    vars(sweep)["assess_lump"] = assess


BUGS: Mapping[str, Callable[[], None]] = {
    "": lambda: None,
    "mark_before_send": mark_before_send,
    "lease_not_fenced": lease_not_fenced,
    "on_commit_only": on_commit_only,
    "ack_before_commit": ack_before_commit,
}
