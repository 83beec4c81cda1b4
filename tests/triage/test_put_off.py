"""Putting a message off never ends what it was about, not even after the last step of the ladder. Over whole weeks."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from allauth.account.models import EmailAddress
from django.db.models import QuerySet

from tests.sinks import MailSink, PushService
from tests.triage.rows import NOON, a_check, a_growing_lump, a_lump, a_reached_account, an_account
from tests.triage.weeks import day, live
from tracking.models import Lump, Membership, User
from triage.answers import acknowledge, snooze
from triage.contact_words import words_version
from triage.contacts import agree, name_contact
from triage.models import Episode, Notification
from triage.steps import steps_of

pytestmark = pytest.mark.django_db

ADA = "ada@example.org"
LONG_AFTER = 90  # days: no ladder climbs so long by itself


@pytest.fixture
def ada(sink: MailSink, service: PushService) -> User:
    """Somebody whom mails reach and whose phone listens."""
    return a_reached_account(ADA, service)


def messages(lump: Lump, user: User, finding: str) -> QuerySet[Notification]:
    rows = Notification.objects.filter(lump=lump, user=user, episode__finding=finding, sent_at__isnull=False)
    return rows.exclude(channel="contact")


def told_on(lump: Lump, user: User, finding: str = "growing") -> list[int]:
    """The days after the first noon on which this account was told, each once."""
    return sorted({(row.sent_at - NOON).days for row in messages(lump, user, finding) if row.sent_at})


def last_message(lump: Lump, user: User, finding: str = "growing") -> Notification:
    return messages(lump, user, finding).latest("sent_at")


def at_the_end_of_its_ladder(lump: Lump) -> Episode:
    live(NOON, day(30))
    episode = Episode.objects.get(lump=lump, about_growth=True)
    assert (episode.step, episode.next_step_at) == (4, None)
    return episode


def test_after_the_last_step_it_comes_again_by_every_way_on_the_day_it_was_put_off_to(ada: User) -> None:
    lump = a_growing_lump(ada)
    at_the_end_of_its_ladder(lump)
    before = told_on(lump, ada)
    snooze(last_message(lump, ada), until=day(35), at=day(30))
    live(day(30), day(LONG_AFTER))
    assert told_on(lump, ada) == [*before, 35]
    again = messages(lump, ada, "growing").filter(step=5)
    assert {(row.channel, row.state) for row in again} == {("email", "sent"), ("push", "sent")}


def test_it_may_be_put_off_again_and_again_and_ends_only_when_it_was_dealt_with(ada: User) -> None:
    lump = a_growing_lump(ada)
    at_the_end_of_its_ladder(lump)
    for start in (30, 40, 50):
        snooze(last_message(lump, ada), until=day(start + 5), at=day(start))
        live(day(start), day(start + 10))
    assert told_on(lump, ada)[-3:] == [35, 45, 55]
    snooze(last_message(lump, ada), until=day(65), at=day(60))
    acknowledge(last_message(lump, ada), answer="will_not_act", on=None, at=day(61))
    live(day(60), day(LONG_AFTER))
    assert told_on(lump, ada)[-1] == 55
    assert Episode.objects.get(lump=lump, about_growth=True).closed_by == "person"


def test_an_appointment_after_the_last_step_is_asked_about(ada: User) -> None:
    lump = a_growing_lump(ada)
    at_the_end_of_its_ladder(lump)
    acknowledge(last_message(lump, ada), answer="booked", on=day(36).date(), at=day(30))
    live(day(30), day(LONG_AFTER))
    assert told_on(lump, ada)[-1] == 36, "ten in the morning of the day after, before noon"
    assert last_message(lump, ada).due_at.isoformat() == "2026-12-27T10:00:00+00:00"


def test_the_step_that_comes_again_is_shown_before_it_comes(ada: User) -> None:
    lump = a_growing_lump(ada)
    episode = at_the_end_of_its_ladder(lump)
    assert [one for one in steps_of(episode, ada) if one.state == "planned"] == []
    snooze(last_message(lump, ada), until=day(35), at=day(30))
    episode.refresh_from_db()
    planned = [(one.step, one.channel, one.why, one.due_at) for one in steps_of(episode, ada) if one.can_stop]
    assert planned == [(5, "push", "unanswered", day(35)), (5, "email", "unanswered", day(35))]


def test_a_reminder_to_check_that_was_put_off_at_its_end_comes_again(ada: User) -> None:
    lump = a_lump(ada)
    a_check(lump, at=NOON, length_mm=12, method="ruler")
    live(NOON, day(60))
    reminder = last_message(lump, ada, "check")
    assert reminder.episode.next_step_at is None
    snooze(reminder, until=day(65), at=day(60))
    live(day(60), day(LONG_AFTER))
    assert told_on(lump, ada, "check")[-1] == 65


def test_what_one_parent_puts_off_at_the_end_comes_again_to_both(ada: User) -> None:
    cal = an_account("cal@example.org")
    EmailAddress.objects.create(user=cal, email="cal@example.org", verified=True, primary=True)
    lump = a_growing_lump(ada)
    Membership.objects.create(user=cal, person=lump.person, role="owner")
    at_the_end_of_its_ladder(lump)
    snooze(last_message(lump, ada), until=day(35), at=day(30))
    live(day(30), day(LONG_AFTER))
    assert told_on(lump, ada)[-1] == told_on(lump, cal)[-1] == 35


def test_the_trusted_contact_is_told_no_second_time(ada: User) -> None:
    agree(name_contact(ada, name="Bea", email="bea@example.org", words=words_version(ada), at=NOON), at=NOON)
    lump = a_growing_lump(ada)
    at_the_end_of_its_ladder(lump)
    Notification.objects.filter(lump=lump).update(answer="")
    snooze(last_message(lump, ada), until=day(35), at=day(30))
    live(day(30), day(LONG_AFTER))
    told: list[datetime] = list(Notification.objects.filter(channel="contact").values_list("due_at", flat=True))
    assert len(told) == 1
    assert told[0] < day(8) + timedelta(days=1)
