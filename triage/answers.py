"""What a person answers to a message, and what each answer changes.

`read` ends the repeats of this step only. `booked` lets the ladder rest until the day after the appointment, then asks.
`seen` and `will_not_act` end the episode; `booked` and `seen` are also written into the record as care.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta
from uuid import UUID, uuid5

from django.db import transaction
from django.db.models import QuerySet

from tracking.errors import InvalidInput, NotFound
from tracking.models import Person, User
from tracking.record import put_row
from tracking.record_kinds import CARE
from tracking.texts import say
from triage.closing import close_episode
from triage.ladder import SNOOZE_AT_MOST
from triage.marks import mark_lumps
from triage.models import Episode, Notification
from triage.schedule import FOLLOW_UP_TIME, instant_at, zone_named

ANSWERS = ("read", "booked", "seen", "will_not_act")
State = Notification.State


def notifications_of(user: User) -> QuerySet[Notification]:
    """One's own, about persons one still has to do with."""
    return Notification.objects.filter(user=user, person__memberships__user=user).select_related("user", "lump")


def access_notification(user: User, notification_id: UUID) -> Notification:
    """The door to one of them. Raises NotFound."""
    row = notifications_of(user).filter(pk=notification_id).first()
    if row is None:
        raise NotFound
    return row


def acknowledge(row: Notification, *, answer: str, on: date | None, at: datetime) -> None:
    """Take the answer. Saying the same again changes nothing. Raises InvalidInput."""
    zone = zone_named(row.user.time_zone)
    today = at.astimezone(zone).date()
    if answer == "booked" and (on is None or on < today):
        raise InvalidInput("invalid", say("answer.on_needed"), fields={"on": [say("answer.on_needed")]})
    if answer == "seen" and on is not None and on > today:
        raise InvalidInput("invalid", say("answer.on_ahead"), fields={"on": [say("answer.on_ahead")]})
    with transaction.atomic():
        episode = _held_episode(row)
        if answer in ("booked", "seen"):
            document = {"lump": str(row.lump_id), "on": (on or today).isoformat(), "kind": answer}
            put_row(row.user, CARE, uuid5(row.pk, answer), document, at=at)
        _settle_step(row, answer=answer, at=at)
        if episode.closed_at is None and answer == "will_not_act":
            close_episode(episode, by="person", at=at)
        elif episode.closed_at is None and answer == "seen":
            close_episode(episode, by="care", at=at)
        elif episode.closed_at is None and answer == "booked" and on is not None:
            _wait_until(episode, instant_at(on + timedelta(days=1), FOLLOW_UP_TIME, zone), at=at)
    row.refresh_from_db()


def snooze(row: Notification, *, until: datetime, at: datetime) -> None:
    """Let the ladder rest until then, as long as the level allows. Raises InvalidInput."""
    most = SNOOZE_AT_MOST[row.level]
    if not at < until <= at + most:
        message = (
            say("answer.snooze_hours", hours=int(most.total_seconds() // 3600)) if most else say("answer.no_snooze")
        )
        raise InvalidInput("invalid", message, fields={"until": [message]})
    with transaction.atomic():
        episode = _held_episode(row)
        if episode.closed_at is None:
            _wait_until(episode, until, at=at)
    row.refresh_from_db()


def _held_episode(row: Notification) -> Episode:
    """The episode, with its person's row taken first, as everybody does who writes about that person."""
    Person.objects.select_for_update().get(pk=row.person_id)
    return Episode.objects.select_for_update().get(pk=row.episode_id)


def _settle_step(row: Notification, *, answer: str, at: datetime) -> None:
    """One answer answers the step on all its ways; what has not gone out yet need not."""
    step = Notification.objects.filter(user=row.user, episode=row.episode_id, step=row.step)
    step.filter(state=State.WAITING).update(state=State.CANCELLED)
    step.update(acknowledged_at=at, answer=answer)


def _wait_until(episode: Episode, moment: datetime, *, at: datetime) -> None:
    """The next step comes then, also where the ladder had ended."""
    episode.notifications.filter(state=State.WAITING).update(state=State.CANCELLED)
    episode.next_step_at = moment
    episode.save(update_fields=["next_step_at"])
    mark_lumps([episode.lump_id], at=at)
