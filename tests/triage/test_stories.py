"""Whole stories over simulated weeks: what reached whom, on which day, by which way. Real ends of the line."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from uuid import uuid4
from zoneinfo import ZoneInfo

import pytest

from tests.sinks import MailSink, PushService
from tests.triage.rows import NOON, a_browser, a_check, a_growing_lump, a_lump, a_reached_account
from tests.triage.weeks import day, live, mails_to, titles
from tracking.models import Lump, User
from tracking.record import put_row
from tracking.record_kinds import CARE
from triage.answers import acknowledge
from triage.contact_words import words_version
from triage.contacts import agree, name_contact
from triage.models import Assessment, Episode, Notification
from triage.sweep import sweep

pytestmark = pytest.mark.django_db

ADA, BEA = "ada@example.org", "bea@example.org"
CHECK, TODAY, NOW = "Your check is due", "Please open this today", "Please open this now"


@pytest.fixture
def ada(sink: MailSink, service: PushService) -> User:
    """Somebody whom mails reach and whose phone listens."""
    return a_reached_account(ADA, service)


def a_contact(user: User) -> None:
    contact = name_contact(user, name="Bea", email=BEA, words=words_version(user), at=NOON)
    agree(contact, at=NOON)


def steps_of(lump: Lump, kind: str = "seek_care") -> list[tuple[float, str, str]]:
    """Day, way and state of what was said about it, without what was never to be sent."""
    rows = Notification.objects.filter(lump=lump, kind=kind).order_by("created_at", "due_at", "channel")
    return [((row.due_at - NOON) / timedelta(days=1), row.channel, row.state) for row in rows]


def care(user: User, lump: Lump, kind: str, *, at: datetime) -> None:
    put_row(user, CARE, uuid4(), {"lump": str(lump.pk), "on": at.date().isoformat(), "kind": kind}, at=at)


def test_told_to_seek_care_and_does_nothing_for_ten_days(ada: User, sink: MailSink, service: PushService) -> None:
    a_contact(ada)
    lump = a_growing_lump(ada)
    live(NOON, day(10))
    told = [
        (0.0, "email"),
        (0.0, "push"),
        (3.0, "email"),
        (3.0, "push"),
        (7.0, "contact"),
        (7.0, "email"),
        (7.0, "push"),
    ]
    assert steps_of(lump) == [(*one, "sent") for one in told]
    assert [title for title in titles(service) if title != CHECK] == [TODAY, TODAY, NOW]
    assert mails_to(sink, BEA) == [TODAY, TODAY]  # the question, then the one message
    own = [str(mail) for mail in sink.mails if mail["To"] == ADA and mail["Subject"] != CHECK]
    assert ["wrote to you about this before" in text for text in own] == [False, True, True]
    pushed = [push["payload"]["notification"] for push in service.deliveries]
    assert [note.get("requireInteraction", False) for note in pushed if note["title"] != CHECK] == [False, True, True]
    episode = Episode.objects.get(lump=lump, about_growth=True)
    assert (episode.closed_at, episode.step) == (None, 3)


def test_who_named_nobody_is_the_only_one_who_is_told(ada: User, sink: MailSink) -> None:
    a_growing_lump(ada)
    live(NOON, day(40))
    assert {str(mail["To"]) for mail in sink.mails} == {ADA}
    assert Episode.objects.get(about_growth=True).next_step_at is None, "it never ends by itself"


def test_seen_and_discharged_then_grows_again(ada: User) -> None:
    lump = a_growing_lump(ada)
    live(NOON, day(1))
    care(ada, lump, "seen", at=day(2))
    care(ada, lump, "discharged", at=day(2))
    live(day(2), day(20))
    assert len(steps_of(lump)) == 2, "told on while it was dealt with"
    for week, length_mm in enumerate([21, 21, 22, 26, 31, 36], start=3):
        a_check(lump, at=day(7 * week), length_mm=length_mm, method="ruler")
        live(day(7 * week), day(7 * week + 6))
    episodes = Episode.objects.filter(lump=lump, about_growth=True).order_by("opened_at")
    assert [one.closed_by for one in episodes] == ["care", ""]
    assert day(7 * 5) < episodes[1].opened_at <= day(7 * 8)
    assert [state for when, _, state in steps_of(lump) if when > 20][:2] == ["sent", "sent"]


def test_seen_and_discharged_and_stable_since_says_nothing_more(ada: User) -> None:
    lump = a_growing_lump(ada)
    live(NOON, day(1))
    care(ada, lump, "discharged", at=day(2))
    for week in range(1, 10):
        a_check(lump, at=day(7 * week), length_mm=21, method="ruler")
        live(day(7 * week), day(7 * week + 6))
    assert [one.closed_by for one in Episode.objects.filter(lump=lump, about_growth=True)] == ["care"]
    assert len(steps_of(lump)) == 2


def test_a_phone_that_is_lost_is_followed_by_a_mail_at_once_and_by_the_new_phone(
    ada: User, sink: MailSink, service: PushService
) -> None:
    service.answers["phone"] = (410, {})
    lump = a_lump(ada)
    a_check(lump, at=NOON, length_mm=12, method="ruler")
    live(NOON, day(7, hour=6.5))
    assert (titles(service), mails_to(sink, ADA)) == ([], [CHECK])
    a_browser(ada, service, "another")
    live(day(8), day(11))
    assert titles(service, "another") == [CHECK], "overdue by three days"


def test_a_phone_that_lies_in_a_drawer_is_followed_by_a_mail_of_the_next_morning(
    ada: User, sink: MailSink, service: PushService
) -> None:
    a_check(a_lump(ada), at=NOON, length_mm=12, method="ruler")
    live(NOON, day(7, hour=19))
    assert (titles(service), mails_to(sink, ADA)) == ([CHECK], [])
    live(day(7, hour=20), day(7, hour=21))
    assert mails_to(sink, ADA) == [CHECK]


def test_a_push_that_was_opened_is_followed_by_nothing(ada: User, sink: MailSink, service: PushService) -> None:
    a_check(a_lump(ada), at=NOON, length_mm=12, method="ruler")
    live(NOON, day(7, hour=7))
    acknowledge(Notification.objects.get(channel="push"), answer="read", on=None, at=day(7, hour=7))
    live(day(7, hour=8), day(9))
    assert (titles(service), mails_to(sink, ADA)) == ([CHECK], [])
    assert set(Notification.objects.values_list("channel", "state")) == {("push", "sent"), ("email", "cancelled")}


def test_two_phones_of_one_account_across_a_clock_change(ada: User, sink: MailSink, service: PushService) -> None:
    """In London the clocks go back on 25 October 2026. Each phone shows each evening's reminder once, at six."""
    a_browser(ada, service, "tablet")
    checked_at = datetime(2026, 10, 16, 20, tzinfo=UTC)
    lump, evenings = a_lump(ada, at=checked_at), []
    for _ in range(2):
        a_check(lump, at=checked_at, length_mm=12, method="ruler")
        live(checked_at, checked_at + timedelta(days=6, hours=23))
        push = Notification.objects.filter(kind="check_due", channel="push", state="sent").latest("due_at")
        acknowledge(push, answer="read", on=None, at=push.due_at + timedelta(hours=1))
        evenings.append(push.due_at.astimezone(ZoneInfo("Europe/London")).strftime("%d %B %H:%M"))
        checked_at += timedelta(weeks=1)
    assert evenings == ["23 October 18:00", "30 October 18:00"]
    assert [titles(service, name).count(CHECK) for name in ("phone", "tablet")] == [2, 2]
    assert CHECK not in mails_to(sink, ADA)


def test_a_week_without_a_server_makes_one_message(ada: User, sink: MailSink, service: PushService) -> None:
    """Three lumps of two people, checked on three days, so that each is due on another day of that week."""
    for number in range(3):
        a_check(a_lump(ada, at=day(number)), at=day(number), length_mm=12, method="ruler")
        sweep(day(number), is_played=True)
    live(day(10), day(10, hour=2))
    assert titles(service) == [CHECK]
    assert mails_to(sink, ADA) == []
    rows = Notification.objects.filter(channel="push")
    assert sorted(row.carried_by_id is None for row in rows) == [False, False, True]
    assert {row.state for row in rows} == {"sent"}


def test_an_urgent_finding_during_downtime_speaks_for_what_else_is_due(
    ada: User, sink: MailSink, service: PushService
) -> None:
    a_check(a_lump(ada), at=NOON, length_mm=12, method="ruler")
    sweep(NOON, is_played=True)
    a_check(a_lump(ada), at=day(9), signs={"fever": True, "red": True, "hot": True})
    live(day(10), day(10, hour=1))
    assert titles(service) == [NOW]
    assert mails_to(sink, ADA) == [NOW]


def test_a_changed_rule_book_opens_nothing(ada: User, sink: MailSink) -> None:
    lump = a_growing_lump(ada)
    live(NOON, day(1))
    Episode.objects.all().delete()
    Assessment.objects.update(rulebook="sha256:older")
    for row in Assessment.objects.all():
        row.document |= {"findings": [], "level": "watch", "rulebook": "sha256:older"}
        row.save()
    before = len(sink.mails)
    Lump.objects.update(assess_after=day(1))
    live(day(1), day(4))
    assert not Episode.objects.filter(lump=lump).exclude(finding="check").exists()
    assert len(sink.mails) == before


def test_routine_advice_that_no_longer_holds_takes_back_the_mail_that_was_to_follow(
    ada: User, sink: MailSink, service: PushService
) -> None:
    lump = a_lump(ada)
    a_check(lump, at=NOON, signs={"pain": 5})
    live(NOON, day(0, hour=2))
    assert Notification.objects.get(lump=lump, kind="seek_care", channel="email").state == "waiting"
    a_check(lump, at=day(0, hour=3), signs={"pain": 0})
    live(day(0, hour=3), day(2))
    assert (titles(service), mails_to(sink, ADA)) == ([TODAY], [])
    assert Episode.objects.exclude(finding="check").get().closed_by == "passed"


def test_booked_for_a_day_rests_until_the_day_after_and_then_asks(ada: User, service: PushService) -> None:
    lump = a_growing_lump(ada)
    live(NOON, day(0, hour=1))
    push = Notification.objects.get(lump=lump, channel="push", kind="seek_care")
    acknowledge(push, answer="booked", on=day(6).date(), at=day(0, hour=1))
    live(day(0, hour=2), day(6, hour=20))
    assert len(steps_of(lump)) == 2
    live(day(6, hour=21), day(7))
    asked = Notification.objects.get(lump=lump, channel="push", kind="seek_care", step=2)
    assert asked.due_at == datetime(2026, 11, 27, 10, tzinfo=UTC)
    acknowledge(asked, answer="seen", on=day(6).date(), at=day(7, hour=1))
    live(day(7, hour=1), day(30))
    assert Episode.objects.get(lump=lump, about_growth=True).closed_by == "care"
    assert len(steps_of(lump)) == 4


def test_whoever_watches_many_lumps_is_reminded_twice_a_day_at_most(ada: User, service: PushService) -> None:
    """Eight reminders, due at eight hours of one day: what is too many is one message of the next morning."""
    for hour in range(8):
        lump = a_lump(ada)
        values = {"finding": "check", "level": "watch", "check_on": day(1).date(), "opened_at": NOON}
        episode = Episode.objects.create(lump=lump, **values)
        due_at = datetime(2026, 11, 21, 9 + hour, tzinfo=UTC)
        Notification.objects.create(
            user=ada, person=lump.person, lump=lump, episode=episode, kind="check_due", level="watch",
            channel="push", created_at=due_at, due_at=due_at,
        )  # fmt: skip
    Lump.objects.update(assess_after=None)
    live(day(0.5), day(5))
    messages = Notification.objects.filter(carried_by=None).order_by("sent_at")
    assert [row.sent_at.strftime("%d %H") for row in messages if row.sent_at] == ["21 09", "21 10", "22 08"]
    assert set(Notification.objects.values_list("state", flat=True)) == {"sent"}
