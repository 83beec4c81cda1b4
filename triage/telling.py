"""Who is told what is due, by which ways, and when again."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import NAMESPACE_URL, uuid5

from django.db.models import Q, QuerySet

from tracking.models import Lump, User
from triage import reach
from triage.crash import crash_point
from triage.judged import Judged
from triage.ladder import LEVELS, URGENT, step_of
from triage.models import Episode, Notification
from triage.reminders import CHECK
from triage.schedule import NIGHT, REMINDER_TIME, after_quiet, instant_at, zone_named
from triage.ways import kind_of, ways_of

State = Notification.State
YOUNG = timedelta(hours=12)  # so long after urgent news its first telling waits for no morning, by whatever way it goes
UNREACHED = (State.WRITTEN, State.FAILED, State.CANCELLED)


def next_step_of(lump: Lump) -> datetime | None:
    """The next moment at which somebody must be told something about this lump."""
    moments = lump.episodes.filter(closed_at=None, next_step_at__isnull=False).values_list("next_step_at", flat=True)
    return min((moment for moment in moments if moment), default=None)


def tell(judged: Judged) -> None:
    """Of all that is due about this lump the most urgent speaks; the others ride along.

    Five findings from one check are one ladder, and when the one that spoke is dealt with first, the next goes on.
    """
    still_open = judged.lump.episodes.filter(closed_at=None).order_by("opened_at", "id")
    episodes = sorted(still_open, key=lambda episode: LEVELS.index(episode.level))
    due = [episode for episode in episodes if episode.next_step_at and episode.next_step_at <= judged.at]
    _take_steps([episode for episode in episodes if episode.finding != CHECK and episode.next_step_at], judged)
    for check in (episode for episode in due if episode.finding == CHECK):
        _speak(check, judged)
    spoken_for: dict[str, datetime] = {}  # kind → the latest step of those that are more urgent
    for episode in episodes:
        kind, step_at = kind_of(episode), episode.step_at or episode.opened_at
        if episode not in due and episode.step and not (kind in spoken_for and step_at <= spoken_for[kind]):
            _tell_the_unreached(episode, judged)
        spoken_for[kind] = max(step_at, spoken_for.get(kind, step_at))


def _take_steps(climbing: list[Episode], judged: Judged) -> None:
    """Advice whose ladder goes on, most urgent first: the first of them sets the pace.

    While it does, what is less urgent and was told before keeps its steps: it rides along where its own wait is over,
    and else waits for the next message. What was never told does not wait.
    """
    speaker: Episode | None = None
    for episode in climbing:
        if episode.next_step_at is None or episode.next_step_at > judged.at:
            continue
        if speaker:
            _climb(episode, judged)
        elif episode is climbing[0] or not episode.step:
            speaker = episode
            _speak(episode, judged)
        else:
            episode.next_step_at = climbing[0].next_step_at
            episode.save(update_fields=["next_step_at"])


def _speak(episode: Episode, judged: Judged) -> None:
    _climb(episode, judged)
    _write_intents(episode, judged, reach.recipients(judged.lump.person_id))


def _climb(episode: Episode, judged: Judged) -> None:
    """Take the next step, and set when the one after it comes. What still waits of the steps before is not sent any
    more: after a week without a server there is one message, not one a step."""
    episode.notifications.filter(state=State.WAITING).update(state=State.CANCELLED)
    episode.step += 1
    episode.step_at = judged.at
    after = step_of(episode.level, episode.step + 1)
    episode.next_step_at = None if after is None else judged.at + after.wait
    episode.save(update_fields=["step", "step_at", "next_step_at"])


def _tell_the_unreached(episode: Episode, judged: Judged) -> None:
    """The present step again, by any way that is open by now, to those whom it has reached by none."""
    told = set(_told_since(episode).values_list("user_id", flat=True))
    users = [user for user in reach.recipients(judged.lump.person_id) if user.pk not in told]
    _write_intents(episode, judged, users)
    rows = episode.notifications.filter(step=episode.step, user__in=users, state__in=(State.WRITTEN, State.FAILED))
    for row in rows.select_related("user"):
        _revive(row, _due_at(episode, row.user, judged))


def _told_since(episode: Episode) -> QuerySet[Notification]:
    """What was said about this lump since the present step, no less urgently; what rode along was said by another."""
    as_urgent = LEVELS[: LEVELS.index(episode.level) + 1]
    rows = Notification.objects.filter(lump=episode.lump_id, kind=kind_of(episode), level__in=as_urgent)
    since = episode.step_at or episode.opened_at
    rows = rows.exclude(channel=reach.CONTACT)  # somebody else was told
    return rows.filter(~Q(state__in=UNREACHED) | Q(acknowledged_at__isnull=False), created_at__gte=since)


def _revive(row: Notification, due_at: datetime) -> None:
    """Try an old intent anew, where its way leads somewhere by now and it did not fail by itself."""
    if not reach.does_reach(row.user, row.channel) or row.failures >= Notification.SET_ASIDE_AFTER:
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
            kind=kind_of(episode),
            level=episode.level,
            step=episode.step,
            channel=channel,
            created_at=judged.at,
            due_at=_due_at(episode, user, judged, delay=delay),
        )
        for user in users
        for channel, delay in ways_of(episode, episode.step, user)
    ]
    crash_point("before_intent")
    Notification.objects.bulk_create(intents, ignore_conflicts=True)
    crash_point("after_intent")


def _due_at(episode: Episode, user: User, judged: Judged, *, delay: timedelta = timedelta(0)) -> datetime:
    """Now, or when this person may be disturbed. What they just caused finds them awake; what is urgent is not held."""
    zone = zone_named(user.time_zone)
    moment = judged.at
    if episode.check_on:
        moment = max(moment, instant_at(episode.check_on, REMINDER_TIME, zone))
    if delay:
        return after_quiet(moment + delay, zone=zone, quiet=reach.quiet_hours_of(user))
    is_first = episode.step == 1 and episode.finding != CHECK
    if is_first and episode.level in URGENT and (judged.is_caused_now or judged.at < episode.opened_at + YOUNG):
        return moment
    if is_first and judged.is_caused_now:
        return after_quiet(moment, zone=zone, quiet=reach.quiet_hours_of(user, default=None))
    night = None if episode.level == "emergency" else NIGHT  # what means now is said again at night, too
    return after_quiet(moment, zone=zone, quiet=reach.quiet_hours_of(user, default=night))
