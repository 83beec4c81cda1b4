"""Who is told what is due, by which ways, and when again."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from uuid import NAMESPACE_URL, uuid5

from tracking.models import User
from triage import reach
from triage.judged import Judged
from triage.ladder import LEVELS, URGENT, step_of
from triage.models import Episode, Notification
from triage.papers import Papers
from triage.reminders import CHECK
from triage.schedule import NIGHT, REMINDER_TIME, after_quiet, instant_at, zone_named
from triage.ways import kind_of, rests_until, ways_of

State = Notification.State
YOUNG = timedelta(hours=12)  # so long after urgent news its first telling waits for no morning, by whatever way it goes
UNREACHED = (State.WRITTEN, State.FAILED, State.CANCELLED)


def next_step_of(papers: Papers) -> datetime | None:
    """The next moment at which somebody must be told something about this lump."""
    return min((one.next_step_at for one in papers.still_open if one.next_step_at), default=None)


def tell(judged: Judged) -> None:
    """Of all that is due about this lump the most urgent speaks; the others ride along.

    Five findings from one check are one ladder, and when the one that spoke is dealt with first, the next goes on.
    """
    episodes = sorted(judged.papers.still_open, key=lambda episode: LEVELS.index(episode.level))
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
            judged.desk.keep_episode(episode)


def _speak(episode: Episode, judged: Judged) -> None:
    _climb(episode, judged)
    _intend(episode, judged, judged.papers.reachable())


def _climb(episode: Episode, judged: Judged) -> None:
    """Take the next step, and set when the one after it comes. What still waits of the steps before is not sent any
    more: after a week without a server there is one message, not one a step."""
    judged.silence(episode)
    episode.step += 1
    episode.step_at = judged.at
    after = step_of(episode.level, episode.step + 1)
    episode.next_step_at = None if after is None else judged.at + after.wait
    judged.desk.keep_episode(episode)


def _tell_the_unreached(episode: Episode, judged: Judged) -> None:
    """The present step again, by any way that is open by now, to those whom it has reached by none."""
    told = {row.user_id for row in _told_since(episode, judged)}
    users = {user.pk: user for user in judged.papers.owners if user.pk not in told}
    if not users:
        return
    judged.papers.reachable()
    _intend(episode, judged, users.values())
    for row in judged.papers.messages:
        is_same = row.episode_id == episode.pk and row.step == episode.step and row.user_id in users
        if is_same and row.state in (State.WRITTEN, State.FAILED):
            _revive(row, users[row.user_id], _due_at(episode, users[row.user_id], judged), judged)


def _told_since(episode: Episode, judged: Judged) -> list[Notification]:
    """What was said about this lump since the present step, no less urgently; what rode along was said by another."""
    as_urgent = LEVELS[: LEVELS.index(episode.level) + 1]
    since = episode.step_at or episode.opened_at
    return [
        row
        for row in judged.papers.messages
        if row.kind == kind_of(episode)
        and row.level in as_urgent
        and row.channel != reach.CONTACT  # somebody else was told
        and row.created_at >= since
        and (row.state not in UNREACHED or row.acknowledged_at is not None)
    ]


def _revive(row: Notification, user: User, due_at: datetime, judged: Judged) -> None:
    """Try an old intent anew, where its way leads somewhere by now and it did not fail by itself."""
    if reach.does_reach(user, row.channel) and row.failures < Notification.SET_ASIDE_AFTER:
        judged.desk.revive(row, due_at=due_at)


def _intend(episode: Episode, judged: Judged, users: Iterable[User]) -> None:
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
    judged.papers.messages.extend(intents)
    judged.desk.intend(intents)


def _due_at(episode: Episode, user: User, judged: Judged, *, delay: timedelta = timedelta(0)) -> datetime:
    """Now, or when this person may be disturbed. What they just caused finds them awake; what is urgent is not held."""
    zone = zone_named(user.time_zone)
    moment = judged.at
    if episode.check_on:
        moment = max(moment, instant_at(episode.check_on, REMINDER_TIME, zone))
    moment = max(moment, rests_until(episode, user) or moment)
    if delay:
        return after_quiet(moment + delay, zone=zone, quiet=reach.quiet_hours_of(user))
    is_first = episode.step == 1 and episode.finding != CHECK
    if is_first and episode.level in URGENT and (judged.is_caused_now or judged.at < episode.opened_at + YOUNG):
        return moment
    if is_first and judged.is_caused_now and len(judged.papers.owners) == 1:  # of several, who knows which is awake?
        return after_quiet(moment, zone=zone, quiet=reach.quiet_hours_of(user, default=None))
    night = None if episode.level == "emergency" else NIGHT  # what means now is said again at night, too
    return after_quiet(moment, zone=zone, quiet=reach.quiet_hours_of(user, default=night))
