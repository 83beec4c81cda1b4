"""What is due at one moment for one recipient by one way is one message: the most urgent speaks, the others ride along.

After a week without a server, with several lumps or people, a phone rings once and not twenty times. Repetitions and
reminders are also counted by the day; news and what is urgent never wait for that.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import datetime, time, timedelta
from uuid import UUID

from django.db.models import Case, IntegerField, Q, QuerySet, Value, When

from triage import reach
from triage.ladder import LEVELS, REPEATS_A_DAY, URGENT
from triage.models import Notification
from triage.schedule import NIGHT, after_quiet, instant_at, zone_named

State = Notification.State
Bundle = list[Notification]  # the speaker first

TURN = Case(  # what is urgent first, then other advice to seek care, reminders last
    When(level__in=URGENT, then=Value(0)),
    When(kind="seek_care", then=Value(1)),
    default=Value(2),
    output_field=IntegerField(),
)


def due_notifications(at: datetime) -> QuerySet[Notification]:
    """Rows whose moment has come and that nobody holds: waiting ones, and leases that ran out."""
    return Notification.objects.filter(
        Q(leased_until__isnull=True) | Q(leased_until__lte=at), state__in=[State.WAITING, State.LEASED], due_at__lte=at
    )


def due_bundles(*, at: datetime, size: int) -> list[Bundle] | None:
    """About the next `size` messages, in their turn, whole; `None` once nothing is due. Inside a transaction: it holds
    the rows, and their recipients. Of two processes one has all of somebody's messages, and the other goes on to the
    next person: were each to take a part, that person would get two."""
    turns = _without_busy(due_notifications(at), at=at).order_by(TURN, "due_at", "id")
    turns = turns.select_related("user").select_for_update(skip_locked=True, of=("user",), no_key=True)[:size]
    ways = [(row.user_id, row.channel) for row in turns]
    if not ways:
        return None
    by_way: dict[tuple[object, ...], Bundle] = {}
    for row in _with_their_speaker(_all_due_to(ways, at=at)):
        by_way.setdefault(_way_of(row), []).append(row)
    bundles = [sorted(bundle, key=_haste) for bundle in by_way.values()]
    return sorted(bundles, key=lambda bundle: _haste(bundle[0]))


def _without_busy(due: QuerySet[Notification], *, at: datetime) -> QuerySet[Notification]:
    """Without those whose message somebody else has in hand: their turn would come again and again, for nothing."""
    in_hand = Notification.objects.filter(state=State.LEASED, leased_until__gt=at, due_at__lte=at)
    return due.exclude(state=State.LEASED, carried_by__in=in_hand.values("pk"))


def _all_due_to(ways: Collection[tuple[UUID, str]], *, at: datetime) -> QuerySet[Notification]:
    """What is due to these people, and what waits for another try: that one need not wait for a message of its own.
    Except by push, whose service may have asked us to stay away that long."""
    same = Notification.objects.filter(user__in={user for user, _ in ways}, due_at__lte=at)
    same = same.filter(Q(state=State.WAITING) | Q(state=State.LEASED, leased_until__lte=at))
    same = same.filter(channel__in={channel for _, channel in ways})
    same = same.exclude(channel="push", leased_until__isnull=False, leased_until__gt=at)
    return same.select_for_update(skip_locked=True, of=("self",)).select_related("user", "episode", "carried_by")


def _with_their_speaker(rows: Iterable[Notification]) -> Bundle:
    """Without those whose speaker somebody holds who is just writing down how it ended: they are written with it."""
    held = {row.pk: row for row in rows}
    return [
        row
        for row in held.values()
        if row.state == State.WAITING
        or row.carried_by is None
        or row.carried_by_id in held
        or row.carried_by.state != State.LEASED
    ]


def _way_of(row: Notification) -> tuple[object, ...]:
    """Rows whose lease ran out may have been handed over together: they stay together, or a repeat of that message
    would bear another name."""
    if row.state == State.LEASED:
        return (row.user_id, row.channel, row.carried_by_id or row.pk)
    return (row.user_id, row.channel)


def _haste(row: Notification) -> tuple[object, ...]:
    """Most urgent first; of a message that was tried before its old speaker, so that a repeat has the same name."""
    was_carried = row.state == State.LEASED and row.carried_by_id is not None
    return (was_carried, LEVELS.index(row.level), row.due_at, str(row.pk))


def held_until(bundle: Bundle, *, at: datetime) -> datetime | None:
    """The next morning, where this would be one repetition too many for today: then all of these are one message."""
    if not all(_is_repetition(row) for row in bundle):
        return None
    user = bundle[0].user
    zone = zone_named(user.time_zone)
    local = at.astimezone(zone)
    midnight = instant_at(local.date(), time(0), zone)
    sent = Notification.objects.filter(user=user, channel=bundle[0].channel, carried_by=None, sent_at__gte=midnight)
    if sent.exclude(level__in=URGENT).count() < REPEATS_A_DAY:
        return None
    morning = instant_at(local.date() + timedelta(days=1), NIGHT.end, zone)
    return after_quiet(morning, zone=zone, quiet=reach.quiet_hours_of(user))


def _is_repetition(row: Notification) -> bool:
    is_news = row.kind != "check_due" and row.step <= 1
    return not (is_news or row.level in URGENT or row.channel == reach.CONTACT or row.attempts)
