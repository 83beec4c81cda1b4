"""How exports and imports are taken up, told of, and ended: the same for both.

Whoever moves a row first does the work. Telling of progress renews the lease; where the row is gone (the account was
erased, the person took it back) or another worker has it, the work stops (`Stopped`) and its bytes go.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TypeVar

from django.db import transaction
from django.db.models import F, Q

from tracking import retention
from tracking.models import Export, Import
from tracking.models.moving import Moving
from tracking.pieces import forget_pieces

LEASE = timedelta(minutes=10)  # far longer than any step between two tellings
MOST_ATTEMPTS = 3

Row = TypeVar("Row", Export, Import)


class Stopped(Exception):
    """The row is no longer this worker's: taken back, erased, or given to another."""


def take_up(table: type[Row], *, at: datetime) -> Row | None:
    """The next one that waits, or whose worker died; now this worker's. What died too often fails."""
    free = Q(state=Moving.State.WAITING) | Q(state=Moving.State.WORKING, leased_until__lt=at)
    for pk, attempts in table._default_manager.filter(free).order_by("created_at").values_list("pk", "attempts")[:10]:
        seen = table._default_manager.filter(free, pk=pk, attempts=attempts)
        if attempts >= MOST_ATTEMPTS:
            seen.update(state=Moving.State.FAILED, code="gave_up", finished_at=at, leased_until=None)
            continue
        moved = seen.update(state=Moving.State.WORKING, leased_until=at + LEASE, attempts=F("attempts") + 1)
        if moved:
            return table._default_manager.get(pk=pk)
    return None


def tell(row: Row, *, at: datetime, **values: object) -> None:
    """Store progress and keep the lease. Raises Stopped."""
    for name, value in values.items():
        setattr(row, name, value)
    mine = type(row)._default_manager.filter(pk=row.pk, state=Moving.State.WORKING, attempts=row.attempts)
    if not mine.update(leased_until=at + LEASE, **values):
        raise Stopped


def put_back(row: Row, *, at: datetime) -> None:
    """Let the next pass go on with it: its time slice is over, and that is no failed attempt."""
    tell(row, at=at, state=Moving.State.WAITING, attempts=max(0, row.attempts - 1))


def end(row: Row, *, at: datetime, code: str = "") -> None:
    """Ready, or failed for a reason. Raises Stopped."""
    state = Moving.State.FAILED if code else Moving.State.READY
    tell(row, at=at, state=state, code=code, finished_at=at)


def drop(row: Moving) -> None:
    """Remove the row, and its bytes once that is certain."""
    with transaction.atomic():
        keys = list(row.pieces)
        row.delete()
        transaction.on_commit(lambda: forget_pieces(keys))


def forget_old(*, at: datetime) -> int:
    """Remove copies whose time is over; how many."""
    gone = 0
    for table, kind in ((Export, "exports"), (Import, "imports")):
        for row in table._default_manager.filter(created_at__lt=at - retention.span_of(kind)):
            drop(row)
            gone += 1
    return gone


def pieces_in_use() -> list[list[str]]:
    """The keys of every copy's bytes, a list for each."""
    return [keys for table in (Export, Import) for keys in table._default_manager.values_list("pieces", flat=True)]
