"""What a person answers to a message, and what each answer changes.

`read` ends the repeats of this step only. `booked` lets the ladder rest until the day after the appointment, but
no longer than the level bears, then asks; an emergency it does not answer.
A snooze is one recipient's own: where others are told too, their ladder goes on.
`seen` and `will_not_act` end the episode; `booked` and `seen` are also written into the record as care. A message spoke
for all that was open about the lump and no more urgent, so its answer is theirs too.
"""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID, uuid5

from django.db import transaction
from django.db.models import Q, QuerySet

from tracking.access import access_person
from tracking.errors import InvalidInput, NotFound
from tracking.models import Lump, Membership, Person, User
from tracking.record import merge_row
from tracking.record_kinds import CARE
from tracking.texts import say
from triage.booked import rest_ends
from triage.closing import close_episode
from triage.ladder import LADDER, LEVELS
from triage.marks import mark_lumps
from triage.models import Episode, Notification
from triage.reach import CONTACT, recipients
from triage.reminders import CHECK
from triage.schedule import zone_named

ANSWERS = ("read", "booked", "seen", "will_not_act")
SNOOZED = "snoozed"  # an answer of its own, but it acknowledges nothing
ENDS = {"seen": "care", "will_not_act": "person"}
NEEDS = {  # what is written into the record takes a logger; ending advice that nobody acted on, an owner
    "read": Membership.Role.VIEWER,
    "booked": Membership.Role.LOGGER,
    "seen": Membership.Role.LOGGER,
    "will_not_act": Membership.Role.OWNER,
}
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
    """Take the answer. Saying the same again changes nothing. Raises InvalidInput, and Forbidden for a small role."""
    access_person(row.user, row.person_id, role=NEEDS[answer])
    zone = zone_named(row.user.time_zone)
    today = at.astimezone(zone).date()
    if answer == "booked" and not LADDER[row.level].booked_at_most:
        raise InvalidInput("invalid", say("answer.not_booked"), fields={"answer": [say("answer.not_booked")]})
    if answer == "booked" and (on is None or on < today):
        raise InvalidInput("invalid", say("answer.on_needed"), fields={"on": [say("answer.on_needed")]})
    if answer == "seen" and on is not None and on > today:
        raise InvalidInput("invalid", say("answer.on_ahead"), fields={"on": [say("answer.on_ahead")]})
    with transaction.atomic():
        episodes = _held_episodes(row)
        if answer in ("booked", "seen"):
            document = {"lump": str(row.lump_id), "on": (on or today).isoformat(), "kind": answer}
            # Merged, not put: the app's own entry under this name holds what was heard there.
            merge_row(row.user, CARE, uuid5(row.pk, answer), document, base_rev=0, at=at)
        _settle_step(row, [] if answer == "read" else episodes, answer=answer, at=at)
        if answer in ENDS:
            for episode in episodes:
                close_episode(episode, by=ENDS[answer], at=at)
        elif answer == "booked" and on is not None:
            for episode in episodes:
                episode.booked_on = on
            _wait_until(episodes, rest_ends(on, level=row.level, zone=zone, at=at), at=at)
    row.refresh_from_db()


def snooze(row: Notification, *, until: datetime, at: datetime) -> None:
    """Rest until then, as long as the level allows; the others who are told do not wait for it. Raises InvalidInput."""
    most = LADDER[row.level].snooze_at_most
    if not at < until <= at + most:
        message = (
            say("answer.snooze_hours", hours=int(most.total_seconds() // 3600)) if most else say("answer.no_snooze")
        )
        raise InvalidInput("invalid", message, fields={"until": [message]})
    with transaction.atomic():
        episodes = _held_episodes(row)
        if any(user.pk != row.user_id for user in recipients(row.person_id)):
            _rest(episodes, row.user, until, at=at)
        else:
            _wait_until(episodes, until, at=at)
        Notification.objects.filter(pk=row.pk, answer="").update(answer=SNOOZED)
    row.refresh_from_db()


def _held_episodes(row: Notification) -> list[Episode]:
    """What the message spoke for and is still open, with the person's row taken first and then the lump's, as
    everybody does who writes about them."""
    Person.objects.select_for_update().get(pk=row.person_id)
    Lump.objects.select_for_update(no_key=True).get(pk=row.lump_id)
    still_open = Episode.objects.select_for_update().filter(lump=row.lump_id, closed_at=None)
    if row.episode.finding == CHECK:
        return list(still_open.filter(pk=row.episode_id))
    no_more_urgent = LEVELS[LEVELS.index(row.level) :]
    return list(still_open.filter(level__in=no_more_urgent, opened_at__lte=row.created_at).exclude(finding=CHECK))


def _settle_step(row: Notification, episodes: list[Episode], *, answer: str, at: datetime) -> None:
    """One answer answers the step on all its ways, and what is not answered yet of the other episodes; what has not
    gone out yet need not. Who has read a message has read all that it spoke for."""
    steps = Q(episode=row.episode_id, step=row.step)
    if answer == "read":
        for episode, step in row.carries.filter(acknowledged_at=None).values_list("episode", "step"):
            steps |= Q(episode=episode, step=step)
    rows = Notification.objects.filter(steps | Q(episode__in=episodes, acknowledged_at=None), user=row.user)
    rows.filter(state=State.WAITING).update(state=State.CANCELLED)
    rows.update(acknowledged_at=at, answer=answer)
    answered = Notification.objects.filter(user=row.user, episode__in=rows.values("episode"), channel=CONTACT)
    answered.filter(state=State.WAITING).update(state=State.CANCELLED)  # there was an answer after all


def _rest(episodes: list[Episode], user: User, until: datetime, *, at: datetime) -> None:
    """Nothing more to this account before then; the next step comes by then at the latest, for everybody."""
    for episode in episodes:
        waiting = episode.notifications.filter(state=State.WAITING, user=user)
        waiting.update(state=State.CANCELLED, acknowledged_at=at)
        episode.rests = {**episode.rests, str(user.pk): until.isoformat()}
        episode.next_step_at = min(episode.next_step_at or until, until)
        episode.save(update_fields=["rests", "next_step_at"])
    mark_lumps([episode.lump_id for episode in episodes], at=at)


def _wait_until(episodes: list[Episode], moment: datetime, *, at: datetime) -> None:
    """The next step comes then, also where the ladder had ended."""
    for episode in episodes:
        waiting = episode.notifications.filter(state=State.WAITING)
        waiting.update(state=State.CANCELLED, acknowledged_at=at)  # or the next judgement would tell it after all
        episode.next_step_at = moment
        episode.save(update_fields=["next_step_at", "booked_on"])
    mark_lumps([episode.lump_id for episode in episodes], at=at)
