"""Lease, send, mark: nothing lost, nothing told twice, nothing that stops the others."""

from __future__ import annotations

import time
from datetime import timedelta
from pathlib import Path
from types import SimpleNamespace

import pytest
import time_machine
from allauth.account.models import EmailAddress
from pytest_django.fixtures import Settings

from tests.sinks import MailSink, PushService
from tests.triage.rows import NOON, a_browser, a_lump, an_account, an_intent, state_of
from tracking.models import User
from triage.ages import was_set_aside
from triage.channels import Address, Message, Outcome
from triage.deliver import deliver_due, message_of
from triage.handed import forget_handed, note_handed, was_handed
from triage.ladder import REPEATS_A_DAY
from triage.leases import LEASE, lease_batch
from triage.models import Notification, PushSubscription
from triage.reach import ADDRESSES

pytestmark = pytest.mark.django_db

TEN_AT_NIGHT = NOON + timedelta(hours=10)


@pytest.fixture
def ada() -> User:
    user = an_account()
    EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
    return user


def test_what_is_due_goes_out_and_what_is_not_waits(ada: User, sink: MailSink) -> None:
    lump = a_lump(ada)
    due, later = an_intent(ada, lump), an_intent(ada, lump, due_at=NOON + timedelta(minutes=1))
    assert deliver_due(at=NOON, seconds=5) == {"sent": 1}
    assert (state_of(due.pk), state_of(later.pk)) == ("sent", "waiting")
    assert [mail["Message-ID"] for mail in sink.mails] == [f"<{due.pk}@tracker.example.org>"]


def test_a_second_pass_sends_nothing_again(ada: User, sink: MailSink) -> None:
    an_intent(ada, a_lump(ada))
    deliver_due(at=NOON, seconds=5)
    assert deliver_due(at=NOON + timedelta(days=1), seconds=5) == {}
    assert len(sink.mails) == 1


def test_a_row_that_another_process_holds_is_left_to_it_until_its_lease_runs_out(ada: User, sink: MailSink) -> None:
    intent = an_intent(ada, a_lump(ada))
    lease_batch(at=NOON)
    assert deliver_due(at=NOON + LEASE / 2, seconds=5) == {}
    assert deliver_due(at=NOON + LEASE, seconds=5) == {"sent": 1}
    assert state_of(intent.pk) == "sent"


def test_who_lost_the_lease_cannot_mark_the_row(ada: User, sink: MailSink, monkeypatch: pytest.MonkeyPatch) -> None:
    """A process that slept through its lease finds that another attempt has the row now."""
    intent = an_intent(ada, a_lump(ada))
    monkeypatch.setattr("triage.deliver._hand_over", lambda parcel: [])
    real = lease_batch

    def lease_and_lose(*, at: object) -> list[list[Notification]] | None:
        bundles = real(at=NOON)
        Notification.objects.filter(state="leased").update(attempts=7)
        return bundles

    monkeypatch.setattr("triage.deliver.lease_batch", lease_and_lose)
    assert deliver_due(at=NOON, seconds=5) == {"lease_lost": 1}
    assert Notification.objects.get(pk=intent.pk).attempts == 7


def test_without_a_mail_server_it_is_written_and_never_called_sent(ada: User, mail_folder: Path) -> None:
    intent = an_intent(ada, a_lump(ada))
    assert deliver_due(at=NOON, seconds=5) == {"written": 1}
    row = Notification.objects.get(pk=intent.pk)
    assert (row.state, row.sent_at) == ("written", None)
    assert [file.stem for file in mail_folder.glob("*.eml")] == [str(intent.pk)]


def test_a_push_goes_to_every_browser_of_the_account_and_to_no_other(ada: User, service: PushService) -> None:
    phone, tablet = a_browser(ada, service, "phone"), a_browser(ada, service, "tablet")
    a_browser(an_account("cal@example.org"), service, "cals")
    an_intent(ada, a_lump(ada), channel="push")
    assert deliver_due(at=NOON, seconds=5) == {"sent": 1}
    assert {push["browser"] for push in service.deliveries} == {"phone", "tablet"}
    for browser in (phone, tablet):
        browser.refresh_from_db()
        assert browser.last_delivered_at == NOON


def test_sending_to_many_slow_browsers_ends_while_the_lease_is_young(
    ada: User, service: PushService, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in range(5):
        a_browser(ada, service, str(number))
    seconds = [0]

    def send(_: Message, address: Address) -> Outcome:
        seconds[0] += 20
        return Outcome("sent")

    monkeypatch.setattr("triage.deliver.CHANNELS", {"push": send})
    monkeypatch.setattr("triage.deliver.time", SimpleNamespace(monotonic=lambda: seconds[0]))
    an_intent(ada, a_lump(ada), channel="push")
    assert deliver_due(at=NOON, seconds=5) == {"sent": 1}
    assert PushSubscription.objects.filter(last_delivered_at=NOON).count() == 3


def test_a_dead_browser_is_marked_and_does_not_hold_back_the_other(ada: User, service: PushService) -> None:
    dead, alive = a_browser(ada, service, "dead"), a_browser(ada, service, "alive")
    service.answers["dead"] = (410, {})
    an_intent(ada, a_lump(ada), channel="push")
    assert deliver_due(at=NOON, seconds=5) == {"sent": 1}
    states = dict(PushSubscription.objects.values_list("pk", "state"))
    assert states == {dead.pk: "gone", alive.pk: "active"}


def test_when_the_last_browser_is_dead_the_push_fails_and_the_lump_is_judged_again(
    ada: User, service: PushService
) -> None:
    a_browser(ada, service)
    service.answers["phone"] = (404, {})
    lump = a_lump(ada)
    type(lump).objects.update(assess_after=None)
    intent = an_intent(ada, lump, channel="push")
    assert deliver_due(at=NOON, seconds=5) == {"failed": 1}
    assert Notification.objects.get(pk=intent.pk).last_error == "push_404"
    assert not was_set_aside(NOON), "a phone that was given away alarms nobody"
    lump.refresh_from_db()
    assert lump.assess_after == NOON


def test_a_row_that_fails_by_itself_is_set_aside_after_five_tries_and_the_others_go_on(
    ada: User, sink: MailSink, monkeypatch: pytest.MonkeyPatch
) -> None:
    lump = a_lump(ada)
    bad, good = an_intent(ada, lump, channel="carrier_pigeon"), an_intent(ada, lump)
    monkeypatch.setattr("triage.reach.ADDRESSES", {**ADDRESSES, "carrier_pigeon": lambda _: [{"to": "loft"}]})
    at = NOON
    for _ in range(Notification.SET_ASIDE_AFTER):
        assert not was_set_aside(at)
        deliver_due(at=at, seconds=5)
        at += timedelta(hours=2)
    assert was_set_aside(at - timedelta(hours=2))
    row = Notification.objects.get(pk=bad.pk)
    assert (row.state, row.attempts, state_of(good.pk)) == ("failed", Notification.SET_ASIDE_AFTER, "sent")
    assert row.last_error == "KeyError"


def test_a_mail_server_that_is_down_for_hours_loses_nothing(ada: User, sink: MailSink) -> None:
    intent = an_intent(ada, a_lump(ada), level="same_day")
    sink.refuse = "451 later"
    at = NOON
    for _ in range(12):
        deliver_due(at=at, seconds=5)
        at += timedelta(hours=1)
    sink.refuse = ""
    assert deliver_due(at=at, seconds=5) == {"sent": 1}
    assert state_of(intent.pk) == "sent"


@pytest.mark.parametrize(("level", "after"), [("this_week", 20), ("same_day", 1)])
def test_a_retry_waits_for_the_morning_unless_it_is_urgent(ada: User, sink: MailSink, level: str, after: int) -> None:
    intent = an_intent(ada, a_lump(ada), level=level, due_at=TEN_AT_NIGHT)
    sink.refuse = "451 later"
    deliver_due(at=TEN_AT_NIGHT, seconds=5)
    sink.refuse = ""
    for half_hours in range(1, 24):
        deliver_due(at=TEN_AT_NIGHT + timedelta(minutes=30 * half_hours), seconds=5)
        if state_of(intent.pk) == "sent":
            break
    assert half_hours == after


@pytest.mark.parametrize(("level", "state"), [("this_week", "waiting"), ("same_day", "sent")])
def test_what_could_not_go_out_by_day_waits_for_the_morning_unless_it_is_urgent(
    ada: User, sink: MailSink, level: str, state: str
) -> None:
    intent = an_intent(ada, a_lump(ada), level=level)
    deliver_due(at=TEN_AT_NIGHT, seconds=5)
    assert state_of(intent.pk) == state
    deliver_due(at=TEN_AT_NIGHT + timedelta(hours=10), seconds=5)
    assert state_of(intent.pk) == "sent"


def test_what_was_answered_or_dealt_with_meanwhile_is_not_sent(ada: User, sink: MailSink) -> None:
    lump = a_lump(ada)
    an_intent(ada, lump, acknowledged_at=NOON)
    closed = an_intent(ada, lump)
    type(closed.episode).objects.filter(pk=closed.episode_id).update(closed_at=NOON)
    assert deliver_due(at=NOON, seconds=5) == {"cancelled": 2}
    assert sink.mails == []


def test_only_who_was_told_before_is_told_so(ada: User) -> None:
    lump = a_lump(ada)
    second = an_intent(ada, lump, level="same_day", step=2)
    before = an_intent(ada, lump, level="same_day", state="written", due_at=NOON - timedelta(hours=4))
    Notification.objects.filter(pk=before.pk).update(episode=second.episode)
    assert not message_of([second]).is_again, "it was only written to a file"
    Notification.objects.filter(pk=before.pk).update(state="sent", sent_at=before.due_at)
    assert message_of([second]).is_again
    assert not message_of([second, an_intent(ada, lump)]).is_again, "something in it is news"


def test_a_mail_whose_sender_died_after_the_server_took_it_is_not_sent_again(
    ada: User, sink: MailSink, settings: Settings, tmp_path: Path
) -> None:
    settings.DATA_DIR = tmp_path
    cal = an_account("cal@example.org")
    EmailAddress.objects.create(user=cal, email=cal.email, verified=True, primary=True)
    taken, lost = (an_intent(user, a_lump(user), state="leased", attempts=1, leased_until=NOON) for user in (ada, cal))
    note_handed(lost.pk)
    (notes,) = (tmp_path / "handed").iterdir()
    notes.write_bytes(notes.read_bytes()[:-5])  # the disk was full in the middle of it
    note_handed(taken.pk)
    for _ in range(2):  # who died before is tried alone
        deliver_due(at=NOON, seconds=5)
    assert {state_of(row.pk) for row in (taken, lost)} == {"sent"}
    assert [str(mail["Message-ID"])[1:37] for mail in sink.mails] == [str(lost.pk)]
    for hours, is_known in ((23, True), (25, False)):
        with time_machine.travel(time.time() + hours * 60 * 60):
            forget_handed()
            assert was_handed(taken.pk) == is_known


def test_a_row_whose_process_died_five_times_is_set_aside(ada: User, sink: MailSink) -> None:
    lump = a_lump(ada)
    intent = an_intent(ada, lump, channel="push", state="leased", attempts=5, failures=4, leased_until=NOON)
    follower = an_intent(ada, lump, due_at=NOON + timedelta(days=1))
    Notification.objects.filter(pk=follower.pk).update(episode=intent.episode)
    type(lump).objects.update(assess_after=None)
    assert deliver_due(at=NOON, seconds=5) == {"sent": 1}, "the way that was to follow does so now"
    row = Notification.objects.get(pk=intent.pk)
    assert (row.state, row.last_error, state_of(follower.pk)) == ("failed", "lease_ran_out", "sent")
    assert was_set_aside(NOON)
    lump.refresh_from_db()
    assert lump.assess_after is not None, "the next judgement looks for another way"


def test_a_process_that_dies_once_after_hours_without_a_mail_server_loses_nothing(ada: User, sink: MailSink) -> None:
    intent = an_intent(ada, a_lump(ada), state="leased", attempts=12, leased_until=NOON)
    assert deliver_due(at=NOON, seconds=5) == {"sent": 1}
    assert Notification.objects.get(pk=intent.pk).failures == 1


def test_an_address_that_was_never_confirmed_gets_no_mail_from_a_server(ada: User, sink: MailSink) -> None:
    EmailAddress.objects.update(verified=False)
    intent = an_intent(ada, a_lump(ada))
    deliver_due(at=NOON, seconds=5)
    assert (state_of(intent.pk), sink.mails) == ("failed", [])


def test_messages_that_are_held_back_do_not_end_a_pass_for_the_others(ada: User, sink: MailSink) -> None:
    """More of them than a batch takes: each would be one repetition too many for its reader today."""
    for number in range(9):
        user = an_account(f"ada+{number}@example.org")
        EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
        lump = a_lump(user)
        for _ in range(REPEATS_A_DAY):
            an_intent(user, lump, state="sent", sent_at=NOON)
        an_intent(user, lump, step=2)
    news = an_intent(ada, a_lump(ada), step=1, due_at=NOON + timedelta(minutes=2))
    deliver_due(at=NOON + timedelta(minutes=3), seconds=5)
    assert state_of(news.pk) == "sent"
    assert [mail["To"] for mail in sink.mails] == [ada.email]
