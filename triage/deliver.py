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
from django.db.models import F, Q

from triage import reach
from triage.bundles import Bundle, due_bundles, due_notifications, held_until
from triage.channels import CHANNELS, Address, Message, Outcome
from triage.contact_words import contact_message
from triage.crash import crash_point
from triage.faults import place_of
from triage.ladder import URGENT, words_of
from triage.marks import mark_lumps
from triage.models import Notification
from triage.schedule import after_quiet, zone_named
from triage.unsubscribe import is_mail_stopped, stop_url

logger = logging.getLogger(__name__)

LEASE = timedelta(seconds=90)  # longer than any hand-over can take
LANES = 8  # messages handed over at the same time
MOST_TRIES_LATER = 40  # of a message whose way is closed for now: about a day and a half; no failure of its own
FIRST_PAUSE = timedelta(seconds=30)  # doubles with each try
LONGEST_PAUSE = timedelta(hours=1)
PROMPT = timedelta(minutes=15)  # so long after its moment a message still counts as on time

State = Notification.State
HASTE = ("now", "today", "check")  # the words a message speaks with, most haste first


@dataclass(frozen=True)
class Parcel:
    """A leased bundle and all that sending it needs. The first row speaks; the others ride along."""

    rows: Bundle
    message: Message
    addresses: list[Address]
    leased_at: float  # seconds of the monotonic clock

    @property
    def channel(self) -> str:
        return self.rows[0].channel


def deliver_due(*, at: datetime, seconds: float) -> Counter[str]:
    """Hand over what is due until nothing is left or the time is up. Counts rows by their new state."""
    hold_overnight(at=at)
    counts: Counter[str] = Counter()
    ends = time.monotonic() + seconds
    with ThreadPoolExecutor(LANES, thread_name_prefix="deliver") as lanes:
        while time.monotonic() < ends:
            bundles = lease_batch(at=at)
            if bundles is None:
                break
            crash_point("after_claim")
            parcels = [parcel for bundle in bundles if (parcel := _pack(bundle, counts=counts))]
            waiting = {lanes.submit(_hand_over, parcel): parcel for parcel in parcels}
            for done in as_completed(waiting):
                counts.update(_mark(waiting[done], done.result(), at=at))
                crash_point("after_mark")
    return counts


def hold_overnight(*, at: datetime) -> None:
    """What should have gone out by day and could not, or was planned for an hour that is night where the person is by
    now, waits for the morning, unless it is urgent."""
    late = due_notifications(at).filter(Q(due_at__lt=at - PROMPT) | Q(due_at__gt=F("created_at")))
    for row in late.exclude(level__in=URGENT).select_related("user"):
        morning = _by_day(row, at)
        if morning > at:
            _move(row, row.state, due_at=morning)


def _by_day(row: Notification, moment: datetime) -> datetime:
    """`moment`, or the end of the quiet hours it falls in. What is urgent is not held."""
    if row.level in URGENT:
        return moment
    return after_quiet(moment, zone=zone_named(row.user.time_zone), quiet=reach.quiet_hours_of(row.user))


def lease_batch(*, at: datetime, size: int = LANES) -> list[Bundle] | None:
    """Take what about `size` messages say for this process alone; `None` once nothing is due. A row that killed its
    process too often is not taken again; a repetition too many for one day is moved to the next: then the list may be
    empty although others wait."""
    taken = []
    with transaction.atomic():
        due = _apart(due_bundles(at=at, size=size))
        if not due:
            return None
        for bundle in due:
            tomorrow = held_until(bundle, at=at)
            if tomorrow is not None:
                for row in bundle:
                    _move(row, row.state, due_at=tomorrow)
            elif leased := _lease(bundle, at=at):
                taken.append(leased)
    return taken


def _apart(bundles: list[Bundle]) -> list[Bundle]:
    """What somebody died over, or slept too long, is tried alone: should it kill again, it takes no other with it."""
    died = [bundle for bundle in bundles if bundle[0].state == State.LEASED]
    return died[:1] or bundles


def _lease(bundle: Bundle, *, at: datetime) -> Bundle:
    leased: Bundle = []
    for row in bundle:
        failures = row.failures + (row.state == State.LEASED)  # who held it has died, or slept too long
        if failures >= Notification.SET_ASIDE_AFTER:
            if _move(row, State.FAILED, failures=failures, last_error="lease_ran_out", leased_until=None):
                logger.error("notification %s set aside: lease_ran_out", row.pk)
            continue
        speaker = leased[0] if leased else None
        held = {"attempts": row.attempts + 1, "failures": failures, "leased_until": at + LEASE, "carried_by": speaker}
        if _move(row, State.LEASED, **held):
            leased.append(row)
    return leased


def _move(row: Notification, state: str, **values: object) -> bool:
    """Update the row if it still is what was seen."""
    seen = Notification.objects.filter(pk=row.pk, state=row.state, attempts=row.attempts)
    if not seen.update(state=state, **values):
        return False
    row.state = state
    for name, value in values.items():
        setattr(row, name, value)
    return True


def _pack(bundle: Bundle, *, counts: Counter[str]) -> Parcel | None:
    """Look once more whether it is still wanted, and collect what sending needs."""
    rows: Bundle = []
    for row in bundle:
        if row.acknowledged_at or row.episode.closed_at or is_mail_stopped(row.user, row.kind, row.channel):
            _move(row, State.CANCELLED, leased_until=None, carried_by=None)
            counts[State.CANCELLED] += 1
        else:
            rows.append(row)
    if not rows:
        return None
    return Parcel(rows, message_of(rows), reach.addresses_of(rows[0].user, rows[0].channel), time.monotonic())


def message_of(rows: Bundle) -> Message:
    """What all of them say together, in the words of the one with most haste."""
    speaker, user = rows[0], rows[0].user
    words = min((words_of(row.level, row.step) for row in rows), key=HASTE.index)
    if speaker.channel == reach.CONTACT:
        return contact_message(user, intent=speaker.pk)
    stop = stop_url(user) if all(row.kind == "check_due" for row in rows) else ""
    return Message(speaker.pk, words, user.language, settings.APP_NAME, settings.PUBLIC_URL, stop)


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
        return CHANNELS["email" if parcel.channel == reach.CONTACT else parcel.channel](parcel.message, address)
    except Exception as error:  # one bad row must never stop the others, whatever it raises
        logger.error(
            "notification %s failed: %s", parcel.rows[0].pk, place_of(error)
        )  # without its traceback, which may quote content
        return Outcome("refused", type(error).__name__)


def _mark(parcel: Parcel, outcomes: list[tuple[Address, Outcome]], *, at: datetime) -> Counter[str]:
    """Write down how it ended. Anything handed over counts as sent; else the most hopeful of the outcomes decides."""
    for address, outcome in outcomes:
        reach.settle_address(address, outcome, at=at)
    best = min((outcome for _, outcome in outcomes), key=_hope, default=Outcome("gone", "no_address"))
    with transaction.atomic():
        return Counter(_mark_row(row, parcel.rows[0], best, at=at) for row in parcel.rows)


def _mark_row(row: Notification, speaker: Notification, best: Outcome, *, at: datetime) -> str:
    state, values = _next_state(row, best, at=at)
    is_carried = row is not speaker and state in (State.SENT, State.WRITTEN)
    if not _move(row, state, **values, carried_by=speaker if is_carried else None):
        logger.warning("notification %s: its lease was lost", row.pk)
        return "lease_lost"
    if state == State.FAILED:
        logger.error("notification %s set aside: %s", row.pk, best.code)
        _bring_forward(row, at=at)
        mark_lumps([row.lump_id], at=at)  # the next judgement looks for another way
    return state


def _bring_forward(row: Notification, *, at: datetime) -> None:
    """The way that was to follow if this one is not opened follows now."""
    same_step = Notification.objects.filter(episode=row.episode_id, step=row.step, user=row.user, due_at__gt=at)
    same_step.filter(state=State.WAITING).exclude(channel=reach.CONTACT).update(due_at=_by_day(row, at))


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
