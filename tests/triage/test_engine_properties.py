"""What must hold for every history: urgency, missing answers, clocks, and the exact moment of asking again."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.triage.histories import AT, care, check, document
from tracking import catalogue
from tracking.history import parse_history
from triage.engine import Assessment, assess
from triage.facts.record import SIGNS
from triage.rulebook import RANK

ALARMS = {name: field for name, field in SIGNS.items() if field.alarming or field.alarming_from is not None}
FLAGS = sorted(name for name, field in SIGNS.items() if field.kind == "flag" and field.alarming)
SITES = sorted(catalogue.SITES)
CAUSES = ["injury", "serious_accident", "insect_bite", "infection", "surgery", "none", "unsure"]
KINDS = ["in_skin", "under_skin", "deep", "gland", "comes_and_goes", "unsure"]
quick = settings(max_examples=120, deadline=None, suppress_health_check=list(HealthCheck))


def alarming_answer(name: str) -> object:
    field = ALARMS[name]
    return field.alarming[0] if field.alarming else field.alarming_from


@st.composite
def signs(draw: st.DrawFn) -> dict[str, Any]:  # Any: JSON
    some = draw(st.lists(st.sampled_from(FLAGS), max_size=6, unique=True))
    told: dict[str, Any] = {name: draw(st.booleans()) for name in some}
    for name in draw(st.lists(st.sampled_from(["trend", "consistency", "mobility"]), max_size=3, unique=True)):
        told[name] = draw(st.sampled_from(sorted(SIGNS[name].choices)))
    if draw(st.booleans()):
        told["pain"] = draw(st.integers(0, 10))
    if draw(st.booleans()):
        told["temperature_c"] = draw(st.sampled_from([36.5, 37.9, 38.0, 39.1]))
    return told


@st.composite
def documents(draw: st.DrawFn) -> dict[str, Any]:  # Any: JSON
    noticed = draw(st.integers(0, 60))
    days = draw(st.lists(st.integers(0, 60), max_size=4, unique=True))
    checks = []
    for ago in days:
        size = draw(st.one_of(st.none(), st.integers(3, 60)))
        measured: dict[str, Any] = {} if size is None else {"length_mm": size, "method": "ruler"}  # Any: JSON
        checks.append(check(ago + 0.01, **measured, **draw(signs())))
    told = {}
    if draw(st.booleans()):
        told["cause"] = draw(st.sampled_from(CAUSES))
    if draw(st.booleans()):
        told["kind"] = draw(st.sampled_from(KINDS))
    visits = (care(draw(st.integers(0, 30))),) if draw(st.booleans()) else ()
    return document(
        *checks,
        site=draw(st.sampled_from(SITES)),
        side=draw(st.sampled_from([None, "left", "midline"])),
        noticed=noticed,
        born=draw(
            st.sampled_from([None, "2026-04-01", "2022-01-01", "2010", "2001", "1996-06-20", "1970", "1940-02-29"])
        ),
        sex=draw(st.sampled_from([None, "female", "male"])),
        background=told,
        care=visits,
        zone=draw(st.sampled_from(["UTC", "Europe/London", "Pacific/Auckland"])),
    )


def judge(made: dict[str, Any], at: datetime = AT) -> Assessment:  # Any: JSON
    return assess(parse_history(made, at=at, for_judging=True), at)


def answered_now(made: dict[str, Any], **answers: Any) -> dict[str, Any]:  # Any: JSON
    return made | {"observations": [*made["observations"], check(0, number=5_000_000, **answers)]}


@quick
@given(documents(), st.sampled_from(sorted(ALARMS)))
def test_one_more_alarming_answer_never_lowers_the_level(made: dict[str, Any], name: str) -> None:
    before, after = judge(answered_now(made)), judge(answered_now(made, **{name: alarming_answer(name)}))
    assert RANK[after.level] <= RANK[before.level]


@quick
@given(documents(), st.sampled_from(sorted(name for name, field in SIGNS.items() if field.reassuring is not None)))
def test_a_reassuring_answer_never_raises_it(made: dict[str, Any], name: str) -> None:
    before, after = judge(answered_now(made)), judge(answered_now(made, **{name: SIGNS[name].reassuring}))
    assert RANK[after.level] >= RANK[before.level]


@quick
@given(documents(), st.randoms(use_true_random=False), st.integers(-12, 14))
def test_neither_order_nor_offset_matters(made: dict[str, Any], chance: Any, hours: int) -> None:  # Any: Random
    zone = timezone(timedelta(hours=hours))
    moved = [
        one | {"observed_at": datetime.fromisoformat(one["observed_at"]).astimezone(zone).isoformat()}
        for one in made["observations"]
    ]
    chance.shuffle(moved)
    assert judge(made | {"observations": moved}).to_json() == judge(made).to_json()


@quick
@given(documents())
def test_a_clock_two_days_ahead_hides_nothing(made: dict[str, Any]) -> None:
    ahead = [
        one
        | {
            "observed_at": (datetime.fromisoformat(one["observed_at"]) + timedelta(days=2)).isoformat(),
            "received_at": one["observed_at"],
        }
        for one in made["observations"]
    ]
    assert judge(made | {"observations": ahead}).level == judge(made).level


@quick
@given(documents(), st.floats(0, 1))
def test_nothing_changes_before_the_moment_of_asking_again(made: dict[str, Any], share: float) -> None:
    first = judge(made)
    end = first.reassess_at or AT + timedelta(days=800)
    assert end > AT
    for at in (AT + (end - AT) * share, end):
        later = judge(made, max(AT, at - timedelta(microseconds=1)))
        assert [one.rule.id for one in later.findings] == [one.rule.id for one in first.findings]
        assert later.unknown == first.unknown
        assert later.level == first.level


@quick
@given(documents())
def test_a_birth_date_left_blank_never_reads_as_a_child_or_a_grown_up_alone(made: dict[str, Any]) -> None:
    """Knowing nothing of the age fires no rule that some age would not fire."""
    blank = judge(made | {"person": made["person"] | {"birth_date": None}})
    ages = [
        judge(made | {"person": made["person"] | {"birth_date": born}})
        for born in ("2026-05-01", "2018", "2005", "1999", "1985", "1940")
    ]
    assert {one.rule.id for one in blank.findings} <= {one.rule.id for age in ages for one in age.findings}
