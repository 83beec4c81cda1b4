"""Taking what is due for one process alone. A lease is fenced by `attempts`: only who holds it may move the row on.

What should have gone out by day and could not, or one repetition too many for one day, is put off here, when its turn
comes and not before: nobody's night costs those who wait behind it anything.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable
from datetime import datetime, timedelta
from itertools import takewhile
from uuid import UUID

from django.db import transaction
from django.db.models import F

from triage import reach
from triage.ages import note_set_aside
from triage.bundles import Bundle, due_bundles, held_until
from triage.ladder import URGENT
from triage.marks import mark_lumps
from triage.models import Notification
from triage.schedule import after_quiet, zone_named

logger = logging.getLogger(__name__)

LEASE = timedelta(seconds=90)  # longer than any hand-over can take
LANES = 16  # messages handed over at the same time
PROMPT = timedelta(minutes=15)  # so long after its moment a message still counts as on time

State = Notification.State


def lease_batch(*, at: datetime, size: int = LANES) -> list[Bundle] | None:
    """Take what about `size` messages say for this process alone; `None` once nothing is due. A row that killed its
    process too often is not taken again; where all of them are put off the list is empty although others wait."""
    hopeless: Bundle = []
    with transaction.atomic():
        due = due_bundles(at=at, size=size)
        if due is None:
            return None
        wanted = [bundle for one in _apart(due) if (bundle := _not_put_off(one, at=at))]
        taken = _take_fresh([bundle[0] for bundle in wanted if bundle[0].state == State.WAITING], at=at)
        batch = [leased for bundle in wanted if (leased := _lease(bundle, taken, hopeless, at=at))]
    for row in hopeless:
        give_up(row, at=at, is_alarming=True, failures=row.failures + 1, last_error="lease_ran_out")
    return batch


def by_day(row: Notification, moment: datetime) -> datetime:
    """`moment`, or the end of the quiet hours it falls in. What is urgent is not held."""
    if row.level in URGENT:
        return moment
    return after_quiet(moment, zone=zone_named(row.user.time_zone), quiet=reach.quiet_hours_of(row.user))


def move(row: Notification, state: str, **values: object) -> bool:
    """Update the row if it still is what was seen."""
    seen = Notification.objects.filter(pk=row.pk, state=row.state, attempts=row.attempts)
    if not seen.update(state=state, **values):
        return False
    row.state = state
    for name, value in values.items():
        setattr(row, name, value)
    return True


def give_up(row: Notification, *, at: datetime, is_alarming: bool, **values: object) -> bool:
    """Set it aside for good, whyever. The way that was to follow if this one is not opened follows now, and the next
    judgement looks for another. `is_alarming`: nobody but the hoster can mend that.

    By itself, outside any transaction, and the lump first, as everybody does who writes about it: whoever held its
    messages and then waited for the lump would stand in each other's way."""
    with transaction.atomic():
        mark_lumps([row.lump_id], at=at)
        if not move(row, State.FAILED, **{**values, "leased_until": None, "carried_by": None}):
            return False
        same_step = Notification.objects.filter(episode=row.episode_id, step=row.step, user=row.user, due_at__gt=at)
        same_step.filter(state=State.WAITING).exclude(channel=reach.CONTACT).update(due_at=by_day(row, at))
        if is_alarming:
            note_set_aside(at)
    logger.error("notification %s set aside: %s", row.pk, row.last_error)
    return True


def _apart(bundles: list[Bundle]) -> list[Bundle]:
    """What somebody died over, or slept too long, is tried alone, in its turn: should it kill again, it takes no other
    with it."""
    before_it = list(takewhile(lambda bundle: bundle[0].state != State.LEASED, bundles))
    return before_it or bundles[:1]


def _not_put_off(bundle: Bundle, *, at: datetime) -> Bundle:
    """Those of a message that may go out now. The others wait for the morning, or for the next day's count. What may
    have been handed over as one message stays one."""
    awake = []
    for row in bundle:
        judged = bundle[0] if row.state == State.LEASED else row
        morning = by_day(judged, at) if _is_late_or_planned(judged, at) else at
        if morning > at:
            move(row, row.state, due_at=morning)
        else:
            awake.append(row)
    tomorrow = held_until(awake, at=at) if awake else None
    if tomorrow is None:
        return awake
    for row in awake:
        move(row, row.state, due_at=tomorrow)
    return []


def _is_late_or_planned(row: Notification, at: datetime) -> bool:
    """It should have gone out before, or was planned for an hour that may be night where the person is by now."""
    return row.due_at < at - PROMPT or row.due_at > row.created_at


def _take_fresh(speakers: Iterable[Notification], *, at: datetime) -> set[UUID]:
    """All at once, as most are: rows that this transaction holds, so nobody can have moved them since."""
    rows = {row.pk: row for row in speakers}
    waiting = Notification.objects.filter(pk__in=rows, state=State.WAITING)
    values = {"state": State.LEASED, "leased_until": at + LEASE, "carried_by": None}
    if waiting.update(attempts=F("attempts") + 1, **values) != len(rows):
        raise RuntimeError("a row moved although it was held")
    for row in rows.values():
        row.attempts += 1
        row.state, row.leased_until, row.carried_by = State.LEASED, at + LEASE, None
    return set(rows)


def _lease(bundle: Bundle, taken: set[UUID], hopeless: Bundle, *, at: datetime) -> Bundle:
    """The message with its lease. `taken`: speakers that have theirs already. What is not to be tried again is put
    to the `hopeless`."""
    leased: Bundle = []
    for row in bundle:
        if row.pk in taken:
            leased.append(row)
            continue
        failures = row.failures + (row.state == State.LEASED)  # who held it has died, or slept too long
        if failures >= Notification.SET_ASIDE_AFTER:
            hopeless.append(row)
            continue
        speaker = leased[0] if leased else None
        held = {"attempts": row.attempts + 1, "failures": failures, "leased_until": at + LEASE, "carried_by": speaker}
        if move(row, State.LEASED, **held):
            leased.append(row)
    return leased
