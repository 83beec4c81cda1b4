"""By which ways a step is told: one at a time where there is no haste, the next where the first is not opened."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from allauth.account.models import EmailAddress
from pytest_django.fixtures import Settings

from tests.sinks import MailSink, PushService
from tests.triage.rows import NOON, a_browser, a_check, a_growing_lump, a_lump, an_account, an_intent, judge, state_of
from tests.triage.weeks import day, live, mails_to
from tracking.models import Lump, User
from tracking.record_kinds import OBSERVATION
from tracking.record_removal import delete_row
from triage.answers import acknowledge, snooze
from triage.contact_words import words_version
from triage.contacts import agree, name_contact
from triage.deliver import deliver_due
from triage.models import Episode, Notification
from triage.opened import note_opened
from triage.sweep import sweep
from triage.unsubscribe import stop_reminder_mails
from triage.ways import ways_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def ada(sink: MailSink, service: PushService) -> User:
    user = an_account()
    EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
    a_browser(user, service)
    return user


def sore(ada: User) -> Lump:
    """Something routine: no haste."""
    lump = a_lump(ada)
    a_check(lump, at=NOON, signs={"pain": 5})
    judge(lump, NOON)
    return lump


def rows_of(lump: Lump, **conditions: object) -> dict[str, tuple[str, datetime]]:
    found = Notification.objects.filter(lump=lump, kind="seek_care", **conditions)
    return {row.channel: (row.state, row.due_at) for row in found}


def test_what_has_no_haste_goes_by_push_and_the_mail_waits_a_day(ada: User) -> None:
    assert rows_of(sore(ada)) == {"push": ("waiting", NOON), "email": ("waiting", NOON + timedelta(days=1))}


def test_what_has_haste_goes_by_all_ways_at_once(ada: User) -> None:
    lump = a_growing_lump(ada)
    judge(lump, NOON)
    assert rows_of(lump) == {"push": ("waiting", NOON), "email": ("waiting", NOON)}


def test_without_a_phone_the_mail_does_not_wait(ada: User) -> None:
    ada.push_subscriptions.all().delete()
    assert rows_of(sore(ada)) == {"email": ("waiting", NOON)}


def test_a_push_that_was_opened_in_time_is_followed_by_no_mail_and_the_ladder_goes_on(
    ada: User, sink: MailSink, service: PushService
) -> None:
    a_check(a_lump(ada), at=NOON)  # the next is due in a week
    live(NOON, day(7, hour=7))
    assert note_opened(ada, opened_at=day(7, hour=5), address="due") == 0, "it had not gone out by then"
    assert note_opened(an_account("cal@example.org"), opened_at=day(7, hour=7), address="due") == 0
    assert note_opened(ada, opened_at=day(7, hour=7), address="due") == 1
    live(day(7, hour=7), day(9))
    assert (len(service.deliveries), sink.mails) == (1, [])
    assert not Notification.objects.exclude(acknowledged_at=None, answer="").exists(), "opening is no answer"
    live(day(9), day(12))
    assert (len(service.deliveries), len(sink.mails)) == (2, 1), "the second was not opened"


def test_who_came_in_by_a_reminder_to_check_has_not_seen_the_advice(ada: User, service: PushService) -> None:
    lump = sore(ada)
    deliver_due(at=NOON, seconds=5)
    assert note_opened(ada, opened_at=NOON, address="due") == 0
    assert rows_of(lump)["email"][0] == "waiting"
    assert note_opened(ada, opened_at=NOON, address="open") == 1
    assert len(service.deliveries) == 1


def test_what_goes_by_every_way_at_once_is_not_held_back_by_opening_one(ada: User) -> None:
    lump = a_growing_lump(ada)
    judge(lump, NOON)
    Notification.objects.filter(channel="push").update(state="sent", sent_at=NOON)
    assert note_opened(ada, opened_at=NOON, address="open") == 0
    assert rows_of(lump)["email"] == ("waiting", NOON)


@pytest.mark.parametrize("status", [404, 410, 403])
def test_a_push_that_cannot_be_handed_over_brings_the_mail_forward(
    ada: User, service: PushService, sink: MailSink, status: int
) -> None:
    service.answers["phone"] = (status, {})
    lump = sore(ada)
    assert deliver_due(at=NOON, seconds=5) == {"failed": 1, "sent": 1}
    assert rows_of(lump) == {"push": ("failed", NOON), "email": ("sent", NOON)}
    assert len(sink.mails) == 1


def test_a_push_that_dies_at_night_is_followed_by_a_mail_in_the_morning(ada: User, service: PushService) -> None:
    service.answers["phone"] = (410, {})
    lump = sore(ada)
    night = NOON.replace(hour=22)
    Notification.objects.filter(channel="push").update(due_at=night, created_at=night)
    deliver_due(at=night, seconds=5)
    assert rows_of(lump)["email"] == ("waiting", datetime(2026, 11, 21, 8, tzinfo=UTC))


def test_the_last_step_of_a_ladder_takes_all_ways_at_once(ada: User) -> None:
    sore(ada)
    episode = Episode.objects.get(level="routine")
    day, none = timedelta(days=1), timedelta(0)
    assert [ways_of(episode, step, ada) for step in (2, 3, 4)] == [
        [("push", none), ("email", day)],
        [("push", none), ("email", none)],
        [("push", none), ("email", none)],  # past the end, where it was put off
    ]


@pytest.mark.parametrize("answer", ["", "read", "snoozed"])
def test_the_contact_is_told_only_where_nothing_at_all_was_answered(ada: User, answer: str) -> None:
    """Or the words, that there was no answer, would be untrue."""
    contact = name_contact(ada, name="", email="bea@example.org", words=words_version(ada), at=NOON)
    agree(contact, at=NOON)
    lump = a_growing_lump(ada)
    judge(lump, NOON)
    Notification.objects.update(state="sent")
    push = Notification.objects.get(channel="push")
    if answer == "read":
        acknowledge(push, answer="read", on=None, at=NOON)
    elif answer:
        snooze(push, until=NOON + timedelta(days=1), at=NOON)
    for days in (3, 7):
        Lump.objects.update(assess_after=NOON + timedelta(days=days))
        judge(lump, NOON + timedelta(days=days))
    assert ("contact" in rows_of(lump)) is (not answer)


def test_an_answer_while_the_message_to_the_contact_waits_takes_it_back(ada: User) -> None:
    lump = a_lump(ada)
    first, late = an_intent(ada, lump, channel="push", state="sent"), NOON + timedelta(hours=12)
    waiting = an_intent(ada, lump, channel="contact", due_at=late, step=3)
    Notification.objects.filter(pk=waiting.pk).update(episode=first.episode)
    acknowledge(first, answer="read", on=None, at=NOON)
    waiting.refresh_from_db()
    assert waiting.state == "cancelled"


def test_what_was_planned_for_the_day_stays_out_of_the_night_of_a_new_zone(ada: User, sink: MailSink) -> None:
    """Planned for noon in London; by then she is in Honolulu, where it is two at night."""
    lump = sore(ada)
    Notification.objects.filter(channel="push").update(state="sent", sent_at=NOON)
    User.objects.update(time_zone="Pacific/Honolulu")
    noon = NOON + timedelta(days=1)
    assert deliver_due(at=noon, seconds=5) == {}
    assert rows_of(lump)["email"] == ("waiting", datetime(2026, 11, 21, 18, tzinfo=UTC))


def test_an_emergency_is_said_again_at_night_but_not_in_hours_that_were_chosen(ada: User) -> None:
    late = NOON.replace(hour=22)
    for quiet_from, due_at in ((None, late), (21, datetime(2026, 11, 21, 7, tzinfo=UTC))):
        lump = a_lump(ada)
        judge(lump, NOON)
        if quiet_from:
            User.objects.update(quiet_from=f"{quiet_from}:00", quiet_to="07:00")
        Episode.objects.create(
            lump=lump, finding="f", level="emergency", opened_at=NOON, step=1, step_at=NOON, next_step_at=late
        )
        Lump.objects.filter(pk=lump.pk).update(assess_after=late)
        judge(lump, late)
        assert {when for _, when in rows_of(lump, step=2).values()} == {due_at}


def test_after_a_week_without_a_server_what_still_waits_of_an_earlier_step_is_not_sent(
    ada: User, sink: MailSink, service: PushService, settings: Settings
) -> None:
    lump = a_growing_lump(ada)
    judge(lump, NOON)
    sweep(NOON + timedelta(days=7), is_played=True)
    assert {state for state, _ in rows_of(lump, step=1).values()} == {"cancelled"}
    assert {state for state, _ in rows_of(lump, step=2).values()} == {"sent"}
    assert (len(sink.mails), len(service.deliveries)) == (1, 1)


def test_a_deletion_about_another_lump_does_not_make_a_message_come_at_night(ada: User) -> None:
    lump, late = a_lump(ada), NOON.replace(hour=23)
    other = a_check(Lump.objects.create(person=lump.person, site="thigh", created_at=NOON, updated_at=NOON), at=NOON)
    own = a_check(lump, at=NOON, length_mm=12, method="ruler")
    judge(lump, NOON)
    for row, due_at in ((other, datetime(2026, 11, 21, 8, tzinfo=UTC)), (own, late)):
        delete_row(ada, OBSERVATION, row.pk, at=late)
        Episode.objects.exclude(finding="check").delete()
        Episode.objects.create(
            lump=lump, finding="f", level="this_week", about_growth=True, opened_at=NOON, next_step_at=late
        )
        Lump.objects.filter(pk=lump.pk).update(assess_after=late)
        judge(lump, late)
        assert {when for _, when in rows_of(lump).values()} == {due_at}


def test_one_click_in_a_reminder_ends_reminders_by_mail_and_nothing_else(ada: User, sink: MailSink) -> None:
    ada.push_subscriptions.all().delete()
    waiting = an_intent(ada, a_lump(ada), kind="check_due", level="watch")
    stop_reminder_mails(ada)
    deliver_due(at=NOON, seconds=5)
    assert (state_of(waiting.pk), sink.mails) == ("cancelled", [])
    lump = a_lump(ada)
    a_check(lump, at=NOON, signs={"collapse": True, "hard_to_breathe": True})
    live(NOON, day(8))
    assert set(mails_to(sink, ada.email)) == {"Please open this now"}
    assert not Notification.objects.filter(lump=lump, kind="check_due", channel="email").exists()


@pytest.mark.parametrize("answer", ["read", "later"])
def test_the_contact_is_not_told_of_silence_where_the_message_it_rode_along_with_was_answered(
    ada: User, answer: str
) -> None:
    bea = name_contact(ada, name="Bea", email="bea@example.org", words=words_version(ada), at=NOON)
    agree(bea, at=NOON)
    spoke = an_intent(ada, a_lump(ada), level="same_day", step=1)
    rider = Episode.objects.create(lump=spoke.lump, finding="rider", level="next_day", opened_at=NOON, step=2)
    assert "contact" in dict(ways_of(rider, 3, ada))
    at = NOON + timedelta(minutes=5)
    if answer == "read":
        acknowledge(spoke, answer=answer, on=None, at=at)
    else:
        snooze(spoke, until=at + timedelta(hours=1), at=at)
    assert "contact" not in dict(ways_of(rider, 3, ada))
