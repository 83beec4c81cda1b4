"""What is due at one moment for one recipient by one way is one message."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from allauth.account.models import EmailAddress
from django.db import transaction

from tests.sinks import MailSink, PushService
from tests.triage.rows import NOON, a_browser, a_lump, an_account, an_intent
from tracking.models import Lump, User
from triage.answers import acknowledge
from triage.bundles import due_bundles
from triage.deliver import deliver_due
from triage.leases import LEASE, lease_batch
from triage.models import Notification

pytestmark = pytest.mark.django_db


@pytest.fixture
def ada(sink: MailSink) -> User:
    return reached("ada@example.org")


def reached(email: str) -> User:
    user = an_account(email)
    EmailAddress.objects.create(user=user, email=email, verified=True, primary=True)
    return user


def a_reminder(user: User, lump: Lump, *, due_at: datetime = NOON) -> Notification:
    return an_intent(user, lump, kind="check_due", level="watch", due_at=due_at)


def speaker_of(row: Notification) -> object:
    row.refresh_from_db()
    return row.carried_by_id


def test_what_is_urgent_goes_first_then_advice_and_reminders_last() -> None:
    lump = a_lump(an_account(), at=NOON)
    kinds = [("watch", "check_due"), ("routine", "seek_care"), ("emergency", "seek_care"), ("this_week", "seek_care")]
    for number, (level, kind) in enumerate(kinds):
        user = an_account(f"{number}@example.org")
        an_intent(user, lump, level=level, kind=kind, due_at=NOON - timedelta(minutes=9 - number))
    with transaction.atomic():
        turns = [bundle[0].level for size in (1, 2, 3, 4) for bundle in due_bundles(at=NOON, size=size) or []]
    assert turns[:1] == ["emergency"]
    assert set(turns[1:3]) == {"emergency", "routine"}
    assert set(turns[3:6]) == {"emergency", "routine", "this_week"}
    assert set(turns[6:]) == {"emergency", "routine", "this_week", "watch"}


def test_three_lumps_that_are_due_together_are_one_mail_in_the_words_of_the_most_urgent(
    ada: User, sink: MailSink
) -> None:
    check, urgent, week = a_reminder(ada, a_lump(ada)), an_intent(ada, a_lump(ada), level="same_day"), a_lump(ada)
    advice = an_intent(ada, week)
    assert deliver_due(at=NOON, seconds=5) == {"sent": 3}
    assert [str(mail["Subject"]) for mail in sink.mails] == ["Please open this now"]
    assert sink.mails[0]["Message-ID"] == f"<{urgent.pk}@tracker.example.org>"
    assert [speaker_of(row) for row in (urgent, check, advice)] == [None, urgent.pk, urgent.pk]


def test_only_reminders_can_be_ended_by_one_click(ada: User, sink: MailSink) -> None:
    a_reminder(ada, a_lump(ada))
    a_reminder(ada, a_lump(ada))
    deliver_due(at=NOON, seconds=5)
    a_reminder(ada, a_lump(ada), due_at=NOON + timedelta(days=1))
    an_intent(ada, a_lump(ada), due_at=NOON + timedelta(days=1))
    deliver_due(at=NOON + timedelta(days=1), seconds=5)
    assert [mail["List-Unsubscribe"] is not None for mail in sink.mails] == [True, False]


def test_each_account_gets_its_own_message(ada: User, sink: MailSink) -> None:
    cal = reached("cal@example.org")
    an_intent(ada, a_lump(ada))
    an_intent(cal, a_lump(cal))
    deliver_due(at=NOON, seconds=5)
    assert sorted(str(mail["To"]) for mail in sink.mails) == ["ada@example.org", "cal@example.org"]


def test_a_message_that_may_have_gone_out_is_repeated_whole_and_under_its_name(ada: User, sink: MailSink) -> None:
    """Who held it died. Meanwhile something more urgent is due: it does not speak for what was sent before."""
    first, second = an_intent(ada, a_lump(ada)), an_intent(ada, a_lump(ada))
    leased = lease_batch(at=NOON)
    assert leased
    (bundle,) = leased
    urgent = an_intent(ada, a_lump(ada), level="emergency")
    deliver_due(at=NOON + LEASE, seconds=5)
    assert {mail["Message-ID"] for mail in sink.mails} == {
        f"<{bundle[0].pk}@tracker.example.org>",
        f"<{urgent.pk}@tracker.example.org>",
    }
    assert {speaker_of(row) for row in (first, second)} == {None, bundle[0].pk}


def test_one_of_them_that_was_answered_meanwhile_is_not_told(ada: User, sink: MailSink) -> None:
    spoken, answered = an_intent(ada, a_lump(ada)), an_intent(ada, a_lump(ada), level="next_day")
    Notification.objects.filter(pk=answered.pk).update(acknowledged_at=NOON)
    assert deliver_due(at=NOON, seconds=5) == {"cancelled": 1, "sent": 1}
    assert sink.mails[0]["Message-ID"] == f"<{spoken.pk}@tracker.example.org>"


def test_read_for_a_message_is_read_for_all_that_it_carried(ada: User, sink: MailSink) -> None:
    speaker, rider = an_intent(ada, a_lump(ada), level="next_day"), a_reminder(ada, a_lump(ada))
    deliver_due(at=NOON, seconds=5)
    acknowledge(Notification.objects.get(pk=speaker.pk), answer="read", on=None, at=NOON)
    rider.refresh_from_db()
    assert (rider.answer, rider.episode.closed_at) == ("read", None)


def test_seen_ends_what_it_was_said_of_and_nothing_about_another_lump(ada: User, sink: MailSink) -> None:
    speaker, other = an_intent(ada, a_lump(ada), level="next_day"), an_intent(ada, a_lump(ada))
    deliver_due(at=NOON, seconds=5)
    acknowledge(Notification.objects.get(pk=speaker.pk), answer="seen", on=None, at=NOON)
    other.refresh_from_db()
    assert (other.answer, other.episode.closed_at) == ("", None)


def test_what_waits_for_another_try_goes_with_what_is_due_anyway(ada: User, sink: MailSink) -> None:
    sink.refuse = "451 later"
    early = an_intent(ada, a_lump(ada))
    for minutes in (0, 1, 2, 4, 8):
        deliver_due(at=NOON + timedelta(minutes=minutes), seconds=5)
    sink.refuse = ""
    again = NOON + timedelta(minutes=9)
    early.refresh_from_db()
    assert early.leased_until is not None
    assert early.leased_until > again
    an_intent(ada, a_lump(ada), due_at=again)
    assert deliver_due(at=again, seconds=5) == {"sent": 2}
    assert len(sink.mails) == 1


def test_news_and_what_is_urgent_never_wait_for_the_next_day(ada: User, sink: MailSink) -> None:
    for hour in range(6):
        level, step = [("this_week", 1), ("same_day", 3)][hour % 2]
        at = NOON + timedelta(hours=hour)
        an_intent(ada, a_lump(ada), level=level, step=step, due_at=at)
        assert deliver_due(at=at, seconds=5) == {"sent": 1}


def test_the_third_repetition_of_a_day_waits_for_the_morning_and_the_contact_never(ada: User, sink: MailSink) -> None:
    for hour in range(3):
        an_intent(ada, a_lump(ada), step=2, due_at=NOON + timedelta(hours=hour))
        deliver_due(at=NOON + timedelta(hours=hour), seconds=5)
    assert len(sink.mails) == 2
    late = Notification.objects.get(state="waiting")
    assert late.due_at == NOON.replace(day=21, hour=8)
    assert deliver_due(at=late.due_at, seconds=5) == {"sent": 1}


def test_one_phone_rings_once_for_many(ada: User, service: PushService) -> None:
    a_browser(ada, service)
    rows = [an_intent(ada, a_lump(ada), channel="push") for _ in range(12)]
    assert deliver_due(at=NOON, seconds=5) == {"sent": 12}
    assert len(service.deliveries) == 1
    assert sum(speaker_of(row) is None for row in rows) == 1
