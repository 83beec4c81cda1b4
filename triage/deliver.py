"""Lease, send outside any transaction, mark. A kill at any place loses nothing and repeats at most one hand-over.

Leases are fenced by `attempts`: only the attempt that holds the lease may mark the row, so a process that was asleep
through its lease cannot overwrite what another one did since. Network work runs in threads that never touch the
database; rows are read before and marked after, in the calling thread.
"""

from __future__ import annotations

import logging
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import Q, QuerySet

from triage import reach
from triage.channels import CHANNELS, Address, Message, Outcome, urgency_of
from triage.crash import crash_point
from triage.faults import place_of
from triage.ladder import LEVELS, URGENT
from triage.marks import mark_lumps
from triage.models import Notification
from triage.schedule import after_quiet, zone_named
from triage.unsubscribe import stop_url

logger = logging.getLogger(__name__)

LEASE = timedelta(seconds=90)  # longer than any hand-over can take
LANES = 8  # messages handed over at the same time
MOST_TRIES_LATER = 40  # of a message whose way is closed for now: about a day and a half; no failure of its own
FIRST_PAUSE = timedelta(seconds=30)  # doubles with each try
LONGEST_PAUSE = timedelta(hours=1)
PROMPT = timedelta(minutes=15)  # so long after its moment a message still counts as on time

State = Notification.State


@dataclass(frozen=True)
class Parcel:
    """A leased row and all that sending it needs."""

    row: Notification
    message: Message
    addresses: list[Address]
    leased_at: float  # seconds of the monotonic clock


def due_notifications(at: datetime) -> QuerySet[Notification]:
    """Rows whose moment has come and that nobody holds: waiting ones, and leases that ran out."""
    return Notification.objects.filter(
        Q(leased_until__isnull=True) | Q(leased_until__lte=at), state__in=[State.WAITING, State.LEASED], due_at__lte=at
    )


def deliver_due(*, at: datetime, seconds: float) -> Counter[str]:
    """Hand over what is due until nothing is left or the time is up. Counts rows by their new state."""
    hold_overnight(at=at)
    counts: Counter[str] = Counter()
    ends = time.monotonic() + seconds
    with ThreadPoolExecutor(LANES, thread_name_prefix="deliver") as lanes:
        while time.monotonic() < ends:
            rows = lease_batch(at=at)
            if not rows:
                break
            crash_point("after_claim")
            parcels = [parcel for row in rows if (parcel := _pack(row, counts=counts))]
            waiting = {lanes.submit(_hand_over, parcel): parcel for parcel in parcels}
            for done in as_completed(waiting):
                state = _mark(waiting[done], done.result(), at=at)
                crash_point("after_mark")
                counts[state] += 1
    return counts


def hold_overnight(*, at: datetime) -> None:
    """What should have gone out by day and could not waits for the morning, unless it is urgent."""
    late = due_notifications(at).filter(due_at__lt=at - PROMPT).exclude(level__in=URGENT).select_related("user")
    for row in late:
        morning = _by_day(row, at)
        if morning > at:
            _move(row, row.state, leased_until=morning)


def _by_day(row: Notification, moment: datetime) -> datetime:
    """`moment`, or the end of the quiet hours it falls in. What is urgent is not held."""
    if row.level in URGENT:
        return moment
    return after_quiet(moment, zone=zone_named(row.user.time_zone), quiet=reach.quiet_hours_of(row.user))


def lease_batch(*, at: datetime, size: int = LANES) -> list[Notification]:
    """Take up to `size` due rows for this process alone. A row that killed its process too often is not taken again."""
    taken = []
    with transaction.atomic():
        rows = due_notifications(at).select_for_update(skip_locked=True, of=("self",)).order_by("due_at", "id")
        for row in sorted(rows[:size], key=lambda row: LEVELS.index(row.level)):
            failures = row.failures + (row.state == State.LEASED)  # who held it has died, or slept too long
            if failures >= Notification.SET_ASIDE_AFTER:
                if _move(row, State.FAILED, failures=failures, last_error="lease_ran_out", leased_until=None):
                    logger.error("notification %s set aside: lease_ran_out", row.pk)
            elif _move(row, State.LEASED, attempts=row.attempts + 1, failures=failures, leased_until=at + LEASE):
                taken.append(row)
    return taken


def _move(row: Notification, state: str, **values: object) -> bool:
    """Update the row if it still is what was seen."""
    seen = Notification.objects.filter(pk=row.pk, state=row.state, attempts=row.attempts)
    if not seen.update(state=state, **values):
        return False
    row.state = state
    for name, value in values.items():
        setattr(row, name, value)
    return True


def _pack(row: Notification, *, counts: Counter[str]) -> Parcel | None:
    """Look once more whether it is still wanted, and collect what sending needs."""
    if row.acknowledged_at or row.episode.closed_at:
        _move(row, State.CANCELLED, leased_until=None)
        counts[State.CANCELLED] += 1
        return None
    message = Message(
        intent=row.pk,
        urgency=urgency_of(row.level),
        language=row.user.language,
        app_name=settings.APP_NAME,
        public_url=settings.PUBLIC_URL,
        stop_url=stop_url(row.user) if row.kind == "check_due" else "",
    )
    return Parcel(row, message, reach.addresses_of(row.user, row.channel), time.monotonic())


def _hand_over(parcel: Parcel) -> list[tuple[Address, Outcome]]:
    """To every address of the channel, as long as the lease is young. Runs in a lane: network only."""
    crash_point("before_send")
    outcomes: list[tuple[Address, Outcome]] = []
    for address in parcel.addresses:
        if time.monotonic() - parcel.leased_at > LEASE.total_seconds() / 2:
            outcomes.append(({}, Outcome("later", "lease_too_old")))
            break
        outcomes.append((address, _send(parcel, address)))
    crash_point("after_send")
    return outcomes


def _send(parcel: Parcel, address: Address) -> Outcome:
    try:
        return CHANNELS[parcel.row.channel](parcel.message, address)
    except Exception as error:  # one bad row must never stop the others, whatever it raises
        logger.error(
            "notification %s failed: %s", parcel.row.pk, place_of(error)
        )  # without its traceback, which may quote content
        return Outcome("refused", type(error).__name__)


def _mark(parcel: Parcel, outcomes: list[tuple[Address, Outcome]], *, at: datetime) -> str:
    """Write down how it ended. Anything handed over counts as sent; else the most hopeful of the outcomes decides."""
    row = parcel.row
    for address, outcome in outcomes:
        reach.settle_address(address, outcome, at=at)
    best = min((outcome for _, outcome in outcomes), key=_hope, default=Outcome("gone", "no_address"))
    state, values = _next_state(row, best, at=at)
    if not _move(row, state, **values):
        logger.warning("notification %s: its lease was lost", row.pk)
        return "lease_lost"
    if state == State.FAILED:
        logger.error("notification %s set aside: %s", row.pk, best.code)
        mark_lumps([row.lump_id], at=at)  # the next judgement looks for another way
    return state


def _hope(outcome: Outcome) -> int:
    return ("sent", "written", "later", "refused", "broken", "gone").index(outcome.state)


def _next_state(row: Notification, best: Outcome, *, at: datetime) -> tuple[str, dict[str, object]]:
    """The new state, with the values that belong to it."""
    if best.state in ("sent", "written"):
        return State(best.state), {
            "leased_until": None,
            "sent_at": at if best.state == "sent" else None,
            "last_error": "",
        }
    values: dict[str, object] = {"last_error": best.code[:80]}
    failures = row.failures + (best.state == "refused")
    is_hopeless = failures >= Notification.SET_ASIDE_AFTER or row.attempts >= MOST_TRIES_LATER
    if best.state in ("gone", "broken") or is_hopeless:
        return State.FAILED, {**values, "failures": failures, "leased_until": None}
    pause = min(FIRST_PAUSE * 2 ** min(row.attempts - 1, 10), LONGEST_PAUSE)
    not_before = _by_day(row, at + max(pause, best.retry_after or timedelta(0)))
    return State.WAITING, {**values, "failures": failures, "leased_until": not_before}
