"""Rows that tests of the judgement stand on, made through the verbs of the record where there is one."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

from allauth.account.models import EmailAddress

from tests.sinks import PushService
from tracking.models import Lump, Observation, User
from tracking.record import put_row
from tracking.record_kinds import LUMP, OBSERVATION, PERSON
from triage.assess import assess_lump
from triage.models import Episode, Notification, PushSubscription

NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)  # a Friday


def an_account(email: str = "ada@example.org", **fields: Any) -> User:  # Any: model fields
    """Somebody with an account and, unlike most in tests, a time zone."""
    return User.objects.create_user(email, None, **{"time_zone": "Europe/London", **fields})


def a_lump(user: User, *, at: datetime = NOON, **fields: Any) -> Lump:  # Any: JSON
    """A lump of the user's own, on the forearm unless said otherwise."""
    person_id, lump_id = uuid4(), uuid4()
    put_row(user, PERSON, person_id, {"birth_date": "1971-04-09", "time_zone": user.time_zone}, at=at)
    put_row(user, LUMP, lump_id, {"person": str(person_id), "site": "forearm", **fields}, at=at)
    return Lump.objects.get(pk=lump_id)


def a_check(
    lump: Lump, *, at: datetime, observed_at: datetime | None = None, **fields: Any
) -> Observation:  # Any: JSON
    """One observation, logged at `at`."""
    user = User.objects.get(memberships__person=lump.person_id)
    observation_id = uuid4()
    document = {"lump": str(lump.pk), "observed_at": (observed_at or at).isoformat(), **fields}
    put_row(user, OBSERVATION, observation_id, document, at=at)
    return Observation.objects.get(pk=observation_id)


def a_growing_lump(user: User, *, at: datetime = NOON) -> Lump:
    """Six weekly checks, 12 to 21 mm, the last one just now."""
    noticed = (at - timedelta(days=38)).date().isoformat()
    lump = a_lump(user, at=at, first_noticed_on=noticed, first_noticed_certainty="exact")
    for week, length_mm in enumerate([12, 13, 15, 17, 19, 21]):
        observed_at = at - timedelta(weeks=5 - week)
        a_check(lump, at=at, observed_at=observed_at, length_mm=length_mm, method="ruler")
    return lump


def an_intent(
    user: User, lump: Lump, *, channel: str = "email", due_at: datetime = NOON, **fields: Any
) -> Notification:  # Any: model fields
    """One row of the outbox, with an open episode of its own."""
    level = fields.pop("level", "this_week")
    episode = Episode.objects.create(lump=lump, finding=str(uuid4()), level=level, opened_at=due_at, step=1)
    values = {"kind": "seek_care", "created_at": due_at, "due_at": due_at, "level": level, "channel": channel, **fields}
    return Notification.objects.create(user=user, person_id=lump.person_id, lump=lump, episode=episode, **values)


def a_browser(user: User, service: PushService, name: str = "phone") -> PushSubscription:
    """A browser of the user's that listens at this push service."""
    subscription = service.subscribe(name)
    return PushSubscription.objects.create(
        user=user, endpoint=subscription["endpoint"], created_at=NOON, **subscription["keys"]
    )


def a_reached_account(email: str, service: PushService) -> User:
    """Somebody whom mails reach and whose phone listens at this push service."""
    user = an_account(email)
    EmailAddress.objects.create(user=user, email=email, verified=True, primary=True)
    a_browser(user, service)
    return user


def judge(lump: Lump, at: datetime) -> bool:
    """Judge it now, whatever its mark says; was it done?"""
    lump.refresh_from_db()
    assert lump.assess_after is not None
    return assess_lump(lump.pk, mark=lump.assess_after, at=at)


def told(lump: Lump, kind: str = "seek_care") -> list[Notification]:
    """What was said about it so far, oldest first."""
    return list(Notification.objects.filter(lump=lump, kind=kind).order_by("created_at", "level"))


def state_of(intent_id: UUID) -> str:
    """The outbox row's state as it is now."""
    return Notification.objects.get(pk=intent_id).state
