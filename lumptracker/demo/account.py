"""Writes the story down through the same verbs as everybody, each moment judged when it happened."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from statistics import median
from uuid import UUID, uuid4

from allauth.account.models import EmailAddress

from lumptracker.clinic.words import zone_of
from lumptracker.demo.nine import NINE, OF_ADA
from lumptracker.demo.pictures import PX_PER_MM, draw_photo
from lumptracker.demo.story import PERSON, STORIES, Care, Check, Fields, Story
from tracking.models import User
from tracking.record import change_row, put_row
from tracking.record_kinds import CARE, LUMP, OBSERVATION, PHOTO
from tracking.record_kinds import PERSON as PERSON_KIND
from tracking.record_photos import SentPhoto, store_photo
from tracking.sharing import MadeLink, ShareWish, create_share_link
from triage.sweep import assess_due

EMAIL = "ada@example.org"


@dataclass(frozen=True, slots=True)
class DemoAccount:
    """What the command prints, and where to write more."""

    user: User
    password: str
    lumps: tuple[UUID, ...]  # in the order of the stories
    made: MadeLink


def make_demo(*, at: datetime) -> DemoAccount:
    """Ada, three lumps, the advice as it would have come, and a link to the first of them."""
    password = secrets.token_urlsafe(15)
    user = User.objects.create_user(EMAIL, password, time_zone="Europe/London")
    EmailAddress.objects.create(user=user, email=EMAIL, primary=True, verified=False)
    person_id = uuid4()
    lumps = [uuid4() for _ in STORIES]
    begun = at - timedelta(days=max(check.days_ago for story in STORIES for check in story.checks) + 1)
    put_row(user, PERSON_KIND, person_id, PERSON, at=begun)
    moments = [
        moment
        for lump_id, story in zip(lumps, STORIES, strict=True)
        for moment in _moments(user, person_id, lump_id, story, now=at)
    ]
    _live(moments, until=at)
    made = create_share_link(user, uuid4(), ShareWish(lumps=(lumps[0],)), at=at)
    return DemoAccount(user, password, tuple(lumps), made)


def hand_over_twelve(account: DemoAccount, *, at: datetime) -> dict[str, MadeLink]:
    """Nine more people beside Ada, and a link to each of the twelve lumps, by the name of its history."""
    lumps = dict(zip(OF_ADA, account.lumps, strict=True))
    lumps |= {name: write_story(account.user, person, story, at=at) for name, (person, story) in NINE.items()}
    wishes = {name: ShareWish(lumps=(lump,)) for name, lump in lumps.items()}
    return {name: create_share_link(account.user, uuid4(), wish, at=at) for name, wish in wishes.items()}


Moment = tuple[datetime, Callable[[datetime], None]]


def write_story(user: User, person: Fields, story: Story, *, at: datetime) -> UUID:
    """The lump of one story, of a person of its own, written and judged as `make_demo` does."""
    person_id, lump_id = uuid4(), uuid4()
    put_row(user, PERSON_KIND, person_id, person, at=at - timedelta(days=max(one.days_ago for one in story.checks) + 1))
    _live(_moments(user, person_id, lump_id, story, now=at), until=at)
    return lump_id


def _live(moments: list[Moment], *, until: datetime) -> None:
    """Write everything down in its order, each moment judged right after it."""
    for moment, write in sorted(moments, key=lambda one: one[0]):
        write(moment)
        assess_due(at=moment + timedelta(seconds=1))
    assess_due(at=until)


def _moments(user: User, person_id: UUID, lump_id: UUID, story: Story, *, now: datetime) -> list[Moment]:
    """Everything that happened to one lump, as (when, what to write). The lump itself is begun at its first check."""

    def begin(moment: datetime) -> None:
        noticed = _day(now, story.noticed_days_ago)
        fields = {**story.fields, "person": str(person_id), "first_noticed_on": noticed.isoformat()}
        put_row(user, LUMP, lump_id, fields, at=moment)

    first = max(check.days_ago for check in story.checks)
    moments: list[Moment] = [(_evening(now, first) - timedelta(minutes=2), begin)]
    for check in story.checks:
        moments.append((_evening(now, check.days_ago), _writing_check(user, lump_id, check)))
    for care in story.care:
        moments.append((_evening(now, care.days_ago) - timedelta(hours=5), _writing_care(user, lump_id, care, now)))
    return moments


def _writing_check(user: User, lump_id: UUID, check: Check) -> Callable[[datetime], None]:
    def write(moment: datetime) -> None:
        observation_id = uuid4()
        fields = {
            "lump": str(lump_id),
            "observed_at": moment.isoformat(),
            "length_mm": float(median(check.readings_mm)),
            "readings_mm": list(check.readings_mm),
            "width_mm": check.width_mm,
            "method": "ruler",
            "signs": dict(check.signs),
            "note": check.note,
        }
        put_row(user, OBSERVATION, observation_id, fields, at=moment)
        if check.scene is not None:
            sent = SentPhoto(observation_id, draw_photo(check.scene), taken_at=moment)
            photo = store_photo(user, uuid4(), sent, at=moment).photo
            change_row(user, PHOTO, photo.pk, {"mm_per_px": round(1 / PX_PER_MM, 4)}, at=moment)

    return write


def _writing_care(user: User, lump_id: UUID, care: Care, now: datetime) -> Callable[[datetime], None]:
    def write(moment: datetime) -> None:
        review = _day(now, care.days_ago - care.review_in_days) if care.review_in_days else None
        fields = {
            "lump": str(lump_id),
            "on": _day(now, care.days_ago).isoformat(),
            "kind": care.kind,
            "outcome": care.outcome,
            "review_on": review.isoformat() if review else None,
        }
        put_row(user, CARE, uuid4(), fields, at=moment)

    return write


def _day(now: datetime, days_ago: int) -> date:
    zone = zone_of(str(PERSON["time_zone"]))
    return (now.astimezone(zone) - timedelta(days=days_ago)).date()


def _evening(now: datetime, days_ago: float) -> datetime:
    """A few minutes past seven in the evening that day, or so long ago where that would still be to come."""
    moment = (now - timedelta(days=days_ago)).replace(hour=19, minute=4, second=0, microsecond=0)
    return moment if moment < now else now - timedelta(days=days_ago)
