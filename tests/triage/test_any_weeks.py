"""Weeks that nobody planned: random checks, answers, flights, days without a server. Some things hold all the same."""

from __future__ import annotations

import random
from collections import Counter
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from allauth.account.models import EmailAddress
from pytest_django.fixtures import Settings

from tests.triage.rows import NOON, a_check, a_lump, an_account
from tests.triage.weeks import next_moment
from tracking.errors import InvalidInput
from tracking.models import Observation, User
from triage.answers import acknowledge, snooze
from triage.channels import Address, Message, Outcome
from triage.contact_words import words_for, words_version
from triage.ladder import URGENT
from triage.marks import mark_told_to
from triage.models import Notification, PushSubscription, TrustedContact
from triage.schedule import NIGHT
from triage.sweep import sweep

pytestmark = pytest.mark.django_db

DAYS = 24
ZONES = ("Europe/London", "America/New_York", "Asia/Tokyo", "Pacific/Apia")
SIGNS: tuple[dict[str, int | bool], ...] = (
    {"pain": 5},
    {"pain": 0},
    {"fever": True, "red": True, "hot": True},
    {"fever": False, "red": False},
    {},
)


class Weeks:
    """One account's weeks, drawn from a seed. The network's edge keeps what it is given and sometimes is away."""

    def __init__(self, seed: int) -> None:
        self.chance = random.Random(seed)
        self.at = NOON
        self.passes: list[tuple[datetime, str, str, list[Notification]]] = []  # when, zone, way, what the message said
        self.user = an_account(time_zone=self.chance.choice(ZONES))
        EmailAddress.objects.create(user=self.user, email=self.user.email, verified=True, primary=True)
        PushSubscription.objects.create(
            user=self.user, endpoint="https://fcm.googleapis.com/x", p256dh="", auth="", created_at=NOON
        )
        TrustedContact.objects.create(
            user=self.user, email="bea@example.org", language="en", text=words_for(self.user),
            words=words_version(self.user), consented_at=NOON, agreed_at=NOON,
        )  # fmt: skip
        self.lumps = [a_lump(self.user) for _ in range(3)]
        self.logged: list[Observation] = []

    def send(self, _: Message, address: Address) -> Outcome:
        return Outcome("later", "away") if self.chance.random() < 0.1 else Outcome("sent")

    def live(self) -> None:
        while self.at < NOON + timedelta(days=DAYS):
            self.sweep()
            self.chance.choice((self.check, self.answer, self.fly, self.nothing, self.nothing, self.nothing))()
            rest = timedelta(hours=self.chance.choice((1, 7, 30, 30, 80)))
            soon = next_moment(self.at)
            is_down = self.chance.random() < 0.2  # nobody sweeps until then
            self.at = self.at + rest if soon is None or is_down else min(soon, self.at + rest)

    def sweep(self) -> None:
        before = set(Notification.objects.filter(sent_at__isnull=False).values_list("pk", flat=True))
        sweep(self.at, is_played=True)
        sent = Notification.objects.filter(sent_at__gte=self.at)  # what falls due during the pass bears its own moment
        new = sent.exclude(pk__in=before).select_related("episode")
        for speaker in [row for row in new if row.carried_by_id is None]:
            said = [row for row in new if speaker.pk in (row.pk, row.carried_by_id)]
            self.passes.append((speaker.sent_at or self.at, self.user.time_zone, speaker.channel, said))

    def check(self) -> None:
        lump = self.chance.choice(self.lumps)
        length_mm = self.chance.choice((None, 12, 12, 15, 19, 24))
        signs = self.chance.choice(SIGNS)
        self.logged.append(a_check(lump, at=self.at, length_mm=length_mm, method="ruler", signs=signs))

    def answer(self) -> None:
        told = list(Notification.objects.filter(state="sent", acknowledged_at=None).exclude(channel="contact"))
        if not told:
            return
        row, answer = (
            self.chance.choice(told),
            self.chance.choice(("read", "read", "booked", "seen", "will_not_act", "later")),
        )
        try:
            if answer == "later":
                snooze(row, until=self.at + timedelta(hours=3), at=self.at)
            else:
                day = self.at.astimezone(ZoneInfo(self.user.time_zone)).date()
                acknowledge(row, answer=answer, on=day + timedelta(days=3 * (answer == "booked")), at=self.at)
        except InvalidInput:
            assert row.level in URGENT  # an emergency neither waits nor is booked

    def fly(self) -> None:
        self.user.time_zone = self.chance.choice(ZONES)
        User.objects.filter(pk=self.user.pk).update(time_zone=self.user.time_zone)
        mark_told_to(self.user, at=self.at)

    def nothing(self) -> None:
        """A quiet day."""


@pytest.mark.parametrize("seed", [*range(3), *(pytest.param(seed, marks=pytest.mark.soak) for seed in range(3, 60))])
def test_whatever_happens_messages_keep_their_promises(
    seed: int, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.EMAIL_CONFIGURED = True
    weeks = Weeks(seed)
    monkeypatch.setattr("triage.deliver.CHANNELS", {"push": weeks.send, "email": weeks.send})
    weeks.live()
    assert bool(weeks.passes) == bool(weeks.logged)  # where nobody logs anything there is nothing to say
    assert_one_message_at_a_time(weeks)
    assert_nights_are_quiet(weeks)
    assert_nothing_is_said_after_its_end(weeks)
    assert_the_contact_hears_only_of_silence(weeks)


def assert_one_message_at_a_time(weeks: Weeks) -> None:
    """For each way, at any moment."""
    assert set(Counter((at, way) for at, _, way, _ in weeks.passes).values()) <= {1}


def assert_nights_are_quiet(weeks: Weeks) -> None:
    """But for what is urgent, or was caused at that very moment."""
    for at, zone, _, said in weeks.passes:
        is_excused = any(row.level in URGENT or (row.step == 1 and row.created_at == row.due_at) for row in said)
        assert is_excused or not NIGHT.hold(at.astimezone(ZoneInfo(zone)).time()), (at, zone)


def assert_nothing_is_said_after_its_end(weeks: Weeks) -> None:
    for at, _, _, said in weeks.passes:
        assert all(row.episode.closed_at is None or row.episode.closed_at >= at for row in said)


def assert_the_contact_hears_only_of_silence(weeks: Weeks) -> None:
    """What was answered, was answered later."""
    for at, _, way, said in weeks.passes:
        if way == "contact":
            rows = Notification.objects.filter(episode__in=[row.episode_id for row in said], acknowledged_at__lt=at)
            assert not rows.exclude(channel="contact").exists()
