"""Lease, send outside any transaction, mark. A kill at any place loses nothing and repeats at most one hand-over.

Leases are fenced by `attempts`: only the attempt that holds the lease may mark the row, so a process that was asleep
through its lease cannot overwrite what another one did since. Network work runs in threads that never touch the
database; rows are read before and marked after, in the calling thread.
"""

from __future__ import annotations

import logging
import time
from collections import Counter
from concurrent.futures import FIRST_COMPLETED, ThreadPoolExecutor, wait
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction

from tracking.access import persons_told_about
from triage import reach
from triage.bundles import Bundle
from triage.channels import CHANNELS, Address, Message, Outcome
from triage.contact_words import contact_message
from triage.crash import crash_point
from triage.faults import place_of
from triage.handed import note_handed, was_handed
from triage.holds import Held
from triage.ladder import words_of
from triage.leases import LANES, LEASE, by_day, give_up, lease_batch, move
from triage.models import Notification
from triage.unsubscribe import is_mail_stopped, stop_url

logger = logging.getLogger(__name__)

FIRST_PAUSE = timedelta(seconds=30)  # doubles with each try
LONGEST_PAUSE = timedelta(hours=1)

State = Notification.State
HASTE = ("now", "today", "check")  # the words a message speaks with, most haste first


@dataclass(frozen=True)
class Parcel:
    """A leased bundle and all that sending it needs. The first row speaks; the others ride along."""

    rows: Bundle
    message: Message
    addresses: list[Address]
    leased_at: float  # seconds of the monotonic clock
    held: Held

    @property
    def channel(self) -> str:
        return self.rows[0].channel

    @property
    def is_mail(self) -> bool:
        """A repeated push replaces the first on the screen; a repeated mail lies beside it."""
        return self.channel in ("email", reach.CONTACT)

    @property
    def is_tried(self) -> bool:
        """Did somebody have this mail in hand before?"""
        return self.is_mail and self.rows[0].attempts > 1


def deliver_due(*, at: datetime, seconds: float) -> Counter[str]:
    """Hand over what is due until nothing is left or the time is up. Counts rows by their new state.

    Time goes on meanwhile: something urgent that falls due during a long pass goes before what was due at its start.
    """
    counts: Counter[str] = Counter()
    began, held = time.monotonic(), Held(at=at)
    with ThreadPoolExecutor(LANES, thread_name_prefix="deliver") as lanes:
        while (passed := time.monotonic() - began) < seconds:
            bundles = lease_batch(at=at + timedelta(seconds=passed))
            if bundles is None:
                break
            crash_point("after_claim")
            held.look()
            parcels = [parcel for bundle in bundles if (parcel := _pack(bundle, held=held, counts=counts))]
            waiting = {lanes.submit(_hand_over, parcel): parcel for parcel in parcels}
            while waiting:
                done, _ = wait(waiting, return_when=FIRST_COMPLETED)
                held.keep()
                counts.update(_mark([(waiting.pop(one), one.result()) for one in done], at=at))
                crash_point("after_mark")
    return counts


def _pack(bundle: Bundle, *, held: Held, counts: Counter[str]) -> Parcel | None:
    """Look once more whether it is still wanted, and collect what sending needs."""
    rows: Bundle = []
    told_about = set(persons_told_about(bundle[0].user))  # who is not told any more gets nothing that still waits
    for row in bundle:
        is_over = row.acknowledged_at or row.episode.closed_at or row.person_id not in told_about
        if is_over or is_mail_stopped(row.user, row.kind, row.channel):
            move(row, State.CANCELLED, leased_until=None, carried_by=None)
            counts[State.CANCELLED] += 1
        else:
            rows.append(row)
    if not rows:
        return None
    if rows[0] is not bundle[0]:
        _let_speak(rows[0], rows[1:])
    return Parcel(rows, message_of(rows), reach.addresses_of(rows[0].user, rows[0].channel), time.monotonic(), held)


def _let_speak(speaker: Notification, riders: Bundle) -> None:
    """In place of one that is not wanted any more. Should we die now, they still are one message."""
    with transaction.atomic():
        move(speaker, State.LEASED, carried_by=None)
        for row in riders:
            move(row, State.LEASED, carried_by=speaker)


def message_of(rows: Bundle) -> Message:
    """What all of them say together, in the words of the one with most haste."""
    speaker, user = rows[0], rows[0].user
    words = min((words_of(row.level, row.step) for row in rows), key=HASTE.index)
    if speaker.channel == reach.CONTACT:
        return contact_message(user, intent=speaker.pk)
    stop = stop_url(user) if all(row.kind == "check_due" for row in rows) else ""
    again = _were_told(rows)
    return Message(speaker.pk, words, user.language, settings.APP_NAME, settings.PUBLIC_URL, stop, is_again=again)


def _were_told(rows: Bundle) -> bool:
    """Has this account been told of each of them before? Only then may the words say so."""
    if any(row.step <= 1 for row in rows):
        return False
    told = Notification.objects.filter(user=rows[0].user_id, episode__in=[row.episode_id for row in rows])
    told = told.filter(state=State.SENT, sent_at__lt=min(row.created_at for row in rows)).exclude(channel=reach.CONTACT)
    return set(told.values_list("episode", flat=True)) == {row.episode_id for row in rows}


def _hand_over(parcel: Parcel) -> list[tuple[Address, Outcome]]:
    """To every address of the channel, as long as the lease is young. Runs in a lane: network only."""
    crash_point("before_send")
    outcomes: list[tuple[Address, Outcome]] = []
    if parcel.is_tried and was_handed(parcel.rows[0].pk):
        return [(address, Outcome("sent")) for address in parcel.addresses]
    for address in parcel.addresses:
        if time.monotonic() - parcel.leased_at > LEASE.total_seconds() / 2:
            outcomes.append(({}, Outcome("later", "lease_too_old")))
            break
        outcomes.append((address, _send(parcel, address)))
        if parcel.is_mail and outcomes[-1][1].state == "sent":
            note_handed(parcel.rows[0].pk)
    crash_point("after_send")
    return outcomes


def _send(parcel: Parcel, address: Address) -> Outcome:
    try:
        send = CHANNELS["email" if parcel.channel == reach.CONTACT else parcel.channel]
        return parcel.held.send(send, parcel.message, address)
    except Exception as error:  # one bad row must never stop the others, whatever it raises
        logger.error(
            "notification %s failed: %s", parcel.rows[0].pk, place_of(error)
        )  # without its traceback, which may quote content
        return Outcome("refused", type(error).__name__)


def _mark(ended: list[tuple[Parcel, list[tuple[Address, Outcome]]]], *, at: datetime) -> Counter[str]:
    """Write down how they ended: what was handed over in the same moment in one transaction, for it costs one commit;
    what failed for good by itself, since others write about its lump as well."""
    counts: Counter[str] = Counter()
    failed: list[tuple[Notification, Outcome]] = []
    with transaction.atomic():
        for parcel, outcomes in ended:
            for address, outcome in outcomes:
                reach.settle_address(address, outcome, at=at)
            best = min((outcome for _, outcome in outcomes), key=_hope, default=Outcome("gone", "no_address"))
            for row in parcel.rows:
                if _next_state(row, best, at=at)[0] == State.FAILED:
                    failed.append((row, best))
                else:
                    counts[_mark_row(row, parcel.rows[0], best, at=at)] += 1
    counts.update(_set_aside(row, best, at=at) for row, best in failed)
    return counts


def _mark_row(row: Notification, speaker: Notification, best: Outcome, *, at: datetime) -> str:
    state, values = _next_state(row, best, at=at)
    is_carried = row is not speaker and state in (State.SENT, State.WRITTEN)
    return _said(row, state, is_moved=move(row, state, **values, carried_by=speaker if is_carried else None))


def _set_aside(row: Notification, best: Outcome, *, at: datetime) -> str:
    is_dead = best.state in ("gone", "broken")  # else the address was sound, and was tried to the end
    state, values = _next_state(row, best, at=at)
    return _said(row, state, is_moved=give_up(row, at=at, is_alarming=not is_dead, **values))


def _said(row: Notification, state: str, *, is_moved: bool) -> str:
    if is_moved:
        return state
    logger.warning("notification %s: its lease was lost", row.pk)
    return "lease_lost"


def _hope(outcome: Outcome) -> tuple[int, timedelta]:
    """The best first. Of two services that both have no time now, the one that has some sooner."""
    states = ("sent", "written", "later", "refused", "broken", "gone")
    return states.index(outcome.state), outcome.retry_after or timedelta(0)


def _next_state(row: Notification, best: Outcome, *, at: datetime) -> tuple[str, dict[str, object]]:
    """The new state, with the values that belong to it."""
    if best.state in ("sent", "written"):
        return State(best.state), {
            "leased_until": None,
            "sent_at": max(at, row.due_at) if best.state == "sent" else None,
            "last_error": "",
        }
    values: dict[str, object] = {"last_error": best.code[:80]}
    failures = row.failures + (best.state == "refused")
    is_hopeless = failures >= Notification.SET_ASIDE_AFTER or row.attempts >= Notification.MOST_TRIES
    if best.state in ("gone", "broken") or is_hopeless:
        return State.FAILED, {**values, "failures": failures, "leased_until": None}
    pause = min(FIRST_PAUSE * 2 ** min(row.attempts - 1, 10), LONGEST_PAUSE)
    not_before = by_day(row, at + max(pause, best.retry_after or timedelta(0)))
    return State.WAITING, {**values, "failures": failures, "leased_until": not_before}
