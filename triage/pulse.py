"""Signs of life of the sweep: written twice a pass, at what a pass that finds nothing may cost.

They tell that this machine runs, so that they wait for no disk: a power cut may take the last of them along, and then
an older one stands, which says that a pass is due. Everything else that is stored still waits for the disk.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime

from django.db import connection

from triage.models import Heartbeat

_TABLE = Heartbeat._meta.db_table
_SET = f"""
    ON CONFLICT (name) DO UPDATE SET at = CASE
        WHEN excluded.name = '{Heartbeat.SWEEP}' AND {_TABLE}.at > excluded.at THEN {_TABLE}.at ELSE excluded.at END
"""
_HASTY = "WITH hasty(is_set) AS (SELECT set_config('synchronous_commit', 'off', true)) "


def beat_heart(at: datetime) -> None:
    """A pass has ended. The time never goes back."""
    _write(at, Heartbeat.SWEEP)


def note_begun(at: datetime) -> None:
    """A pass begins: for an interval and a bit it needs no other. One that dies is followed then; one that takes longer
    may find a second beside it, which takes other rows."""
    _write(at, Heartbeat.SWEEP_BEGUN)


def note_nothing_due(at: datetime) -> None:
    """A pass has begun and ended, and there was nothing to do: one statement for both."""
    _write(at, Heartbeat.SWEEP_BEGUN, Heartbeat.SWEEP)


def _write(at: datetime, *names: str) -> None:
    moment = connection.ops.adapt_datetimefield_value(at)
    values = [value for name in names for value in (name, moment)]
    is_alone = not connection.in_atomic_block
    with _without_the_disk(is_alone=is_alone), connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            rows = ", ".join(["(%s, %s::timestamptz)"] * len(names))
            hasty, source = (_HASTY, ", hasty") if is_alone else ("", "")
            given = f"SELECT name, at FROM (VALUES {rows}) AS given(name, at){source} WHERE true"  # noqa: S608  as above
            cursor.execute(f"{hasty}INSERT INTO {_TABLE} (name, at) {given} {_SET}", values)
        else:
            rows = ", ".join(["(%s, %s)"] * len(names))
            cursor.execute(f"INSERT INTO {_TABLE} (name, at) VALUES {rows} {_SET}", values)  # noqa: S608  as above


@contextmanager
def _without_the_disk(*, is_alone: bool) -> Iterator[None]:
    """SQLite: for this one commit. The next one of anything else takes it to the disk along with its own."""
    if connection.vendor == "postgresql" or not is_alone:
        yield
        return
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA synchronous")
        (before,) = cursor.fetchone()
        cursor.execute("PRAGMA synchronous=NORMAL")
        try:
            yield
        finally:
            cursor.execute(f"PRAGMA synchronous={int(before)}")
