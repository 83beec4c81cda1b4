"""What was never asked is not read as little, and a "no" that a number contradicted is not heard again afterwards."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from tests.triage.histories import AT, check, fired, history, judged, unknowns
from tests.triage.ran_out import EVERY, Case
from triage.engine import Assessment
from triage.facts import Facts
from triage.facts.fact import Answer, Fact, Part, answer, same

MOMENT = timedelta(microseconds=1)
LATER = datetime(2026, 7, 1, tzinfo=AT.tzinfo)


def said_of(rule: str, assessment: Assessment) -> str | tuple[str, ...]:
    if rule in fired(assessment):
        return "fires"
    return unknowns(assessment).get(rule, "quiet")


@pytest.mark.parametrize("case", EVERY, ids=lambda case: f"{case.rule}: {case.says}")
def test_a_rule_says_what_is_known_by_then(case: Case) -> None:
    told = judged(*case.checks, at=AT + case.later, **case.fields)
    assert said_of(case.rule, told) == case.expect


@pytest.mark.parametrize("case", [one for one in EVERY if one.days_later == 0], ids=lambda case: case.says)
def test_it_changes_its_mind_at_the_moment_it_names_and_not_before(case: Case) -> None:
    """For two months, from one moment to the next."""
    at, end = AT, AT + timedelta(days=60)
    while at < end:
        now = judged(*case.checks, at=at, **case.fields)
        following = now.reassess_at or end
        before = judged(*case.checks, at=following - MOMENT, **case.fields)
        assert said_of(case.rule, before) == said_of(case.rule, now), following
        at = following


@pytest.mark.parametrize("op", [">=", ">", "<", "<=", "is"])
def test_the_least_it_may_be_answers_only_what_no_larger_number_would_answer_otherwise(op: str) -> None:
    parts = (Part("sign.ulcer", True),)
    least = Fact(10, parts, until=LATER, raised_by=("ulcer_days",))
    open_ = Answer(None, (), ("ulcer_days",), LATER)
    for number in (9, 10, 11):
        told = answer(same("sore.days", op, number), least)
        larger = {answer(same("sore.days", op, number), Fact(more)).truth for more in range(10, 20)}
        if op == "is" or len(larger) > 1:
            assert told == open_
        else:
            assert told == Answer(larger == {True}, parts if larger == {True} else (), (), LATER)


def test_the_least_it_may_be_says_what_would_raise_it_and_when_it_crosses_a_number() -> None:
    least = Facts(history(check(3, ulcer=True)), AT)["sore.days"]
    assert (least.value, least.raised_by, least.missing) == (3, ("ulcer_days",), ())
    midnight = AT.replace(hour=0)
    assert answer(same("sore.days", ">", 20), least).until == midnight + timedelta(days=18)
    assert answer(same("sore.days", ">=", 20), least).until == midnight + timedelta(days=17)
    exact = Facts(history(check(3, ulcer=True, ulcer_days=9)), AT)["sore.days"]
    assert (exact.value, exact.raised_by) == (12, ())
