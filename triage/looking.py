"""Is there anything to do at all? One question for all that a pass may find: most passes find nothing.

Written as SQL, since Django takes longer to write four questions than a database to answer them. What counts as due is
said by `due_lumps`, `due_notifications` and `take_up`; a test holds these and this together.
"""

from __future__ import annotations

from datetime import datetime
from typing import NamedTuple

from django.db import connection

from tracking.models import Export, Import, Lump
from triage.marks import CLAIM
from triage.models import Notification

_FREE = "claimed_until IS NULL OR claimed_until <= {at} OR claimed_until > {claim}"
_LUMPS = f"SELECT 1 FROM {Lump._meta.db_table} WHERE assess_after <= {{at}} AND ({_FREE})"  # noqa: S608  our own names
_MESSAGES = f"""
    SELECT 1 FROM {Notification._meta.db_table} WHERE state IN ('waiting', 'leased') AND due_at <= {{at}}
        AND (leased_until IS NULL OR leased_until <= {{at}})
"""  # noqa: S608  as above
_MOVING = """
    SELECT 1 FROM {table} WHERE state = 'waiting' OR (state = 'working' AND leased_until < {{at}})
"""
_MOVES = [_MOVING.format(table=table._meta.db_table) for table in (Export, Import)]
_QUESTION = "SELECT " + ", ".join(f"EXISTS ({one})" for one in (_LUMPS, _MESSAGES, *_MOVES))


class Found(NamedTuple):
    """What waits for a pass."""

    lumps: bool
    messages: bool
    exports: bool
    imports: bool


def look(at: datetime) -> Found:
    """What is due and free at this moment."""
    moments = {"at": connection.ops.adapt_datetimefield_value(at)}
    moments["claim"] = connection.ops.adapt_datetimefield_value(at + CLAIM)
    with connection.cursor() as cursor:
        cursor.execute(_QUESTION.format(at="%(at)s", claim="%(claim)s"), moments)
        return Found(*map(bool, cursor.fetchone()))
