"""Episodes: what was found and is not dealt with. They decide who is told, and when again.

Everything here runs inside the transaction of `assess.assess_lump`, which holds the lump's row.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cache
from typing import Any
from uuid import NAMESPACE_URL, uuid5

from django.db.models import Max, Q

from tracking.history import History
from tracking.models import Lump, User
from triage import reach
from triage.crash import crash_point
from triage.ladder import GROWTH_STAYS, LEVELS, STEPS, URGENT, is_stronger, wait_before
from triage.models import Assessment, Episode, Notification
from triage.rulebook import load_rulebook
from triage.schedule import REMINDER_TIME, after_quiet, instant_at, zone_named

CHECK = "check"  # the finding of a reminder to measure again
CARE_THAT_ENDS = ("seen", "diagnosis", "discharged", "treated", "removed")
UNREACHED = (Notification.State.WRITTEN, Notification.State.FAILED, Notification.State.CANCELLED)
SOON = timedelta(hours=12)  # a first reminder does not follow on the heels of the check that it follows

Document = Mapping[str, Any]  # Any: the contract's assessment as JSON


@dataclass(frozen=True)
class Judged:
    """One lump as it was just judged."""

    lump: Lump
    history: History
    document: Document
    before: Mapping[str, str]  # finding → level, as they stood before
    at: datetime
    is_caused_now: bool  # by something that was just logged, not by the passing of time

    @property
    def firing(self) -> dict[str, str]:
        return levels_of(self.document)


def levels_of(document: Document) -> dict[str, str]:
    """What asks for something → how urgently."""
    levels: dict[str, str] = {}
    for row in document["findings"]:
        name, level = episode_name(row["rule"]), row["level"]
        if level != "watch" and (name not in levels or is_stronger(level, levels[name])):
            levels[name] = level
    return levels


def episode_name(rule_id: str) -> str:
    """A rule, or the family of rules that differ by age or sex only: a birthday opens no new episode."""
    return _families().get(rule_id, rule_id)


@cache
def _families() -> dict[str, str]:
    return {rule.id: rule.family for rule in load_rulebook().rules if rule.family}


def keep_episodes(judged: Judged) -> None:
    """Close what is dealt with, open what is new or stronger, keep the reminder to check, and tell what is due."""
    still_open = {episode.finding: episode for episode in judged.lump.episodes.filter(closed_at=None)}
    check = still_open.pop(CHECK, None)
    for episode in still_open.values():
        reason = _reason_to_close(episode, judged)
        if reason:
            close_episode(episode, by=reason, at=judged.at)
    for finding, level in judged.firing.items():
        _open_if_new(finding, level, still_open.get(finding), judged)
    _keep_check(check, judged)
    _tell(judged)


def close_episode(episode: Episode, *, by: str, at: datetime) -> None:
    """End it, and cancel what was not sent yet."""
    episode.closed_at, episode.closed_by, episode.next_step_at = at, by, None
    episode.save(update_fields=["closed_at", "closed_by", "next_step_at"])
    episode.notifications.filter(state=Notification.State.WAITING).update(state=Notification.State.CANCELLED)


def next_step_of(lump: Lump) -> datetime | None:
    """The next moment at which somebody must be told something about this lump."""
    moments = lump.episodes.filter(closed_at=None, next_step_at__isnull=False).values_list("next_step_at", flat=True)
    return min((moment for moment in moments if moment), default=None)


def _open_if_new(finding: str, level: str, current: Episode | None, judged: Judged) -> None:
    """New is what did not stand before. What a person or care has ended stays ended while nothing about it changes."""
    if current and current.closed_at is None:
        if not is_stronger(level, current.level):
            return
        close_episode(current, by="stronger", at=judged.at)
    elif finding in judged.before and not is_stronger(level, judged.before[finding]):
        return
    rows = [row for row in judged.document["findings"] if episode_name(row["rule"]) == finding]
    facts = [reason["fact"] for row in rows for reason in row["because"]]
    Episode.objects.create(
        lump=judged.lump,
        finding=finding,
        level=level,
        about_growth=any(fact.startswith("growth.") for fact in facts),
        opened_at=judged.at,
        next_step_at=judged.at + STEPS[level][0],
    )


def _reason_to_close(episode: Episode, judged: Judged) -> str:
    """`""` while it stands. Silence closes nothing of `this_week` or above; neither does an answer that ran out."""
    finding = episode.finding
    if _was_cared_for(episode, judged):
        return "care"
    if finding in judged.firing:
        return ""
    if judged.history.lump.closed_on is not None:
        return "lump_closed"
    if episode.about_growth:
        return "contradicted" if _was_stable_long(judged) else ""
    if episode.level == LEVELS[-2]:  # routine
        return "passed"
    unanswered = {
        name for row in judged.document["unknown"] if episode_name(row["rule"]) == finding for name in row["missing"]
    }
    return "" if unanswered & _rested_on(episode) else "contradicted"


def _rested_on(episode: Episode) -> set[str]:
    """The facts that made it fire when it last did. Unknown now because other things were never asked is no reason
    to keep it; unknown because one of these ran out is."""
    for document in episode.lump.assessments.order_by("-at", "-pk").values_list("document", flat=True).iterator():
        facts = {
            reason["fact"].rpartition(".")[2]
            for row in document["findings"]
            if episode_name(row["rule"]) == episode.finding
            for reason in row["because"]
        }
        if facts:
            return facts
    return set()


def _was_cared_for(episode: Episode, judged: Judged) -> bool:
    zone = zone_named(judged.history.person.time_zone)
    opened_on = episode.opened_at.astimezone(zone).date()
    today = judged.at.astimezone(zone).date()
    return any(
        event.kind in CARE_THAT_ENDS and event.confirmed and opened_on <= event.on <= today
        for event in judged.history.care
    )


def _was_stable_long(judged: Judged) -> bool:
    """Eight weeks in which every answer said stable or shrinking."""
    calm = ("stable", "shrinking")
    if judged.document["growth"]["state"] not in calm:
        return False
    last = (
        Assessment.objects.filter(lump=judged.lump)
        .exclude(document__growth__state__in=calm)
        .aggregate(at=Max("confirmed_at"))
    )
    return last["at"] is not None and judged.at - last["at"] >= GROWTH_STAYS


def _keep_check(episode: Episode | None, judged: Judged) -> None:
    """One open reminder to measure again, on the day the judgement asks for. Only a check moves it to later."""
    asked_for = judged.document["next_check_on"]
    if asked_for is None:
        if episode:
            close_episode(episode, by="passed", at=judged.at)
        return
    day = date.fromisoformat(asked_for)
    if episode is None:
        if not _was_declined(judged):
            _plan_check(Episode(lump=judged.lump, finding=CHECK, level="watch"), day, judged)
    elif _was_checked_since(episode.opened_at, judged):
        if episode.step:
            close_episode(episode, by="checked", at=judged.at)
            episode = Episode(lump=judged.lump, finding=CHECK, level="watch")
        _plan_check(episode, day, judged)
    elif not episode.step and episode.check_on:
        is_earlier = day < episode.check_on and _evening_of(day, judged) > judged.at
        _set_check(episode, day if is_earlier else episode.check_on, judged)


def _plan_check(episode: Episode, day: date, judged: Judged) -> None:
    """On that day, or on the first that does not follow on the heels of the present one."""
    episode.opened_at = judged.at
    while _evening_of(day, judged) < judged.at + SOON:
        day = max(day, judged.at.date() - timedelta(days=1)) + timedelta(days=1)
    _set_check(episode, day, judged)


def _set_check(episode: Episode, day: date, judged: Judged) -> None:
    """Anew each time, since somebody may live in another zone by now."""
    episode.check_on, episode.next_step_at = day, _evening_of(day, judged)
    episode.save()


def _evening_of(day: date, judged: Judged) -> datetime:
    """The first moment at which it is evening for one of those who are told."""
    zones = {user.time_zone for user in reach.recipients(judged.lump.person_id)} or {"UTC"}
    return min(instant_at(day, REMINDER_TIME, zone_named(zone)) for zone in zones)


def _was_declined(judged: Judged) -> bool:
    """Did the person say no to the last reminder, without having checked since?"""
    last = judged.lump.episodes.filter(finding=CHECK, closed_by="person").order_by("-closed_at").first()
    return bool(last and last.closed_at and not _was_checked_since(last.closed_at, judged))


def _was_checked_since(moment: datetime, judged: Judged) -> bool:
    return judged.lump.observations.filter(created_at__gt=moment).exists()


def _tell(judged: Judged) -> None:
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
