"""One lump, one transaction: what is stored, what is opened and closed, who is told and when next."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from pathlib import Path
from uuid import uuid4

import pytest

from tests.triage.rows import NOON, a_check, a_growing_lump, a_lump, an_account, judge, told
from tracking.models import Lump, User
from tracking.record import put_row
from tracking.record_kinds import CARE, LUMP
from triage.assess import assess_lump, current_assessment
from triage.models import Assessment, Episode, Notification
from triage.papers import Papers
from triage.sweep import sweep

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("mail_folder")]


@pytest.fixture
def ada() -> User:
    return an_account()


def a_fever(lump: Lump, answer: bool, *, at: datetime) -> None:
    a_check(lump, at=at, signs={"fever": answer, "red": answer, "hot": answer})


def care(user: User, lump: Lump, kind: str, *, at: datetime) -> None:
    put_row(user, CARE, uuid4(), {"lump": str(lump.pk), "on": at.date().isoformat(), "kind": kind}, at=at)


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
    judge(lump, NOON)
    late = NOON + timedelta(hours=11)
    episode = Episode.objects.create(
        lump=lump, finding="fever", level="next_day", opened_at=NOON, step=1, step_at=NOON, next_step_at=late
    )
    Lump.objects.update(assess_after=late)
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
        lump=lump, finding="lasting", level="this_week", about_growth=True, opened_at=NOON, next_step_at=late
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


def test_the_shown_assessment_is_fresh_at_once_and_tells_nobody(ada: User) -> None:
    lump = a_growing_lump(ada)
    lump.refresh_from_db()
    assert current_assessment(Papers(lump), at=NOON)["level"] == "this_week"
    assert not Assessment.objects.exists()
    assert not Notification.objects.exists()


def test_the_stored_assessment_is_shown_until_something_changes(ada: User) -> None:
    lump = a_growing_lump(ada)
    judge(lump, NOON)
    lump.refresh_from_db()
    assert current_assessment(Papers(lump), at=NOON + timedelta(minutes=1))["at"] == "2026-11-20T12:00:00Z"
    a_check(lump, at=NOON + timedelta(minutes=2), length_mm=24, method="ruler")
    lump.refresh_from_db()
    assert current_assessment(Papers(lump), at=NOON + timedelta(minutes=2))["at"] == "2026-11-20T12:02:00Z"


def test_deleting_a_person_takes_everything_about_them_along(ada: User, mail_folder: Path) -> None:
    lump = a_growing_lump(ada)
    judge(lump, NOON)
    lump.person.delete()
    assert not Assessment.objects.exists()
    assert not Episode.objects.exists()
    assert not Notification.objects.exists()
