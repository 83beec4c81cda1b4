"""An assessment as JSON and as text: the same, whatever is in it."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

from tests.triage.histories import AT, care, check, judged
from triage.assessment import Assessment, instant_text
from triage.growth import DoublingDays, Growth

GROWING = [check(7 * week, length_mm=30 - 4 * week, method="ruler") for week in range(5)]


def says_the_same_twice(one: Assessment) -> bool:
    return one.to_text() == json.dumps(one.to_json(), separators=(",", ":"), ensure_ascii=False)


def test_text_and_json_are_the_same() -> None:
    quiet = judged(born="1980-05-05", noticed=None)
    loud = judged(*GROWING, check(0, fever=True, pain=8, confusion=True, number=9), noticed=60, care=(care(3),))
    seen = judged(check(1, pain=5), noticed=90, care=(care(10, review_on="2026-07-01"),))
    assert all(says_the_same_twice(one) for one in (quiet, loud, seen, loud))
    assert len(loud.findings) > 2
    assert loud.growth.state == "growing"


def test_two_findings_of_one_rule_keep_their_own_reasons() -> None:
    first, second = judged(check(1, confusion=True)), judged(check(0.5, confusion=True, mottled_skin=True))
    assert says_the_same_twice(first)
    assert says_the_same_twice(second)
    reasons = [json.loads(one.to_text())["findings"][0]["because"] for one in (first, second)]
    assert [len(one) for one in reasons] == [1, 2]


def test_numbers_are_rounded_and_what_has_no_bound_is_null() -> None:
    growth = Growth(
        "growing",
        4,
        probability_growing=0.987654,
        change_mm=6.05001,
        change_percent=31.06,
        doubling_days=DoublingDays(44.44, 30.06, None),
        since=AT - timedelta(days=30),
        confirm_at=AT + timedelta(days=3),
    )
    made = replace(
        judged(), growth=growth, growth_since=date(2026, 5, 16), confirm_by=date(2026, 6, 18), next_check_on=None
    )
    assert made.to_json()["growth"] == {
        "state": "growing",
        "probability_growing": 0.9877,
        "change_mm": 6.1,
        "change_percent": 31.1,
        "doubling_days": {"estimate": 44.4, "low": 30.1, "high": None},
        "since": "2026-05-16",
        "confirm_by": "2026-06-18",
        "measurements": 4,
    }
    assert made.to_json()["next_check_on"] is None
    endless = replace(growth, doubling_days=DoublingDays(float("inf"), 30.0, float("inf")))
    assert replace(made, growth=endless).to_json()["growth"]["doubling_days"] == {
        "estimate": None,
        "low": 30.0,
        "high": None,
    }


def test_what_is_not_known_is_null() -> None:
    made = judged(born=None, noticed=None).to_json()
    assert made["days_since_noticed"] is made["next_check_on"] is made["growth"]["doubling_days"] is None
    assert made["growth"] == {
        "state": "too_few",
        "probability_growing": None,
        "change_mm": None,
        "change_percent": None,
        "doubling_days": None,
        "since": None,
        "confirm_by": None,
        "measurements": 0,
    }
    assert made["reassess_at"] is None
    assert {"rule": "very-unwell", "missing": ["confusion", "fast_breathing", "mottled_skin", "non_fading_rash"]} in (
        made["unknown"]
    )


def test_instants_are_written_in_utc() -> None:
    assert instant_text(datetime.fromisoformat("2026-06-15T14:00:00+02:00")) == "2026-06-15T12:00:00Z"
    assert instant_text(datetime(2026, 6, 15, 12, 0, 0, 5, tzinfo=UTC)) == "2026-06-15T12:00:00.000005Z"


def test_the_sizes_and_days_behind_a_finding_are_named() -> None:
    made = judged(check(1, length_mm=60, method="ruler"), noticed=90).to_json()
    reasons = {part["fact"]: part["value"] for one in made["findings"] for part in one["because"]}
    assert reasons["lump.size_mm"] == 60
    assert made["days_since_noticed"] == 90
    assert made["next_check_on"] == "2026-06-21"
    assert made["rulebook"].startswith("sha256:")
