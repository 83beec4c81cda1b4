"""What is kept of one history for others like it: never a word that is not true of them too."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.triage.histories import AT, check, history
from tracking.history import parse_history
from triage.facts import Facts
from triage.judge import Judgement, judge
from triage.rulebook import Rule, load_rulebook
from triage.rulebook_proof import EXAMPLE_AT, example_history
from triage.scene import sighting

BOOK = load_rulebook()


def worked_out(one: Judgement) -> tuple[object, ...]:
    return sorted(str(verdict) for verdict in one.decided), [planned.rule.id for planned in one.asleep]


@pytest.fixture(autouse=True)
def nothing_kept() -> None:
    sighting.cache_clear()


@pytest.mark.parametrize("rule", BOOK.rules, ids=lambda rule: rule.id)
def test_an_example_is_judged_alike_at_first_and_by_what_was_kept(rule: Rule) -> None:
    for example in rule.examples:
        facts = [
            Facts(parse_history(example_history(rule, example), at=EXAMPLE_AT, for_judging=True), EXAMPLE_AT)
            for _ in range(3)
        ]
        whole, _, kept = [worked_out(judge(BOOK, one)) for one in facts]
        assert kept == whole


def test_reasons_name_the_checks_of_the_history_that_is_judged() -> None:
    told = {"consistency": "hard", "mobility": "fixed", "trend": "same"}
    judged = [Facts(history(check(1, number=number, **told)), AT) for number in (1, 1, 2)]
    kept = [judge(BOOK, facts) for facts in judged][-1]
    named = {name for verdict in kept.decided for part in verdict.answer.parts for name in part.observations}
    assert named == {str(judged[-1].record.observations[0].id)}


def test_a_size_is_looked_at_each_time_also_among_answers_that_were_seen_before() -> None:
    small, large = history(check(1, length_mm=10)), history(check(1, length_mm=60))
    fired = [
        {verdict.rule.id for verdict in judge(BOOK, Facts(one, AT)).decided if verdict.answer.truth}
        for one in (small, small, small, large)
    ]
    assert "size-adult" not in fired[2]
    assert "size-adult" in fired[3]


def test_an_answer_whose_time_runs_out_is_looked_at_each_time() -> None:
    fever = history(check(0, fever=True, red=True, hot=True))
    days = [0, 0, 0, 30]
    fired = [
        {
            verdict.rule.id
            for verdict in judge(BOOK, Facts(fever, AT + timedelta(days=day))).decided
            if verdict.answer.truth
        }
        for day in days
    ]
    assert fired[2] == fired[0]
    assert fired[2] != fired[3]
