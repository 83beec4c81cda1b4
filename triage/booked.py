"""An appointment that was written into the record lets the ladder rest, just as the answer "booked" to a message does.

Both end in the same row of care, so the record decides: an appointment moved to another day moves the rest, and one
that is taken out of the record lets the ladder go on. What was booked before a finding was new says nothing about it.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from triage.judged import Judged
from triage.ladder import LADDER, step_of
from triage.models import Episode, Notification
from triage.reminders import CHECK
from triage.schedule import FOLLOW_UP_TIME, instant_at, zone_named

BOOKED = "booked"  # as care, and as an answer


def rest_ends(day: date, *, level: str, zone: ZoneInfo, at: datetime) -> datetime:
    """When it is asked how it went: the day after, but no later than the level bears."""
    return min(instant_at(day + timedelta(days=1), FOLLOW_UP_TIME, zone), at + LADDER[level].booked_at_most)


def rest_for_booked(judged: Judged) -> None:
    """Have what is open rest for an appointment to come. An emergency rests for none."""
    zone = zone_named(judged.history.person.time_zone)
    today = judged.at.astimezone(zone).date()
    for episode in judged.papers.still_open:
        if episode.finding == CHECK or not LADDER[episode.level].booked_at_most:
            continue
        day = _next_booked(episode, judged, today=today)
        if day is not None and day != episode.booked_on:
            _rest(episode, day, judged, zone=zone)
        elif day is None and episode.booked_on is not None and episode.booked_on >= today:
            _go_on(episode, judged)


def _next_booked(episode: Episode, judged: Judged, *, today: date) -> date | None:
    """The first appointment to come that was written down since it opened."""
    written = judged.papers.bare.care
    days = [
        care.on
        for care in judged.history.care
        if care.kind == BOOKED and care.confirmed and care.on >= today
        if written[care.id].created_at > episode.opened_at
    ]
    return min(days, default=None)


def _rest(episode: Episode, day: date, judged: Judged, *, zone: ZoneInfo) -> None:
    episode.booked_on = day
    episode.next_step_at = rest_ends(day, level=episode.level, zone=zone, at=judged.at)
    judged.desk.keep_episode(episode)
    judged.silence(episode)
    answered = {"acknowledged_at": judged.at, "answer": BOOKED}
    Notification.objects.filter(episode=episode.pk, acknowledged_at=None).update(**answered)
    for row in judged.papers.messages:
        if row.episode_id == episode.pk and row.acknowledged_at is None:
            row.acknowledged_at, row.answer = judged.at, BOOKED


def _go_on(episode: Episode, judged: Judged) -> None:
    """As if it had never been booked: the next step at its usual time, if that is not over yet."""
    episode.booked_on = None
    after = step_of(episode.level, episode.step + 1)
    due = None if after is None else (episode.step_at or episode.opened_at) + after.wait
    episode.next_step_at = None if due is None else max(due, judged.at)
    judged.desk.keep_episode(episode)
