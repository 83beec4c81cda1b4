"""One lump, one transaction: what is stored, what is opened and closed, who is told and when next."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from pathlib import Path
from uuid import uuid4

import pytest
from allauth.account.models import EmailAddress
from pytest_django.fixtures import Settings

from tests.triage.rows import NOON, a_check, a_growing_lump, a_lump, an_account
from tracking.models import Lump, Membership, User
from tracking.record import put_row
from tracking.record_kinds import CARE, LUMP
from triage.answers import acknowledge, snooze
from triage.assess import assess_lump, current_assessment
from triage.models import Assessment, Episode, Notification, PushSubscription
from triage.sweep import sweep

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("mail_folder")]


@pytest.fixture
def ada() -> User:
    return an_account()


def judge(lump: Lump, at: datetime) -> bool:
    lump.refresh_from_db()
    assert lump.assess_after is not None
    return assess_lump(lump.pk, mark=lump.assess_after, at=at)


def a_fever(lump: Lump, answer: bool, *, at: datetime) -> None:
    a_check(lump, at=at, signs={"fever": answer, "red": answer, "hot": answer})


def care(user: User, lump: Lump, kind: str, *, at: datetime) -> None:
    put_row(user, CARE, uuid4(), {"lump": str(lump.pk), "on": at.date().isoformat(), "kind": kind}, at=at)


def a_listening_browser(user: User, name: str) -> PushSubscription:
    endpoint = f"https://fcm.googleapis.com/{name}"
    return PushSubscription.objects.create(user=user, endpoint=endpoint, p256dh="", auth="", created_at=NOON)


def told(lump: Lump, kind: str = "seek_care") -> list[Notification]:
    return list(Notification.objects.filter(lump=lump, kind=kind).order_by("created_at", "level"))


def test_a_growing_lump_opens_an_episode_and_writes_one_intent(ada: User) -> None:
    lump = a_growing_lump(ada)
    assert judge(lump, NOON)
    growth = Episode.objects.get(lump=lump, about_growth=True)
    (intent,) = [row for row in told(lump) if row.episode_id == growth.pk]
    assert (intent.user, intent.channel, intent.step, intent.state) == (ada, "email", 1, "waiting")
    assert intent.due_at == NOON


def test_judging_again_while_nothing_has_changed_tells_nothing_again(ada: User) -> None:
    lump = a_growing_lump(ada)
    judge(lump, NOON)
    before = len(told(lump))
    Lump.objects.update(assess_after=NOON)
    judge(lump, NOON + timedelta(hours=1))
    assert len(told(lump)) == before
    assert Assessment.objects.filter(lump=lump).count() == 1
    assert Assessment.objects.get(lump=lump).confirmed_at == NOON + timedelta(hours=1)


def test_a_mark_that_moved_since_it_was_seen_is_left_to_the_next_pass(ada: User) -> None:
    lump = a_lump(ada)
    assert lump.assess_after is not None
    assert not assess_lump(lump.pk, mark=lump.assess_after - timedelta(seconds=1), at=NOON)
    assert not Assessment.objects.exists()


def test_a_lump_that_nobody_touches_any_more_is_judged_when_time_alone_changes_the_answer(ada: User) -> None:
    noticed = NOON.date() - timedelta(days=3)
    lump = a_lump(ada, first_noticed_on=noticed.isoformat(), first_noticed_certainty="exact")
    a_check(lump, at=NOON, length_mm=12, method="ruler", signs={"trend": "same", "fever": False, "pain": 0})
    at, seen = NOON, []
    for _ in range(60):
        sweep(at, is_played=True)
        seen = told(lump)
        lump.refresh_from_db()
        if seen or lump.assess_after is None:
            break
        at = lump.assess_after
    assert seen, "persisting for weeks was never told"
    assert NOON + timedelta(days=7) < at < NOON + timedelta(days=100)
    assert seen[0].level == "routine"


def test_what_only_the_passing_of_time_brought_waits_for_the_morning(ada: User) -> None:
    lump = a_lump(ada)
    episode = Episode.objects.create(
        lump=lump, finding="fever", level="next_day", opened_at=NOON, step=1, next_step_at=NOON + timedelta(hours=11)
    )
    judge(lump, NOON)
    late = NOON + timedelta(hours=11)
    Lump.objects.update(assess_after=late)
    Episode.objects.filter(pk=episode.pk).update(closed_at=None, next_step_at=late, about_growth=True)
    judge(lump, late)
    rows = Notification.objects.filter(episode=episode, step=2)
    assert [row.due_at for row in rows] == [datetime(2026, 11, 21, 8, tzinfo=UTC)]


def test_what_was_logged_about_another_lump_does_not_make_a_message_come_at_night(ada: User) -> None:
    lump = a_lump(ada)
    judge(lump, NOON)
    late = NOON + timedelta(hours=11)
    values = {"person": str(lump.person_id), "site": "thigh"}
    put_row(ada, LUMP, uuid4(), values, at=late)
    Episode.objects.create(
        lump=lump, finding="lasting", level="routine", about_growth=True, opened_at=NOON, next_step_at=late
    )
    Lump.objects.filter(pk=lump.pk).update(assess_after=late)
    judge(lump, late)
    assert [row.due_at for row in told(lump)] == [datetime(2026, 11, 21, 8, tzinfo=UTC)]


def test_chosen_quiet_hours_hold_back_advice_but_not_what_is_urgent_and_just_caused(ada: User) -> None:
    User.objects.update(quiet_from=time(11), quiet_to=time(14))
    growing, feverish = a_growing_lump(ada), a_lump(ada)
    a_fever(feverish, True, at=NOON)
    judge(growing, NOON)
    judge(feverish, NOON)
    assert {row.due_at for row in told(growing)} == {datetime(2026, 11, 20, 14, tzinfo=UTC)}
    urgent = [row for row in told(feverish) if row.level in ("emergency", "same_day")]
    assert urgent
    assert {row.due_at for row in urgent} == {NOON}


def test_a_finding_that_an_answer_contradicts_is_closed_and_what_was_not_sent_is_cancelled(ada: User) -> None:
    lump = a_lump(ada)
    a_fever(lump, True, at=NOON)
    judge(lump, NOON)
    urgent = Episode.objects.get(lump=lump, level__in=["emergency", "same_day"])
    later = NOON + timedelta(hours=1)
    a_fever(lump, False, at=later)
    judge(lump, later)
    urgent.refresh_from_db()
    assert urgent.closed_by == "contradicted"
    assert {row.state for row in urgent.notifications.all()} == {"cancelled"}


def test_a_finding_that_falls_silent_because_its_answer_ran_out_stays_open(ada: User) -> None:
    lump = a_lump(ada)
    a_fever(lump, True, at=NOON)
    judge(lump, NOON)
    urgent = Episode.objects.get(lump=lump, level__in=["emergency", "same_day"])
    much_later = NOON + timedelta(days=40)
    Lump.objects.update(assess_after=much_later)
    judge(lump, much_later)
    urgent.refresh_from_db()
    assert Assessment.objects.order_by("-at")[0].level not in ("emergency", "same_day")
    assert urgent.closed_at is None


def test_growth_stays_open_when_one_more_check_says_otherwise_and_closes_by_care(ada: User) -> None:
    lump = a_growing_lump(ada)
    judge(lump, NOON)
    growth = Episode.objects.get(lump=lump, about_growth=True)
    for day in (1, 2, 3):
        a_check(lump, at=NOON + timedelta(days=day), length_mm=14, method="ruler")
        judge(lump, NOON + timedelta(days=day))
    growth.refresh_from_db()
    assert growth.closed_at is None
    care(ada, lump, "seen", at=NOON + timedelta(days=4))
    judge(lump, NOON + timedelta(days=4))
    growth.refresh_from_db()
    assert growth.closed_by == "care"


def test_a_visit_in_the_morning_does_not_end_what_was_found_in_the_evening(ada: User) -> None:
    lump = a_lump(ada)
    care(ada, lump, "seen", at=NOON - timedelta(hours=3))
    a_fever(lump, True, at=NOON)
    judge(lump, NOON)
    Lump.objects.update(assess_after=NOON)
    judge(lump, NOON + timedelta(hours=1))
    urgent = Episode.objects.get(lump=lump, level__in=["emergency", "same_day"])
    assert urgent.closed_at is None
    care(ada, lump, "seen", at=NOON + timedelta(hours=2))
    judge(lump, NOON + timedelta(hours=2))
    urgent.refresh_from_db()
    assert urgent.closed_by == "care"


def test_seen_and_then_still_growing_opens_nothing_new_by_itself(ada: User) -> None:
    lump = a_growing_lump(ada)
    judge(lump, NOON)
    at = NOON + timedelta(days=1)
    care(ada, lump, "seen", at=at)
    judge(lump, at)
    Lump.objects.update(assess_after=at)
    judge(lump, at + timedelta(hours=1))
    assert not Episode.objects.filter(lump=lump, about_growth=True, closed_at=None).exists()


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


def two_findings(ada: User, *, urgent: str = "next_day", lesser: str = "routine") -> tuple[Lump, Episode, Episode]:
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
    lump, _, _ = two_findings(ada)
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
    again = NOON + timedelta(days=1)
    Lump.objects.update(assess_after=again)
    judge(lump, again)
    assert [(row.episode_id, row.step) for row in told(lump)] == [(rider.pk, 2)]


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
    assert (rider.step, rider.next_step_at) == (2, last + timedelta(days=14))


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


def test_a_new_version_of_the_rules_alone_opens_nothing(ada: User, monkeypatch: pytest.MonkeyPatch) -> None:
    """Before: no rule fired (an empty book). Then the real book arrives, and nothing was logged or has passed."""
    lump = a_growing_lump(ada)
    judge(lump, NOON)
    Notification.objects.all().delete()
    Episode.objects.all().delete()
    row = Assessment.objects.get(lump=lump)
    row.document |= {"findings": [], "level": "watch", "rulebook": "sha256:older"}
    row.rulebook = "sha256:older"
    row.save()
    Lump.objects.update(assess_after=NOON)
    judge(lump, NOON + timedelta(minutes=5))
    assert told(lump) == []
    assert Assessment.objects.filter(lump=lump).count() == 2


def test_a_stronger_version_of_a_rule_alone_opens_nothing(ada: User) -> None:
    lump = a_growing_lump(ada)
    judge(lump, NOON)
    row = Assessment.objects.get(lump=lump)
    for finding in row.document["findings"]:
        finding["level"] = "routine"
    row.document["rulebook"] = row.rulebook = "sha256:older"
    row.save()
    Episode.objects.update(level="routine")
    before = set(Episode.objects.values_list("pk", "closed_at"))
    Lump.objects.update(assess_after=NOON)
    judge(lump, NOON + timedelta(minutes=5))
    assert set(Episode.objects.values_list("pk", "closed_at")) == before


def test_the_reminder_to_check_comes_on_its_day_at_six_in_the_evening_where_the_person_lives(ada: User) -> None:
    User.objects.update(time_zone="America/New_York")
    lump = a_lump(User.objects.get())
    a_check(lump, at=NOON, length_mm=12, method="ruler", signs={"fever": False})
    judge(lump, NOON)
    due_on = Assessment.objects.get(lump=lump).document["next_check_on"]
    check = Episode.objects.get(lump=lump, finding="check")
    assert check.next_step_at is not None
    assert check.next_step_at.isoformat() == f"{due_on}T23:00:00+00:00"
    sweep(check.next_step_at, is_played=True)
    (intent,) = told(lump, "check_due")
    assert (intent.level, intent.state) == ("watch", "written")


def test_a_new_check_moves_the_reminder_and_three_days_of_downtime_make_one_message(ada: User) -> None:
    lump = a_lump(ada)
    a_check(lump, at=NOON, length_mm=12, method="ruler")
    judge(lump, NOON)
    first = Episode.objects.get(lump=lump, finding="check").next_step_at
    assert first is not None
    later = first - timedelta(days=1)
    a_check(lump, at=later, length_mm=12, method="ruler")
    judge(lump, later)
    moved = Episode.objects.get(lump=lump, finding="check").next_step_at
    assert moved is not None
    assert moved > first
    for hours in (0, 1, 2):
        sweep(moved + timedelta(days=3, hours=hours), is_played=True)
    assert len(told(lump, "check_due")) == 1


def test_who_moves_to_another_zone_is_reminded_in_the_evening_there(ada: User) -> None:
    lump = a_lump(ada)
    a_check(lump, at=NOON, length_mm=12, method="ruler")
    judge(lump, NOON)
    in_london = Episode.objects.get(lump=lump, finding="check").next_step_at
    User.objects.update(time_zone="Asia/Tokyo")
    Lump.objects.update(assess_after=NOON)
    judge(lump, NOON + timedelta(hours=1))
    in_tokyo = Episode.objects.get(lump=lump, finding="check").next_step_at
    assert in_london is not None
    assert in_tokyo == in_london - timedelta(hours=9)


def test_judging_on_the_day_itself_does_not_move_the_reminder(ada: User) -> None:
    lump = a_lump(ada)
    a_check(lump, at=NOON, length_mm=12, method="ruler")
    judge(lump, NOON)
    due = Episode.objects.get(lump=lump, finding="check").next_step_at
    assert due is not None
    Lump.objects.update(assess_after=NOON)
    judge(lump, due - timedelta(hours=3))
    assert Episode.objects.get(lump=lump, finding="check").next_step_at == due


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


def test_the_shown_assessment_is_fresh_at_once_and_tells_nobody(ada: User) -> None:
    lump = a_growing_lump(ada)
    lump.refresh_from_db()
    assert current_assessment(lump, at=NOON)["level"] == "this_week"
    assert not Assessment.objects.exists()
    assert not Notification.objects.exists()


def test_the_stored_assessment_is_shown_until_something_changes(ada: User) -> None:
    lump = a_growing_lump(ada)
    judge(lump, NOON)
    lump.refresh_from_db()
    assert current_assessment(lump, at=NOON + timedelta(minutes=1))["at"] == "2026-11-20T12:00:00Z"
    a_check(lump, at=NOON + timedelta(minutes=2), length_mm=24, method="ruler")
    lump.refresh_from_db()
    assert current_assessment(lump, at=NOON + timedelta(minutes=2))["at"] == "2026-11-20T12:02:00Z"


def test_deleting_a_person_takes_everything_about_them_along(ada: User, mail_folder: Path) -> None:
    lump = a_growing_lump(ada)
    judge(lump, NOON)
    lump.person.delete()
    assert not Assessment.objects.exists()
    assert not Episode.objects.exists()
    assert not Notification.objects.exists()
