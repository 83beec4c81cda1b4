"""How a history is judged: levels, families, care, closing, clocks and the exact moment of asking again."""

from __future__ import annotations

import dataclasses
from datetime import UTC, datetime, timedelta
from typing import Any

from tests.triage.histories import AT, care, check, day, document, fired, judged, unknowns
from tracking.history import parse_history
from triage.engine import assess
from triage.rulebook import load_rulebook

BOOK = load_rulebook()
ALL_TOLD = {"cause": "none", "kind": "under_skin"}  # nothing open that only some days allow


def test_no_rule_leaves_the_level_at_watch() -> None:
    result = judged(check(1, length_mm=10, method="ruler"))
    assert result.level == "watch"
    assert result.findings == ()
    assert "very-unwell" in unknowns(result)


def test_the_level_is_the_most_urgent_finding_s() -> None:
    result = judged(check(saddle_numbness=True, pain=5), site="lower_back")
    assert result.level == "emergency"
    assert {"cauda-equina-back", "painful"} <= fired(result)


def test_the_shape_is_the_contract_s() -> None:
    made = judged(check(trend="bigger", length_mm=20, method="ruler"), noticed=20).to_json()
    assert list(made) == [
        "lump",
        "at",
        "level",
        "findings",
        "unknown",
        "growth",
        "days_since_noticed",
        "next_check_on",
        "reassess_at",
        "rulebook",
    ]
    finding = made["findings"][0]
    assert list(finding) == ["rule", "version", "level", "title", "message", "because", "sources"]
    assert finding["because"][0] == {
        "fact": "sign.trend",
        "value": "bigger",
        "observations": ["00000000-0000-0000-0000-000000000001"],
    }
    assert list(finding["sources"][0]) == ["title", "url", "section", "accessed"]
    assert made["at"] == "2026-06-15T12:00:00Z"
    assert list(made["growth"]) == [
        "state",
        "probability_growing",
        "change_mm",
        "change_percent",
        "doubling_days",
        "since",
        "confirm_by",
        "measurements",
    ]
    assert made["days_since_noticed"] == 20


def test_the_person_s_own_bigger_counts_whatever_the_sizes_say() -> None:
    sizes = [check(days, length_mm=20, method="ruler") for days in (28, 21, 14, 7)]
    result = judged(*sizes, check(0, length_mm=20, method="ruler", trend="bigger"), noticed=30)
    assert result.level == "this_week"
    assert "growing-adult" in fired(result)


def test_two_weeks_are_fourteen_calendar_days_where_the_person_lives() -> None:
    late = datetime(2026, 6, 15, 23, 30, tzinfo=UTC)  # already the 16th in Berlin
    assert judged(check(1), noticed=13, zone="UTC", at=late).level == "watch"
    assert judged(check(1), noticed=13, zone="Europe/Berlin", at=late).level == "routine"


def test_an_undecided_age_fires_the_least_urgent_of_the_family() -> None:
    result = judged(check(trend="bigger"), born=None)
    assert result.level == "this_week"
    assert "birth_date" in unknowns(result)["growing-child"]


def test_an_undecided_age_fires_nothing_where_the_other_band_is_quiet() -> None:
    result = judged(check(length_mm=30, method="ruler"), born=None)
    assert not {"size-child", "size-adult"} & fired(result)
    assert "birth_date" in unknowns(result)["size-child"]


def test_a_birth_year_that_decides_is_enough() -> None:
    assert judged(check(trend="bigger"), born="2010").level == "next_day"


def test_an_alarming_answer_past_its_span_is_not_known_any_more() -> None:
    result = judged(check(4, fever=True, confusion=True))
    assert result.level == "watch"
    assert unknowns(result)["fever-with-lump"] == ("fever",)
    assert "very-unwell" in unknowns(result)


def test_a_later_no_ends_an_alarm() -> None:
    assert judged(check(0.2, confusion=True), check(0.1, confusion=False)).level == "watch"


def test_an_unsure_takes_no_alarm_back() -> None:
    assert judged(check(2, consistency="hard"), check(0, consistency="unsure")).level == "this_week"


def test_a_clock_that_runs_ahead_hides_nothing() -> None:
    ahead = check(-2, saddle_numbness=True, received_at=AT.isoformat())
    assert judged(ahead, site="lower_back").level == "emergency"


def test_what_lies_ahead_is_ignored_until_its_moment() -> None:
    result = judged(check(-2, saddle_numbness=True), check(1), site="lower_back")
    assert result.level == "watch"
    assert result.reassess_at == AT + timedelta(days=2)


def test_a_visit_rests_routine_advice() -> None:
    old = [check(30, length_mm=20, method="ruler", pain=0), check(1, length_mm=20, method="ruler", pain=0)]
    assert judged(*old, noticed=90).level == "routine"
    assert judged(*old, noticed=90, care=(care(10),)).level == "watch"


def test_booked_and_told_rest_nothing() -> None:
    for kind in ("booked", "told", "imaging"):
        assert judged(check(1), noticed=90, care=(care(10, kind),)).level == "routine"


def test_what_a_clinician_wrote_counts_only_once_confirmed() -> None:
    assert judged(check(1), noticed=90, care=(care(10, by="clinician"),)).level == "routine"
    assert judged(check(1), noticed=90, care=(care(10, by="clinician", confirmed=True),)).level == "watch"


def test_a_visit_never_rests_more_urgent_advice() -> None:
    assert judged(check(1, length_mm=52, method="ruler"), noticed=90, care=(care(0),)).level == "this_week"


def test_a_new_alarm_after_the_visit_wakes_the_routine_advice() -> None:
    assert judged(check(20, red=False), check(1, red=True), noticed=90, care=(care(10),)).level == "routine"


def test_an_alarm_the_clinician_saw_does_not_wake_it() -> None:
    assert judged(check(11, pain=5), check(1, pain=5), noticed=90, care=(care(10),)).level == "watch"


def test_time_alone_does_not_wake_it() -> None:
    result = judged(check(13, pain=0), noticed=16, care=(care(12),))
    assert result.level == "watch"


def test_a_rule_that_was_quiet_at_the_visit_wakes_it() -> None:
    before, after = check(20, length_mm=20, method="ruler"), check(1, length_mm=26, method="ruler")
    assert judged(before, after, noticed=90, care=(care(10),)).level == "routine"


def test_an_agreed_review_date_rests_it_until_that_day() -> None:
    resting = judged(check(1), noticed=90, care=(care(10, review_on=day(-5)),))
    assert resting.level == "watch"
    assert resting.reassess_at == datetime(2026, 6, 20, tzinfo=UTC)
    assert judged(check(1), noticed=90, care=(care(10, review_on=day(0)),)).level == "routine"


def test_a_closed_lump_is_judged_for_emergencies_only() -> None:
    closed: dict[str, Any] = {"closed_on": day(1), "closed_reason": "stopped"}  # Any: JSON
    assert judged(check(2, length_mm=60, method="ruler"), noticed=90, **closed).level == "watch"
    assert judged(check(2, back_pain=True), noticed=90, site="lower_back", **closed).level == "same_day"


def test_a_later_check_opens_it_again() -> None:
    closed: dict[str, Any] = {"closed_on": day(10), "closed_reason": "stopped"}  # Any: JSON
    assert judged(check(2, length_mm=60, method="ruler"), noticed=90, **closed).level == "this_week"


def test_gone_closes_with_one_look_after_four_weeks() -> None:
    result = judged(check(20, trend="same"), check(2, trend="gone"), noticed=90)
    assert result.level == "watch"
    assert result.next_check_on == (AT + timedelta(days=26)).date()


def test_after_that_look_no_other_is_asked_for() -> None:
    gone_twice = judged(check(50, trend="same"), check(40, trend="gone"), check(5, trend="gone"), noticed=90)
    assert gone_twice.next_check_on is None


def test_the_order_of_observations_and_the_offset_of_instants_do_not_matter() -> None:
    checks = [
        check(2, pain=5, length_mm=12, method="ruler"),
        check(1, pain=0, length_mm=13, method="ruler"),
        check(0, red=True),
    ]
    first = judged(*checks)
    turned = [
        dict(one, observed_at=datetime.fromisoformat(one["observed_at"]).astimezone().isoformat())
        for one in reversed(checks)
    ]
    assert judged(*turned).to_json() == first.to_json()


def test_the_region_chooses_the_words() -> None:
    assert "911" in judged(check(confusion=True), region="US").findings[0].message


def test_the_same_history_gives_the_same_answer_twice() -> None:
    made = parse_history(document(check(1, pain=5)), at=AT, for_judging=True)
    assert assess(made, AT) == assess(made, AT)


def test_what_time_alone_would_have_brought_is_a_change_no_longer() -> None:
    """Sore for longer than was thought, told after the visit: new now, but by the 28th day it would be so anyway."""
    routine = dataclasses.replace(next(rule for rule in BOOK.rules if rule.id == "skin-sore"), level="routine")
    book = dataclasses.replace(BOOK, rules=(routine,))
    checks = [check(12, ulcer=True, ulcer_days=2, number=1), check(1, ulcer=True, ulcer_days=60, number=2)]
    made = parse_history(document(*checks, noticed=14, care=(care(11),)), at=AT, for_judging=True)
    first = assess(made, AT, rulebook=book)
    assert first.level == "routine"
    assert first.reassess_at is not None
    assert assess(made, first.reassess_at - timedelta(microseconds=1), rulebook=book).level == "routine"
