"""Who is told of what, by which ways, how often, and what an answer ends."""

from __future__ import annotations

from datetime import timedelta

import pytest
from allauth.account.models import EmailAddress
from pytest_django.fixtures import Settings

from tests.triage.rows import NOON, a_check, a_growing_lump, a_lump, an_account, judge, told
from tracking.models import Lump, Membership, User
from triage.answers import acknowledge, snooze
from triage.closing import close_episode
from triage.marks import mark_told_to
from triage.models import Episode, Notification, PushSubscription
from triage.sweep import sweep

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("mail_folder")]


@pytest.fixture
def ada() -> User:
    return an_account()


def a_listening_browser(user: User, name: str) -> PushSubscription:
    endpoint = f"https://fcm.googleapis.com/{name}"
    return PushSubscription.objects.create(user=user, endpoint=endpoint, p256dh="", auth="", created_at=NOON)


def test_advice_that_nobody_answers_is_repeated_and_ends_by_itself(ada: User) -> None:
    lump = a_growing_lump(ada)
    at = NOON
    for _ in range(200):
        lump.refresh_from_db()
        if lump.assess_after is None or lump.assess_after > NOON + timedelta(days=60):
            break
        at = max(at, lump.assess_after)
        sweep(at, is_played=True)
    growth = Episode.objects.get(lump=lump, about_growth=True)
    steps = list(growth.notifications.order_by("step").values_list("step", flat=True))
    assert steps == [1, 2, 3, 4]
    assert growth.next_step_at is None


def two_findings(ada: User, *, urgent: str = "next_day", lesser: str = "this_week") -> tuple[Lump, Episode, Episode]:
    """Both opened by one check, and told of together."""
    lump = a_lump(ada)
    judge(lump, NOON)
    values = {"lump": lump, "about_growth": True, "opened_at": NOON, "next_step_at": NOON}
    speaker = Episode.objects.create(finding="urgent", level=urgent, **values)
    rider = Episode.objects.create(finding="lesser", level=lesser, **values)
    Lump.objects.update(assess_after=NOON)
    judge(lump, NOON)
    return lump, speaker, rider


def test_five_findings_of_one_check_are_one_ladder(ada: User) -> None:
    lump, _, _ = two_findings(ada, lesser="next_day")
    for number in range(3):
        values = {"lump": lump, "about_growth": True, "opened_at": NOON, "next_step_at": NOON, "level": "next_day"}
        Episode.objects.create(finding=str(number), **values)
    Notification.objects.all().delete()
    Episode.objects.exclude(finding="check").update(step=0, step_at=None, next_step_at=NOON)
    at = NOON
    for _ in range(60):
        Lump.objects.update(assess_after=at)
        judge(lump, at)
        at += timedelta(hours=12)
    assert [(row.level, row.step) for row in told(lump)] == [("next_day", step) for step in (1, 2, 3, 4)]


def test_what_rode_along_goes_on_when_the_one_that_spoke_is_dealt_with(ada: User) -> None:
    lump, speaker, rider = two_findings(ada)
    speaker.delete()
    again = NOON + timedelta(days=3)
    Lump.objects.update(assess_after=again)
    judge(lump, again)
    assert [(row.episode_id, row.step) for row in told(lump)] == [(rider.pk, 2)]


def test_the_steps_of_what_rides_along_are_not_used_up_while_an_emergency_speaks(ada: User) -> None:
    lump, speaker, rider = two_findings(ada, urgent="emergency")
    for hours in range(1, 48):
        Lump.objects.update(assess_after=NOON + timedelta(hours=hours))
        judge(lump, NOON + timedelta(hours=hours))
    assert [(row.level, row.step) for row in told(lump)] == [("emergency", step) for step in (1, 2, 3, 4)]
    rider.refresh_from_db()
    assert (rider.step, rider.next_step_at) == (1, NOON + timedelta(days=3))
    Notification.objects.update(state="sent")
    close_episode(speaker, by="contradicted", at=NOON + timedelta(hours=48))
    for day in range(2, 20):
        Lump.objects.update(assess_after=NOON + timedelta(days=day))
        judge(lump, NOON + timedelta(days=day))
    own = [(row.step, row.created_at - NOON) for row in told(lump) if row.episode_id == rider.pk]
    assert own == [(2, timedelta(days=3)), (3, timedelta(days=7)), (4, timedelta(days=14))]


def test_what_is_less_urgent_waits_for_the_next_message_instead_of_coming_between(ada: User) -> None:
    lump, speaker, rider = two_findings(ada, urgent="same_day", lesser="next_day")
    Episode.objects.filter(pk=speaker.pk).update(next_step_at=NOON + timedelta(days=2))
    again = NOON + timedelta(days=1)
    Lump.objects.update(assess_after=again)
    judge(lump, again)
    rider.refresh_from_db()
    assert (rider.step, rider.next_step_at) == (1, NOON + timedelta(days=2))
    assert len(told(lump)) == 1


def test_what_is_new_and_less_urgent_does_not_wait(ada: User) -> None:
    lump, speaker, _ = two_findings(ada)
    values = {"lump": lump, "opened_at": NOON, "next_step_at": NOON + timedelta(hours=1), "level": "this_week"}
    new = Episode.objects.create(finding="new", **values)
    again = NOON + timedelta(hours=1)
    Lump.objects.update(assess_after=again)
    judge(lump, again)
    assert [row.episode_id for row in told(lump)] == [speaker.pk, new.pk]


def test_what_rode_along_speaks_at_once_when_nothing_was_sent_before_the_other_was_dealt_with(ada: User) -> None:
    lump, speaker, rider = two_findings(ada)
    Notification.objects.update(state="cancelled")
    Episode.objects.filter(pk=speaker.pk).update(closed_at=NOON)
    Lump.objects.update(assess_after=NOON)
    judge(lump, NOON + timedelta(hours=1))
    assert {row.episode_id: row.state for row in told(lump)} == {speaker.pk: "cancelled", rider.pk: "waiting"}


def test_what_rides_along_with_a_last_step_still_has_its_own(ada: User) -> None:
    lump, speaker, rider = two_findings(ada)
    last = NOON + timedelta(days=7)
    Episode.objects.filter(pk=speaker.pk).update(step=3, next_step_at=last)
    Episode.objects.filter(pk=rider.pk).update(step=1, next_step_at=last)
    Lump.objects.update(assess_after=last)
    judge(lump, last)
    speaker.refresh_from_db()
    rider.refresh_from_db()
    assert speaker.next_step_at is None
    assert (rider.step, rider.next_step_at) == (2, last + timedelta(days=4))


def test_what_rode_along_is_not_told_again_by_itself(ada: User) -> None:
    lump, _, _ = two_findings(ada)
    Notification.objects.update(state="sent")
    for minutes in (1, 2):
        Lump.objects.update(assess_after=NOON)
        judge(lump, NOON + timedelta(minutes=minutes))
    assert len(told(lump)) == 1


@pytest.mark.parametrize(("answer", "ends"), [("seen", "care"), ("will_not_act", "person")])
def test_an_answer_ends_all_that_the_message_spoke_for(ada: User, answer: str, ends: str) -> None:
    lump, speaker, rider = two_findings(ada)
    acknowledge(told(lump)[0], answer=answer, on=None, at=NOON)
    assert [Episode.objects.get(pk=row.pk).closed_by for row in (speaker, rider)] == [ends, ends]


def test_an_appointment_and_a_snooze_rest_all_that_the_message_spoke_for(ada: User) -> None:
    lump, speaker, rider = two_findings(ada)
    for answer in ("booked", "snooze"):
        Episode.objects.filter(pk__in=(speaker.pk, rider.pk)).update(next_step_at=NOON)
        if answer == "booked":
            acknowledge(told(lump)[0], answer="booked", on=NOON.date() + timedelta(days=1), at=NOON)
        else:
            snooze(told(lump)[0], until=NOON + timedelta(hours=20), at=NOON)
        rests = {Episode.objects.get(pk=row.pk).next_step_at for row in (speaker, rider)}
        assert len(rests) == 1
        assert NOON not in rests


def test_an_answer_leaves_what_is_more_urgent_or_came_later(ada: User) -> None:
    lump, speaker, rider = two_findings(ada)
    Episode.objects.filter(pk=speaker.pk).update(level="same_day")
    Episode.objects.filter(pk=rider.pk).update(opened_at=NOON + timedelta(hours=1))
    acknowledge(told(lump)[0], answer="will_not_act", on=None, at=NOON)
    assert [Episode.objects.get(pk=row.pk).closed_at for row in (speaker, rider)] == [None, None]


def test_every_owner_is_told_and_nobody_else(ada: User) -> None:
    lump = a_growing_lump(ada)
    for email, role in (("partner@example.org", "owner"), ("bea@example.org", "viewer")):
        Membership.objects.create(user=an_account(email), person=lump.person, role=role)
    judge(lump, NOON)
    assert {row.user.email for row in told(lump)} == {"ada@example.org", "partner@example.org"}


def test_what_was_only_written_to_a_file_goes_out_by_push_once_there_is_one(ada: User) -> None:
    lump = a_growing_lump(ada)
    sweep(NOON, is_played=True)
    assert {row.state for row in told(lump)} == {"written"}
    a_listening_browser(ada, "phone")
    Lump.objects.update(assess_after=NOON)
    judge(lump, NOON + timedelta(hours=1))
    assert {(row.channel, row.step) for row in told(lump)} == {("email", 1), ("push", 1)}


def test_a_push_that_failed_goes_out_again_once_another_browser_listens(ada: User) -> None:
    lump = a_growing_lump(ada)
    User.objects.update(email_wanted=False)
    old = a_listening_browser(ada, "old")
    judge(lump, NOON)
    Notification.objects.update(state="failed", attempts=1, last_error="push_410")
    PushSubscription.objects.filter(pk=old.pk).update(state="gone")
    again = NOON + timedelta(hours=1)
    Lump.objects.update(assess_after=NOON)
    judge(lump, again)
    assert [row.state for row in told(lump)] == ["failed"]
    a_listening_browser(ada, "new")
    Lump.objects.update(assess_after=again)
    judge(lump, again)
    assert [(row.state, row.attempts, row.due_at) for row in told(lump)] == [("waiting", 0, again)]


def test_a_mail_that_was_only_written_is_sent_once_there_is_a_mail_server(ada: User, settings: Settings) -> None:
    lump = a_growing_lump(ada)
    sweep(NOON, is_played=True)
    Lump.objects.update(assess_after=NOON)
    judge(lump, NOON + timedelta(minutes=1))
    assert [row.state for row in told(lump)] == ["written"]
    settings.EMAIL_CONFIGURED = True
    EmailAddress.objects.create(user=ada, email=ada.email, verified=True, primary=True)
    Lump.objects.update(assess_after=NOON)
    judge(lump, NOON + timedelta(hours=1))
    assert [row.state for row in told(lump)] == ["waiting"]


def test_a_message_that_was_set_aside_by_its_own_fault_stays_so(ada: User) -> None:
    lump = a_growing_lump(ada)
    a_listening_browser(ada, "phone")
    judge(lump, NOON)
    Notification.objects.update(state="failed", attempts=5, failures=Notification.SET_ASIDE_AFTER)
    Lump.objects.update(assess_after=NOON)
    judge(lump, NOON + timedelta(hours=1))
    assert {row.state for row in told(lump)} == {"failed"}


@pytest.mark.parametrize(("level", "hours", "waits"), [("same_day", 0.05, False), ("same_day", 13, True)])
def test_urgent_news_goes_out_at_night_by_a_way_that_opens_minutes_later(
    ada: User, level: str, hours: float, waits: bool
) -> None:
    User.objects.update(email_wanted=False)
    night = NOON + timedelta(hours=10)
    lump = a_lump(ada, at=night - timedelta(days=1))
    judge(lump, night - timedelta(hours=20))
    moment = {"opened_at": night - timedelta(hours=hours), "step_at": night - timedelta(hours=hours)}
    Episode.objects.create(
        lump=lump,
        finding="urgent",
        level=level,
        step=1,
        about_growth=True,
        next_step_at=NOON + timedelta(days=3),
        **moment,
    )
    a_listening_browser(ada, "late")
    judge(lump, night)
    (row,) = told(lump)
    assert (row.due_at > night) == waits


def test_an_emergency_is_not_held_by_quiet_hours_of_ones_own_when_its_first_way_was_dead(ada: User) -> None:
    User.objects.update(quiet_from="22:00", quiet_to="07:00", email_wanted=False)
    night = NOON + timedelta(hours=11)
    lump = a_lump(ada, at=night)
    a_check(lump, at=night, signs={"collapse": True, "hard_to_breathe": True})
    sweep(night + timedelta(seconds=30), is_played=True)
    assert told(lump) == []
    a_listening_browser(ada, "late")
    later = night + timedelta(minutes=3)
    mark_told_to(ada, at=later)
    sweep(later, is_played=True)
    assert {row.due_at for row in told(lump)} == {later}
