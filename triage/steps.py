"""The steps of an episode, as its owner sees them: what was told, what is planned, when, why, and how to stop it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet

from tracking.access import persons_told_about
from tracking.errors import InvalidInput, NotFound
from tracking.models import Person, User
from tracking.texts import say
from triage import reach
from triage.ladder import LADDER, LEVELS, step_of, told_as
from triage.models import Episode, Notification
from triage.reminders import CHECK
from triage.schedule import after_quiet, zone_named
from triage.ways import is_stopped, rests_until, ways_of

State = Notification.State


@dataclass(frozen=True, slots=True)
class ToldStep:
    """One way of one step. `state` is that of its notification; before there is one: planned or stopped."""

    step: int
    channel: str
    state: str
    why: str
    due_at: datetime
    notification: Notification | None = None

    @property
    def can_stop(self) -> bool:
        return self.state in ("planned", State.WAITING)


def episodes_of(user: User) -> QuerySet[Episode]:
    """Those that this account is told about."""
    return Episode.objects.filter(lump__person__in=persons_told_about(user)).select_related("lump")


def access_episode(user: User, episode_id: UUID) -> Episode:
    """The door to one of them. Raises NotFound."""
    episode = episodes_of(user).filter(pk=episode_id).first()
    if episode is None:
        raise NotFound
    return episode


def steps_of(episode: Episode, user: User) -> list[ToldStep]:
    """What this account was told, then what is planned while nothing is answered, each by its ways."""
    rows = list(episode.notifications.filter(user=user).order_by("step", "due_at", "channel"))
    first_due = {row.step: row.due_at for row in reversed(rows)}
    said = [
        ToldStep(
            row.step,
            row.channel,
            row.state,
            _why(episode, row.step, row.channel, at=row.created_at, is_later=row.due_at > first_due[row.step]),
            row.due_at,
            row,
        )
        for row in rows
    ]
    return said + list(_planned(episode, user))


def speaks_with(episode: Episode) -> Episode | None:
    """The more urgent episode of the same lump that sets the pace: this one is told along with it."""
    if episode.finding == CHECK or episode.next_step_at is None or not episode.step:
        return None
    climbing = episode.lump.episodes.filter(closed_at=None, next_step_at__isnull=False).exclude(finding=CHECK)
    first = min(climbing, key=lambda one: (LEVELS.index(one.level), one.opened_at, str(one.pk)))
    return first if first.pk != episode.pk else None


def asks_if_seen(episode: Episode, *, at: datetime, user: User) -> bool:
    """Is the booked day over, and nobody has said how it went?"""
    today = at.astimezone(zone_named(user.time_zone)).date()
    return episode.closed_at is None and episode.booked_on is not None and episode.booked_on < today


def stop_step(episode: Episode, user: User, *, number: int, channel: str | None) -> None:
    """Take one step out, or one way of it; the episode stays open. Raises InvalidInput where nothing of it is left."""
    with transaction.atomic():
        Person.objects.select_for_update().get(pk=episode.lump.person_id)
        episode.refresh_from_db()
        left = {
            one.channel
            for one in steps_of(episode, user)
            if one.can_stop and one.step == number and channel in (None, one.channel)
        }
        if not left:
            message = say("answer.nothing_to_stop")
            raise InvalidInput("invalid", message, fields={"step": [message]})
        episode.stopped = [*episode.stopped, *([number, name, str(user.pk)] for name in sorted(left))]
        episode.save(update_fields=["stopped"])
        waiting = episode.notifications.filter(user=user, step=number, channel__in=left, state=State.WAITING)
        waiting.update(state=State.CANCELLED)


def _planned(episode: Episode, user: User) -> Iterator[ToldStep]:
    moment = episode.next_step_at
    if episode.closed_at or moment is None or speaks_with(episode):
        return
    zone, quiet = zone_named(user.time_zone), reach.quiet_hours_of(user)
    last = max(episode.step + 1, len(LADDER[episode.level].steps))  # past the end: it was put off, or is booked
    for number in range(episode.step + 1, last + 1):
        if number > episode.step + 1 and (step := step_of(episode.level, number)):
            moment += step.wait
        for channel, delay in ways_of(episode, number, user, with_stopped=True):
            state = "stopped" if is_stopped(episode, number, channel, user) else "planned"
            why = _why(episode, number, channel, at=moment, is_later=bool(delay))
            due = max(moment + delay, rests_until(episode, user) or moment)
            yield ToldStep(number, channel, state, why, after_quiet(due, zone=zone, quiet=quiet))


def _why(episode: Episode, number: int, channel: str, *, at: datetime, is_later: bool) -> str:
    """found, due, overdue, unanswered, unopened, booked or contact."""
    if channel == reach.CONTACT:
        return "contact"
    if is_later and told_as(episode.level, number).ways == "next":
        return "unopened"
    if episode.finding == CHECK:
        return "due" if number == 1 else "overdue"
    if number == 1:
        return "found"
    return "booked" if episode.booked_on and at.date() > episode.booked_on else "unanswered"
