"""By which ways one step of a ladder is told to one account, and how long after the step each of them comes."""

from __future__ import annotations

from datetime import datetime, timedelta

from tracking.models import User
from triage import reach
from triage.ladder import LADDER, Step, told_as
from triage.models import Episode, Notification
from triage.reminders import CHECK
from triage.unsubscribe import is_mail_stopped


def ways_of(episode: Episode, number: int, user: User, *, with_stopped: bool = False) -> list[tuple[str, timedelta]]:
    """Channel and delay, in their order, without those that the person has stopped.

    A step that takes one way at a time begins with what reaches and ends with email, the floor. The later ones are
    written down at once, so that they come whatever happens in between, and are cancelled by an answer.
    """
    step = told_as(episode.level, number)
    ways = [*_own_ways(episode.level, step, user), *_contact_way(episode, step, user)]
    ways = [(name, delay) for name, delay in ways if not is_mail_stopped(user, kind_of(episode), name)]
    return [(name, delay) for name, delay in ways if with_stopped or not is_stopped(episode, number, name, user)]


def is_stopped(episode: Episode, number: int, channel: str, user: User) -> bool:
    """Has this account taken this way out of this step?"""
    return [number, channel, str(user.pk)] in episode.stopped


def rests_until(episode: Episode, user: User) -> datetime | None:
    """Until when this account asked not to be told, where others are told as well."""
    until = episode.rests.get(str(user.pk))
    return datetime.fromisoformat(until) if until else None


def kind_of(episode: Episode) -> str:
    """What a message about this episode is: a reminder to check, or advice to seek care."""
    return "check_due" if episode.finding == CHECK else "seek_care"


def _own_ways(level: str, step: Step, user: User) -> list[tuple[str, timedelta]]:
    reaching = reach.reaching_channels(user)
    channels = sorted(reach.channels_open_to(user), key=lambda name: (name not in reaching, name == "email"))
    pause = LADDER[level].unopened if step.ways == "next" else timedelta(0)
    return [(channel, place * pause) for place, channel in enumerate(channels)]


def _contact_way(episode: Episode, step: Step, user: User) -> list[tuple[str, timedelta]]:
    """Only where nothing at all was answered: the words say so, and must be true."""
    if not step.tells_contact or _has_answered(episode, user):
        return []
    return [(reach.CONTACT, timedelta(0))] if reach.agreed_contact(user) else []


def _has_answered(episode: Episode, user: User) -> bool:
    """Anything said about this lump since: what rode along with another has no message of its own to answer. "Later" is
    an answer here, too."""
    told = Notification.objects.filter(user=user, lump=episode.lump_id, kind="seek_care")
    return told.filter(created_at__gte=episode.opened_at).exclude(answer="").exists()
