"""A level once reached stands until an answer contradicts it, care or closing does: over simulated weeks."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest

from tests.triage.rows import NOON, a_check, a_growing_lump, a_lump, an_account, judge, told
from tracking.models import Lump, Person, User
from tracking.record import put_row
from tracking.record_kinds import CARE
from triage import rulebook
from triage.models import Episode
from triage.shown import shown_assessment
from triage.sweep import sweep

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("mail_folder")]

DAY = timedelta(days=1)


@pytest.fixture
def ada() -> User:
    return an_account()


@pytest.fixture
def other_rules(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A folder with a copy of the rules, which take effect once `load_rulebook` forgets the old ones."""
    folder = tmp_path / "rules"
    folder.mkdir()
    for path in rulebook.RULES_DIR.glob("*.toml"):
        (folder / path.name).write_bytes(path.read_bytes())
    monkeypatch.setattr(rulebook, "RULES_DIR", folder)
    yield folder
    monkeypatch.undo()
    rulebook.load_rulebook.cache_clear()


def measured(lump: Lump, length_mm: float, *, day: int, **signs: Any) -> None:  # Any: answers
    """A check that many days after NOON, judged at once."""
    at = NOON + day * DAY
    a_check(lump, at=at, length_mm=length_mm, method="ruler", signs=signs)
    judge(lump, at)


def answered(lump: Lump, *, day: float, **signs: Any) -> None:  # Any: answers
    at = NOON + day * DAY
    a_check(lump, at=at, signs=signs)
    judge(lump, at)


def judged_by_time(lump: Lump, *, day: float) -> None:
    """Nothing was logged; only time has passed."""
    Lump.objects.filter(pk=lump.pk).update(assess_after=NOON + day * DAY)
    judge(lump, NOON + day * DAY)


def shown(lump: Lump, *, day: float) -> dict[str, Any]:  # Any: JSON
    return shown_assessment(Lump.objects.get(pk=lump.pk), at=NOON + day * DAY)


def why(lump: Lump, rule: str, *, day: float) -> tuple[str, list[str]] | None:
    """Why this rule's advice stands, with the answers that would end it; `None` when it does not."""
    rows = [row for row in shown(lump, day=day)["standing"] if row["rule"] == rule]
    return (rows[0]["why"], rows[0]["answers"]) if rows else None


def growth(lump: Lump) -> Episode:
    return Episode.objects.filter(lump=lump, finding="growing").latest("opened_at")


def care(user: User, lump: Lump, kind: str, *, day: int, **fields: Any) -> None:  # Any: JSON
    at = NOON + day * DAY
    put_row(user, CARE, uuid4(), {"lump": str(lump.pk), "on": at.date().isoformat(), "kind": kind, **fields}, at=at)
    judge(lump, at)


def a_told_growth(user: User) -> Lump:
    lump = a_growing_lump(user)
    judge(lump, NOON)
    return lump


def test_after_one_smaller_size_the_level_falls_and_the_advice_stands(ada: User) -> None:
    lump = a_told_growth(ada)
    for day in (7, 14, 21):
        measured(lump, 14, day=day)
    page = shown(lump, day=21)
    assert page["level"] == "routine"
    assert page["growth"]["state"] == "stable"
    assert page["standing_level"] == "this_week"
    (row,) = page["standing"]
    assert (row["rule"], row["level"], row["why"], row["answers"]) == ("growing-adult", "this_week", "growth", [])
    assert row["since"] == "2026-11-20T12:00:00Z"
    assert row["title"]
    assert row["message"]
    assert row["sources"]


def test_growth_ends_once_sizes_measured_over_eight_weeks_were_stable(ada: User) -> None:
    lump = a_told_growth(ada)
    for day in range(7, 63, 7):
        measured(lump, 14, day=day)
        assert growth(lump).closed_at is None
    measured(lump, 14, day=63)  # calm since the first small size, on day 7
    assert growth(lump).closed_by == "contradicted"
    assert shown(lump, day=63)["standing"] == []


def test_growth_ends_where_it_doubled_and_then_stood_still_for_eight_weeks(ada: User) -> None:
    lump = a_lump(ada)
    for day, length_mm in enumerate([20, 20, *[40] * 10]):
        measured(lump, length_mm, day=7 * day)
    assert shown(lump, day=77)["growth"]["state"] == "stable"
    assert growth(lump).closed_by == "contradicted"


def test_eight_weeks_without_a_size_are_not_eight_stable_weeks(ada: User) -> None:
    lump = a_told_growth(ada)
    for day in (7, 14, 21):
        measured(lump, 14, day=day)
    judged_by_time(lump, day=120)
    assert shown(lump, day=120)["growth"]["state"] == "stable"
    assert growth(lump).closed_at is None


def test_the_persons_own_word_is_taken_back_by_the_person(ada: User) -> None:
    lump = a_lump(ada)
    answered(lump, day=0, trend="bigger")
    assert why(lump, "growing-adult", day=0) == ("holds", ["trend"])
    answered(lump, day=1, fever=False)
    assert why(lump, "growing-adult", day=1) == ("holds", ["trend"])
    answered(lump, day=8, trend="same")
    assert why(lump, "growing-adult", day=8) is None
    assert growth(lump).closed_by == "contradicted"


def test_the_persons_own_word_that_grew_old_stands_as_unanswered(ada: User) -> None:
    lump = a_lump(ada)
    answered(lump, day=0, trend="bigger")
    judged_by_time(lump, day=40)
    assert why(lump, "growing-adult", day=40) == ("unanswered", ["trend"])
    assert shown(lump, day=40)["standing_level"] == "this_week"


def test_what_sizes_showed_is_not_taken_back_by_the_persons_word(ada: User) -> None:
    lump = a_lump(ada)
    answered(lump, day=-36, trend="bigger")
    for week, length_mm in enumerate([12, 13, 15, 17, 19, 21]):
        measured(lump, length_mm, day=7 * week - 35)
    for day in (7, 14, 21):
        measured(lump, 14, day=day, trend="smaller")
    assert why(lump, "growing-adult", day=21) == ("growth", [])


def test_every_alarming_answer_must_be_answered_again(ada: User) -> None:
    lump = a_lump(ada)
    answered(lump, day=0, fever=True, spreading_redness=True)
    both = {"fever", "spreading_redness"}
    rule = next(row["rule"] for row in shown(lump, day=0)["standing"] if both <= {*row["answers"]})
    answered(lump, day=1, fever=False)
    assert why(lump, rule, day=1) == ("not_contradicted", ["spreading_redness"])
    judged_by_time(lump, day=20)
    assert why(lump, rule, day=20) == ("unanswered", ["spreading_redness"])
    answered(lump, day=21, spreading_redness=False)
    assert why(lump, rule, day=21) is None


@pytest.mark.parametrize("answer", [{"temperature_c": 36.8}, {"fever": False}])
def test_a_cool_thermometer_or_a_later_no_takes_back_what_the_thermometer_said(
    ada: User,
    answer: dict[str, Any],  # Any: answers
) -> None:
    lump = a_lump(ada)
    answered(lump, day=0, temperature_c=39, red=True, hot=True)
    warm = [row["rule"] for row in shown(lump, day=0)["standing"] if "temperature_c" in row["answers"]]
    assert warm
    answered(lump, day=1, red=False, hot=False)
    assert [why(lump, rule, day=1) for rule in warm] == [("not_contradicted", ["temperature_c"])]
    answered(lump, day=2, **answer)
    assert [why(lump, rule, day=2) for rule in warm] == [None]


def test_unsure_takes_nothing_back(ada: User) -> None:
    lump = a_lump(ada)
    answered(lump, day=0, trend="bigger")
    answered(lump, day=40, trend="unsure")
    assert why(lump, "growing-adult", day=40) == ("unanswered", ["trend"])


def test_one_smaller_size_does_not_end_what_a_size_asked_for(ada: User) -> None:
    lump = a_lump(ada)
    measured(lump, 56, day=0)
    assert why(lump, "size-adult", day=0) == ("holds", [])
    measured(lump, 46, day=14)
    assert why(lump, "size-adult", day=14) == ("not_contradicted", [])
    care(ada, lump, "seen", day=15)
    assert why(lump, "size-adult", day=15) is None


def test_a_rule_that_was_changed_or_withdrawn_ends_nothing(ada: User, other_rules: Path) -> None:
    lump = a_told_growth(ada)
    before = shown(lump, day=0)["standing"][0]
    (other_rules / "growing-adult.toml").unlink()
    rulebook.load_rulebook.cache_clear()
    judged_by_time(lump, day=1)
    page = shown(lump, day=1)
    assert "growing-adult" not in {row["rule"] for row in page["findings"]}
    (row,) = page["standing"]
    assert (row["title"], row["message"], row["why"]) == (before["title"], before["message"], "growth")


def test_a_rule_that_is_new_opens_nothing_by_an_unrelated_check(ada: User, other_rules: Path) -> None:
    rule = (other_rules / "growing-adult.toml").read_text()
    (other_rules / "growing-adult.toml").unlink()
    rulebook.load_rulebook.cache_clear()
    lump = a_told_growth(ada)
    assert not Episode.objects.filter(lump=lump, finding="growing").exists()
    (other_rules / "growing-adult.toml").write_text(rule)
    rulebook.load_rulebook.cache_clear()
    answered(lump, day=1, worried=True)
    assert shown(lump, day=1)["level"] == "this_week"
    assert not Episode.objects.filter(lump=lump, finding="growing").exists()


def test_a_rule_that_is_new_speaks_up_when_what_it_is_about_is_logged(ada: User, other_rules: Path) -> None:
    rule = (other_rules / "airway.toml").read_text()
    (other_rules / "airway.toml").unlink()
    rulebook.load_rulebook.cache_clear()
    lump = a_lump(ada)
    answered(lump, day=0, fever=False)
    (other_rules / "airway.toml").write_text(rule)
    rulebook.load_rulebook.cache_clear()
    answered(lump, day=1, hard_to_breathe=True)
    assert Episode.objects.filter(lump=lump, finding="airway", closed_at=None).exists()


def test_what_stood_silently_and_holds_anew_is_told_anew(ada: User) -> None:
    lump = a_lump(ada)
    answered(lump, day=0, hard_to_breathe=True)
    for hours in range(1, 60):
        sweep(NOON + timedelta(hours=hours), is_played=True)
    first = Episode.objects.get(lump=lump, finding="airway")
    assert (first.step, first.next_step_at, first.closed_at) == (4, None, None)
    said = len(told(lump))
    answered(lump, day=10, hard_to_breathe=True)
    first.refresh_from_db()
    assert first.closed_by == "renewed"
    assert len(told(lump)) == said + 1


def test_what_was_just_found_is_shown_before_the_job_has_run(ada: User) -> None:
    lump = a_growing_lump(ada)
    page = shown(lump, day=0)
    assert (page["standing_level"], [row["why"] for row in page["standing"]]) == ("this_week", ["holds"])
    assert not Episode.objects.exists()


def test_what_care_has_ended_is_not_among_what_stands_though_its_rule_still_holds(ada: User) -> None:
    lump = a_told_growth(ada)
    care(ada, lump, "seen", day=1)
    page = shown(lump, day=1)
    assert page["level"] == "this_week"
    assert page["standing"] == []


def test_another_persons_record_changes_nothing(ada: User) -> None:
    lump = a_told_growth(ada)
    other = a_lump(an_account("cal@example.org"))
    answered(other, day=1, trend="same", fever=False)
    assert growth(lump).closed_at is None
    assert Person.objects.count() == 2
