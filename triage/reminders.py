"""The reminder to check again: one open episode a lump, on the evening of the day that the judgement asks for."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from triage.judged import Judged
from triage.models import Episode
from triage.schedule import REMINDER_TIME, instant_at, zone_named

CHECK = Episode.CHECK  # the finding of a reminder to measure again
SOON = timedelta(hours=12)  # a first reminder does not follow on the heels of the check that it follows


def keep_check(episode: Episode | None, judged: Judged) -> None:
    """One open reminder to measure again, on the day the judgement asks for. Only a check moves it to later."""
    asked_for = judged.document["next_check_on"]
    if asked_for is None:
        if episode:
            judged.close_episode(episode, by="passed")
        return
    day = date.fromisoformat(asked_for)
    if episode is None:
        if not _was_declined(judged):
            _plan_check(_new_check(judged), day, judged)
    elif _was_checked_since(episode.opened_at, judged):
        if episode.step:
            judged.close_episode(episode, by="checked")
            episode = _new_check(judged)
        _plan_check(episode, day, judged)
    elif not episode.step and episode.check_on:
        is_earlier = day < episode.check_on and _evening_of(day, judged) > judged.at
        _set_check(episode, day if is_earlier else episode.check_on, judged)


def _new_check(judged: Judged) -> Episode:
    episode = Episode(lump=judged.lump, finding=CHECK, rule="", level="watch")
    judged.papers.episodes.append(episode)
    return episode


def _plan_check(episode: Episode, day: date, judged: Judged) -> None:
    """On that day, or on the first that does not follow on the heels of the present one."""
    episode.opened_at = judged.at
    while _evening_of(day, judged) < judged.at + SOON:
        day = max(day, judged.at.date() - timedelta(days=1)) + timedelta(days=1)
    _set_check(episode, day, judged)


def _set_check(episode: Episode, day: date, judged: Judged) -> None:
    """Anew each time, since somebody may live in another zone by now."""
    episode.check_on, episode.next_step_at = day, _evening_of(day, judged)
    judged.desk.keep_episode(episode)


def _evening_of(day: date, judged: Judged) -> datetime:
    """The first moment at which it is evening for one of those who are told."""
    zones = {user.time_zone for user in judged.papers.owners} or {"UTC"}
    return min(instant_at(day, REMINDER_TIME, zone_named(zone)) for zone in zones)


def _was_declined(judged: Judged) -> bool:
    """Did the person say no to the last reminder, without having checked since?"""
    declined_at = judged.papers.declined_at
    return declined_at is not None and not _was_checked_since(declined_at, judged)


def _was_checked_since(moment: datetime, judged: Judged) -> bool:
    return any(stamp.created_at > moment for stamp in judged.papers.bare.checks.values())
