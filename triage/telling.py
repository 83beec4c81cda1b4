"""Who is told what is due, by which ways, and when again."""

from __future__ import annotations

from datetime import datetime
from uuid import NAMESPACE_URL, uuid5

from django.db.models import Q

from tracking.models import Lump, User
from triage import reach
from triage.crash import crash_point
from triage.judged import Judged
from triage.ladder import LEVELS, URGENT, wait_before
from triage.models import Episode, Notification
from triage.reminders import CHECK
from triage.schedule import REMINDER_TIME, after_quiet, instant_at, zone_named

State = Notification.State
UNREACHED = (State.WRITTEN, State.FAILED)


def next_step_of(lump: Lump) -> datetime | None:
    """The next moment at which somebody must be told something about this lump."""
    moments = lump.episodes.filter(closed_at=None, next_step_at__isnull=False).values_list("next_step_at", flat=True)
    return min((moment for moment in moments if moment), default=None)


def tell(judged: Judged) -> None:
    """Of all that is due about this lump the most urgent speaks; the others ride along until its next step.

    Five findings from one check are one message, and none of them is forgotten when another is dealt with first.
    """
    episodes = sorted(judged.lump.episodes.filter(closed_at=None), key=lambda episode: LEVELS.index(episode.level))
    for episode in episodes:
        if episode.next_step_at is None and not episode.step:  # whom it rode along with has ended
            episode.next_step_at = judged.at
    due = [episode for episode in episodes if episode.next_step_at and episode.next_step_at <= judged.at]
    advice = [episode for episode in due if episode.finding != CHECK]
    for speaker in [*advice[:1], *(episode for episode in due if episode.finding == CHECK)]:
        _climb(speaker, judged)
    for rider in advice[1:]:
        rider.next_step_at = advice[0].next_step_at
        rider.save(update_fields=["next_step_at"])
    for episode in episodes:
        if episode not in due and episode.step:
            _tell_the_unreached(episode, judged)


def _climb(episode: Episode, judged: Judged) -> None:
    """Write the intents of the next step, and set when the one after it comes."""
    episode.step += 1
    wait = wait_before(episode.step + 1, level=episode.level)
    episode.next_step_at = None if wait is None else judged.at + wait
    episode.save(update_fields=["step", "next_step_at"])
    _write_intents(episode, judged, reach.recipients(judged.lump.person_id))


def _tell_the_unreached(episode: Episode, judged: Judged) -> None:
    """The present step again, by any way that is open by now, to those whom it has reached by none."""
    rows = episode.notifications.filter(step=episode.step)
    told = set(
        rows.filter(~Q(state__in=UNREACHED) | Q(acknowledged_at__isnull=False)).values_list("user_id", flat=True)
    )
    users = [user for user in reach.recipients(judged.lump.person_id) if user.pk not in told]
    _write_intents(episode, judged, users)
    for row in rows.filter(user__in=users, state__in=UNREACHED, acknowledged_at=None).select_related("user"):
        _revive(row, _due_at(episode, row.user, judged))


def _revive(row: Notification, due_at: datetime) -> None:
    """Try an old intent anew, where its way leads somewhere by now and it did not fail by itself."""
    if row.channel not in reach.reaching_channels(row.user) or row.failures >= Notification.SET_ASIDE_AFTER:
        return
    as_seen = Notification.objects.filter(pk=row.pk, state=row.state, attempts=row.attempts)
    as_seen.update(state=State.WAITING, attempts=0, leased_until=None, last_error="", due_at=due_at)


def _write_intents(episode: Episode, judged: Judged, users: list[User]) -> None:
    """One row for each recipient and way. Its id follows from what it is, so writing it twice is writing it once."""
    intents = [
        Notification(
            id=uuid5(NAMESPACE_URL, f"{user.pk}/{episode.pk}/{channel}/{episode.step}"),
            user=user,
            person_id=judged.lump.person_id,
            lump=judged.lump,
            episode=episode,
            kind="check_due" if episode.finding == CHECK else "seek_care",
            level=episode.level,
            step=episode.step,
            channel=channel,
            created_at=judged.at,
            due_at=_due_at(episode, user, judged),
        )
        for user in users
        for channel in reach.channels_open_to(user)
    ]
    crash_point("before_intent")
    Notification.objects.bulk_create(intents, ignore_conflicts=True)
    crash_point("after_intent")


def _due_at(episode: Episode, user: User, judged: Judged) -> datetime:
    """Now, or when this person may be disturbed. What they just caused finds them awake; what is urgent is not held."""
    zone = zone_named(user.time_zone)
    moment = judged.at
    if episode.check_on:
        moment = max(moment, instant_at(episode.check_on, REMINDER_TIME, zone))
    if judged.is_caused_now and episode.step == 1 and episode.finding != CHECK:
        if episode.level in URGENT:
            return moment
        return after_quiet(moment, zone=zone, quiet=reach.quiet_hours_of(user, default=None))
    return after_quiet(moment, zone=zone, quiet=reach.quiet_hours_of(user))
